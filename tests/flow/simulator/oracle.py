"""What the city should be, recomputed in plain Python from what happened. Imports nothing of the city.

Moments are integers: microseconds since 2000-01-01 UTC. Wherever the engine had a choice, the oracle follows the words
of the rooms' docstrings, one happening after another; it knows no batches, no SQL and no transactions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .book import CapRow, RuleRow
from .oracle_books import Ledger

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
UNDOES = {
    "check_in_withdrawn": "checked_in", "repost_deleted": "reposted", "purchase_refunded": "purchase_made",
    "attendance_withdrawn": "activity_attended", "message_withdrawn": "message_sent",
    "delivery_cancelled": "vehicle_delivered", "like_taken_back": "liked",
    "invitation_withdrawn": "invitation_accepted", "order_cancelled": "order_placed",
}  # fmt: skip


@dataclass(eq=False)
class Happening:
    """One reported behaviour. ``number`` is its place in the order of arrival."""

    kind: str
    who: int
    at: int
    source: str
    key: str
    details: dict[str, Any]
    number: int = -1


@dataclass
class Paid:
    """A line that paid: the rule's row, to whom, how much, and what it used of which counter."""

    row: RuleRow
    to: int
    amount: int
    used: dict[tuple[str, int, int, str], int]


class People:
    """Grades and inviters, from the facts known so far."""

    def __init__(self) -> None:
        self.facts: dict[int, list[Happening]] = defaultdict(list)
        self.undone: dict[int, int] = {}
        self.inviters: dict[int, tuple[int, int, int]] = {}

    def grade(self, who: int, at: int) -> str:
        cars: dict[str, bool] = {}
        former = False
        for fact in sorted(self.facts[who], key=lambda fact: fact.at):
            if fact.at > at or self.undone.get(fact.number, at + 1) <= at:
                continue
            if fact.kind == "vehicle_delivered":
                cars[fact.details["vehicle"]] = fact.details["founder_edition"]
            elif fact.kind == "vehicle_resold":
                former |= cars.pop(fact.details["vehicle"], None) is not None
        if cars:
            return "founder_owner" if any(cars.values()) else "owner"
        return "former_owner" if former else "fan"

    def first_order(self, who: int) -> int | None:
        return min(
            (fact.at for fact in self.facts[who] if fact.kind in ("order_placed", "vehicle_delivered")
             and fact.number not in self.undone), default=None,
        )  # fmt: skip

    def inviter(self, who: int, at: int) -> int | None:
        bound = self.inviters.get(who)
        return bound[0] if bound and bound[1] <= at else None

    def invited(self, who: int, at: int) -> bool:
        first = self.first_order(who)
        return self.inviter(who, at) is not None and (first is None or self.inviters[who][1] < first)

    def learn(self, fact: Happening) -> None:
        if fact.kind in ("vehicle_delivered", "vehicle_resold", "order_placed", "invitation_accepted"):
            self.facts[fact.who].append(fact)
        if fact.kind == "invitation_accepted" and fact.who not in self.inviters:
            first = self.first_order(fact.who)
            if fact.details["inviter"] != fact.who and (first is None or fact.at < first):
                self.inviters[fact.who] = (fact.details["inviter"], fact.at, fact.number)

    def unlearn(self, original: Happening, at: int) -> None:
        self.undone[original.number] = at
        if self.inviters.get(original.who, (0, 0, -1))[2] == original.number:
            del self.inviters[original.who]


