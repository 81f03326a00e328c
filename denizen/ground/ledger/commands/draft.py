"""A draft of the journal: what one transaction is about to append, kept in memory until written in a few strokes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from denizen.ground.ledger.commands import journal
from denizen.ground.ledger.constants import POINTS_EXPIRED, RESIDENT_ACCOUNT_MIN, Code, debt, owner
from denizen.ground.ledger.rules import Portion
from denizen.kit import clock, db

NEW_LOT_MIN = 2**62
"""Lots of the draft carry ids from here on until they are written, so that they sort behind the older ones."""


@dataclass(frozen=True, slots=True)
class Why:
    """What a posting is for and when: ``purpose`` is a purpose's number, the moments are microseconds."""

    purpose: int
    effective_at: int
    recorded_at: int
    entry: int | None = None


@dataclass(slots=True)
class Draft:
    """Postings are named by their place in the draft (0, 1, ...) until ``write`` returns their ids."""

    postings: list[journal.NewPosting] = field(default_factory=list)
    uses: list[journal.NewUse] = field(default_factory=list)
    opened: list[Portion] = field(default_factory=list)
    touched: dict[int, tuple[Portion, int, int, int | None]] = field(default_factory=dict)
    balances: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    reserves: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    effects: dict[tuple[int, int], int] = field(default_factory=dict)
    orders: dict[int, int] = field(default_factory=dict)

    def post(
        self,
        code: Code,
        debit: int,
        credit: int,
        amount: int,
        why: Why,
        reverses: int | None = None,
    ) -> int:
        """Plan one posting. Effects of one entry for one purpose are numbered in the order they are planned."""
        effect_no = 0
        if why.entry is not None:
            effect_no = self.effects.get((why.entry, why.purpose), 0)
            self.effects[why.entry, why.purpose] = effect_no + 1
        place = len(self.postings)
        self.postings.append(
            journal.NewPosting(
                place, debit, credit, amount, code, why.purpose, why.entry, effect_no,
                why.effective_at, why.recorded_at, reverses,
            )
        )  # fmt: skip
        self.balances[debit] -= amount
        self.balances[credit] += amount
        return place

    def open_lot(
        self,
        posting: int,
        amount: int,
        *,
        expires_at: int | None,
        priority: int = 0,
        spendable_from: int | None = None,
    ) -> Portion:
        """Plan a lot for what ``posting`` brings into a wallet."""
        why = self.postings[posting]
        portion = Portion(
            NEW_LOT_MIN + len(self.opened), why.credit, posting, amount, amount, 0, priority, why.effective_at,
            spendable_from, expires_at,
        )  # fmt: skip
        self.opened.append(portion)
        return portion

    def take(self, posting: int, portion: Portion, amount: int) -> None:
        """``posting`` consumes ``amount`` of the lot; a negative amount is given back."""
        self._touch(portion)
        portion.remaining -= amount
        self._use(posting, portion, amount)

    def take_expired(self, posting: int, portion: Portion, amount: int) -> None:
        """``posting`` (out of *expired*) claims what the sweep took: back to the lot and on, in one step.

        Two uses with opposite signs tell the story; what remains of the lot does not change.
        """
        if self.postings[posting].debit != POINTS_EXPIRED:
            raise ValueError("only a posting out of expired points claims expired points")
        portion.claim(amount)
        self._use(posting, portion, -amount)
        self._use(posting, portion, amount)

    def reserve(self, portion: Portion, amount: int) -> None:
        """A hold claims ``amount`` of the lot; a negative amount is released."""
        self._touch(portion)
        portion.reserved += amount
        self.reserves[portion.account] += amount

    def prolong(self, portion: Portion, expires_at: int) -> None:
        """Move the lot's end to ``expires_at``, if that is later."""
        if portion.expires_at is not None and portion.expires_at < expires_at:
            self._touch(portion)
            portion.expires_at = expires_at

    def owed(self, resident: int, stored: Mapping[int, int]) -> int:
        """Debt of ``resident`` after this draft, when ``stored`` holds the debts before it (points, by resident)."""
        return stored.get(resident, 0) - self.balances.get(debt(resident), 0)

    def residents(self) -> set[int]:
        """Everybody whose accounts this draft moves."""
        return {owner(account) for account in self.balances if account >= RESIDENT_ACCOUNT_MIN}

    def write(self) -> list[int]:
        """Append everything, settle the balances, and return the postings' ids in order."""
        db.required()
        postings = journal.posting_ids(len(self.postings))
        lots = journal.lot_ids(len(self.opened))
        journal.write(
            [row._replace(id=postings[row.id]) for row in self.postings],
            [_new_lot(portion, lots[i], postings) for i, portion in enumerate(self.opened)],
            [row._replace(posting=postings[row.posting], lot=_real(row.lot, lots)) for row in self.uses],
        )
        self._write_lots()
        journal.reserve({account: delta for account, delta in self.reserves.items() if delta < 0})
        journal.settle(self.balances)
        journal.reserve({account: delta for account, delta in self.reserves.items() if delta > 0})
        journal.draw({a: d for a, d in self.balances.items() if a < RESIDENT_ACCOUNT_MIN})
        return postings

    def _use(self, posting: int, portion: Portion, amount: int) -> None:
        order = self.orders.get(posting, 0)
        self.orders[posting] = order + 1
        self.uses.append(journal.NewUse(posting, order, portion.id, amount))

    def _touch(self, portion: Portion) -> None:
        if portion.id < NEW_LOT_MIN and portion.id not in self.touched:
            self.touched[portion.id] = (portion, portion.remaining, portion.reserved, portion.expires_at)

    def _write_lots(self) -> None:
        changes = [
            (
                lot,
                portion.remaining - remaining,
                portion.reserved - reserved,
                clock.from_micros(portion.expires_at) if portion.expires_at is not None else None,
            )
            for lot, (portion, remaining, reserved, expires_at) in sorted(self.touched.items())
            if (portion.remaining, portion.reserved, portion.expires_at) != (remaining, reserved, expires_at)
        ]
        if changes:
            db.execute(
                "UPDATE ledger_lot AS lot SET remaining = lot.remaining + t.moved, reserved = lot.reserved + t.claimed,"
                " expires_at = t.expires_at"
                " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[])"
                " AS t(id, moved, claimed, expires_at) WHERE lot.id = t.id",
                [list(column) for column in zip(*changes, strict=True)],
            )


def _real(lot: int, lots: list[int]) -> int:
    return lots[lot - NEW_LOT_MIN] if lot >= NEW_LOT_MIN else lot


def _new_lot(portion: Portion, lot: int, postings: list[int]) -> journal.NewLot:
    return journal.NewLot(
        lot, portion.account, postings[portion.posting], portion.amount, portion.remaining, portion.reserved,
        portion.priority, portion.granted_at, portion.spendable_from, portion.expires_at,
    )  # fmt: skip
