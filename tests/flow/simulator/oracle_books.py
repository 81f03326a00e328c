"""The oracle's books in plain Python: lots, debt, holds, spends, contribution. Imports nothing of the city.

Moments are integers: microseconds since 2000-01-01 UTC. What to take first and what becomes debt follows the words of
the ledger's docstrings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .book import CAMPAIGN, RuleRow

DAY = 86_400 * 1_000_000
GRACE = 30 * DAY


@dataclass(eq=False)
class Lot:
    number: int
    owner: int
    origin: tuple[int, str] | None
    amount: int
    left: int
    priority: int
    granted: int
    spendable_from: int | None
    ends: int | None
    reserved: int = 0
    expiries: list[list[int]] = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.left - self.reserved

    def order(self) -> tuple[int, bool, int, int]:
        return (self.priority, self.ends is None, self.ends or 0, self.number)

    def alive(self, at: int) -> bool:
        return self.ends is None or at < self.ends

    def spendable(self, at: int) -> bool:
        return self.alive(at) and (self.spendable_from is None or self.spendable_from <= at)


@dataclass
class Spend:
    who: int
    amount: int
    uses: list[tuple[Lot, int]]
    undone: int = 0


@dataclass
class Hold:
    who: int
    amount: int
    lapses: int | None
    parts: list[tuple[Lot, int]]
    state: str = "pending"


class Ledger:
    """Points as lots, debt as one number, contribution as dated changes by (resident, slot)."""

    def __init__(self) -> None:
        self.lots: dict[int, list[Lot]] = defaultdict(list)
        self.debt: dict[int, int] = defaultdict(int)
        self.indebted_at: dict[int, int] = defaultdict(int)
        self.contribution: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self.awards: dict[tuple[int, str], tuple[int, int, int, str]] = {}
        self.campaign = CAMPAIGN
        self.spends: list[Spend] = []
        self.holds: list[Hold] = []
        self._numbers = 0

    def sorted(self, who: int) -> list[Lot]:
        return sorted(self.lots[who], key=Lot.order)

    def open(self, who: int, origin: tuple[int, str] | None, amount: int, terms: tuple[int, int, Any, Any]) -> Lot:
        self._numbers += 1
        lot = Lot(self._numbers, who, origin, amount, amount, *terms)
        self.lots[who].append(lot)
        return lot

    def award(self, who: int, row: RuleRow, amount: int, entry: int, at: int) -> None:
        self.awards[entry, row.code] = (who, row.slot, amount, row.budget)
        if row.slot:
            self.contribution[who].append((at, row.slot, amount))
            return
        if row.budget == "campaign":
            self.campaign -= amount
        ends = at + row.lot_days * DAY if row.lot_days else None
        held = at + row.hold_days * DAY if row.hold_days else None
        lot = self.open(who, (entry, row.code), amount, (row.priority, at, held, ends))
        if lot.alive(max(self.indebted_at[who], at)):
            self.pay_debt(who, [lot])

    def pay_debt(self, who: int, lots: list[Lot]) -> None:
        for lot in sorted(lots, key=Lot.order):
            part = min(lot.free, self.debt[who])
            if part > 0:
                lot.left -= part
                self.debt[who] -= part

    def reverse(self, entry: int, rule: str, at: int, now: int) -> None:
        """Take back one award: own lot, what of it expired, other lots as they were then, debt."""
        who, slot, amount, budget = self.awards[entry, rule]
        if slot:
            self.contribution[who].append((at, slot, -amount))
            return
        if budget == "campaign":
            self.campaign += amount
        lots = self.sorted(who)
        own = [lot for lot in lots if lot.origin == (entry, rule)]
        for lot in own:
            amount -= take(lot, amount)
            amount -= claim(lot, amount, 0)
        for lot in lots:
            if lot not in own and lot.granted <= at and lot.alive(at):
                amount -= take(lot, amount)
                amount -= claim(lot, amount, at)
        if amount:
            self.debt[who] += amount
            self.indebted_at[who] = max(self.indebted_at[who], at)
        self.pay_debt(who, [lot for lot in lots if lot.alive(now)])

    def available(self, who: int, at: int) -> int:
        return sum(lot.free for lot in self.lots[who] if lot.spendable(at))

    def choose(self, who: int, amount: int, at: int) -> list[tuple[Lot, int]]:
        chosen = []
        for lot in self.sorted(who):
            part = min(lot.free, amount) if lot.spendable(at) else 0
            if part > 0:
                chosen.append((lot, part))
                amount -= part
        assert amount == 0, "the workload asks first"
        return chosen

    def spend(self, who: int, amount: int, at: int) -> None:
        self.spends.append(Spend(who, amount, spent(self.choose(who, amount, at))))

    def refund(self, number: int, amount: int, at: int) -> None:
        spend = self.spends[number]
        self.expire(at, [spend.who])
        skip, wanted, touched = spend.undone, amount, []
        for lot, used in reversed(spend.uses):
            passed = min(used, skip)
            skip -= passed
            part = min(used - passed, wanted)
            if part > 0:
                wanted -= part
                lot.left += part
                prolong(lot, at)
                touched.append(lot)
        spend.undone += amount
        self.pay_debt(spend.who, [lot for lot in touched if lot.alive(at)])

    def transfer(self, giver: int, taker: int, amount: int, at: int) -> None:
        self._arrive(taker, spent(self.choose(giver, amount, at)), at)

    def _arrive(self, taker: int, parts: list[tuple[Lot, int]], at: int) -> None:
        arrived = [
            self.open(taker, None, part, (lot.priority, at, lot.spendable_from, lot.ends)) for lot, part in parts
        ]
        for lot in arrived:
            prolong(lot, at)
        self.pay_debt(taker, arrived)

    def place(self, who: int, amount: int, lapses: int | None, at: int) -> None:
        parts = self.choose(who, amount, at)
        for lot, part in parts:
            lot.reserved += part
        self.holds.append(Hold(who, amount, lapses, parts))

    def resolve(self, number: int, amount: int, at: int, taker: int | None = None) -> None:
        """Spend the first ``amount`` reserved points (or give them to ``taker``); let go of the rest."""
        hold, wanted = self.holds[number], amount
        self.expire(at, [hold.who])
        kept, released = [], []
        for lot, part in hold.parts:
            used = min(part, wanted)
            wanted -= used
            lot.reserved -= part
            if used:
                lot.left -= used
                kept.append((lot, used))
            if part > used:
                prolong(lot, at)
                released.append(lot)
        hold.state = "posted" if amount else "voided"
        if amount and taker is None:
            self.spends.append(Spend(hold.who, amount, kept))
        elif taker is not None:
            self._arrive(taker, kept, at)
        self.pay_debt(hold.who, [lot for lot in released if lot.alive(at)])

    def lapse(self, at: int) -> None:
        for number, hold in enumerate(self.holds):
            if hold.state == "pending" and hold.lapses is not None and hold.lapses <= at:
                self.resolve(number, 0, at)

    def expire(self, at: int, people: list[int] | None = None) -> None:
        for who in self.lots if people is None else people:
            for lot in self.lots[who]:
                if lot.free > 0 and not lot.alive(at):
                    lot.expiries.append([lot.ends or 0, lot.free])
                    lot.left = lot.reserved


def spent(parts: list[tuple[Lot, int]]) -> list[tuple[Lot, int]]:
    for lot, part in parts:
        lot.left -= part
    return parts


def take(lot: Lot, wanted: int) -> int:
    part = max(0, min(lot.free, wanted))
    lot.left -= part
    return part


def claim(lot: Lot, wanted: int, after: int) -> int:
    """Points of a lot that expired after a moment, up to ``wanted``."""
    claimed = 0
    for expiry in reversed(lot.expiries):
        if expiry[0] > after:
            part = min(expiry[1], wanted - claimed)
            expiry[1] -= part
            claimed += part
    return claimed


def prolong(lot: Lot, at: int) -> None:
    if not lot.alive(at):
        lot.ends = at + GRACE