class City:
    """Happenings in, balances out."""

    def __init__(self, spans: list[tuple[int, tuple[RuleRow, ...]]], time_zone: str, lateness: dict[str, int | None]):
        self.spans = spans
        self.zone = ZoneInfo(time_zone)
        self.lateness = lateness
        self.watermark: dict[str, int] = {}
        self.entries: list[Happening] = []
        self.by_key: dict[tuple[str, str], Happening] = {}
        self.state: dict[int, str] = {}
        self.outcomes: dict[int, tuple[str, list[Paid]]] = {}
        self.undone: set[int] = set()
        self.used: dict[tuple[str, int, int, str], int] = defaultdict(int)
        self.ledger = Ledger()
        self.people = People()

    def report(self, happening: Happening, state: str = "ready") -> str:
        """``accepted``, ``late``, ``exists`` or ``conflict``."""
        known = self.by_key.get((happening.source, happening.key))
        if known is not None:
            same = (known.kind, known.who, known.at, known.details) == (
                happening.kind, happening.who, happening.at, happening.details,
            )  # fmt: skip
            return "exists" if same else "conflict"
        happening.number = len(self.entries)
        self.entries.append(happening)
        self.by_key[happening.source, happening.key] = happening
        seen, allowed = self.watermark.get(happening.source), self.lateness[happening.source]
        late = allowed is not None and seen is not None and happening.at < seen - allowed
        self.watermark[happening.source] = max(seen or 0, happening.at)
        self.state[happening.number] = "review" if late else state
        return "late" if late else "accepted"

    def ready(self) -> list[int]:
        return sorted(number for number, state in self.state.items() if state == "ready")

    def decide(self, numbers: list[int], now: int) -> None:
        """Decide entries in this order; a reversal that waited for one of them follows right behind it."""
        for number in numbers:
            entry = self.entries[number]
            del self.state[number]
            if entry.kind in UNDOES:
                self._undo(entry, now)
            else:
                self._judge(entry)
            if number in self.outcomes:
                self.decide(self._waiting_for(entry), now)

    def _waiting_for(self, original: Happening) -> list[int]:
        key = (original.source, original.key)
        waiting = [self.entries[number] for number, state in sorted(self.state.items()) if state == "waiting"]
        return [each.number for each in waiting if (each.source, each.details["original"]) == key]

    def dismiss(self, number: int) -> None:
        del self.state[number]
        self.outcomes[number] = ("dismissed", [])
        self.state |= dict.fromkeys(self._waiting_for(self.entries[number]), "ready")

    def _undo(self, entry: Happening, now: int) -> None:
        original = self.by_key.get((entry.source, entry.details["original"]))
        if original is None or original.number not in self.outcomes:
            self.state[entry.number] = "waiting"
            return
        mismatch = UNDOES[entry.kind] != original.kind or entry.who != original.who
        if mismatch or original.number in self.undone:
            self.outcomes[entry.number] = ("nothing", [])
            return
        self.undone.add(original.number)
        self.people.unlearn(original, entry.at)
        for paid in self.outcomes[original.number][1]:
            if paid.row.reversal == entry.kind:
                self.ledger.reverse(original.number, paid.row.code, entry.at, now)
                for key, amount in paid.used.items():
                    self.used[key] -= amount
        self.outcomes[entry.number] = ("reversed", [])

    def _judge(self, entry: Happening) -> None:
        self.people.learn(entry)
        rules = next((rules for start, rules in reversed(self.spans) if start <= entry.at), None)
        if rules is None:
            self.outcomes[entry.number] = ("no_book", [])
            return
        known = {who: self._attributes(who, entry.at) for who in self._concerned(entry)}
        lines = [self._line(row, entry, known) for row in rules if row.kind == entry.kind]
        paid = [line for _, line in lines if line is not None]
        for line in paid:
            self.ledger.award(line.to, line.row, line.amount, entry.number, entry.at)
        capped = any(capped for capped, _ in lines)
        self.outcomes[entry.number] = ("capped" if capped else "paid" if paid else "nothing", paid)

    def _concerned(self, entry: Happening) -> set[int]:
        inviter = self.people.inviter(entry.who, entry.at)
        return {who for who in (entry.who, inviter, entry.details.get("author")) if who is not None}

    def _attributes(self, who: int, at: int) -> dict[str, Any]:
        contribution = sum(amount for moment, _, amount in self.ledger.contribution[who] if moment <= at)
        return {
            "grade": self.people.grade(who, at), "contribution": contribution, "invited": self.people.invited(who, at)
        }  # fmt: skip

    def _line(self, row: RuleRow, entry: Happening, known: dict[int, dict[str, Any]]) -> tuple[bool, Paid | None]:
        """Whether a cap or the budget bit, and what was paid."""
        if row.valid_to and entry.at >= micros(datetime.fromisoformat(row.valid_to)):
            return False, None
        roles = {"resident": entry.who, "inviter": self.people.inviter(entry.who, entry.at),
                 "author": entry.details.get("author")}  # fmt: skip
        to = roles[row.beneficiary]
        if to is None or not holds(row.when, known[entry.who]):
            return False, None
        asked = amount_of(row.amount, entry.details)
        if asked <= 0:
            return False, None
        amount, capped, counters = asked, False, []
        for cap in (*row.caps, *row.shared):
            if cap.fans_only and known[to]["grade"] != "fan":
                continue
            key = (cap.code, to, self.window(cap, entry.at), entry.details[cap.by] if cap.by else "")
            left = cap.limit - self.used[key]
            if left < (1 if cap.unit == "times" else amount):
                amount, capped = left, True
            if amount <= 0:
                return True, None
            counters.append((key, cap.unit))
        if row.budget == "campaign" and self.ledger.campaign < amount:
            return True, None
        used = {key: 1 if unit == "times" else amount for key, unit in counters}
        for key, more in used.items():
            self.used[key] += more
        return capped, Paid(row, to, amount, used)

    def window(self, cap: CapRow, at: int) -> int:
        """Days since 2000-01-01 of the window's first local day."""
        day = (EPOCH + timedelta(microseconds=at)).astimezone(self.zone).date()
        first = {
            "day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1),
            "year": day.replace(month=1, day=1), "lifetime": EPOCH.date(),
        }[cap.per]  # fmt: skip
        return (first - EPOCH.date()).days


def holds(condition: str, resident: dict[str, Any]) -> bool:
    if condition.startswith("resident.contribution >= "):
        return int(resident["contribution"]) >= int(condition.rpartition(" ")[2])
    return {
        "true": True,
        "resident.invited": bool(resident["invited"]),
        'resident.grade != "fan"': resident["grade"] != "fan",
        'resident.grade in ["owner", "founder_owner"]': resident["grade"] in ("owner", "founder_owner"),
    }[condition]


def amount_of(amount: str, details: dict[str, Any]) -> int:
    if amount.startswith("entry.amount / "):
        return int(details["amount"]) // int(amount.rpartition(" ")[2])
    return int(amount)


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
