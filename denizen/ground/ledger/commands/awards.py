"""Awards, the hot path: what rules grant goes into the journal in one stroke, for one award or ten thousand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from denizen.ground.ledger.commands import journal, stock
from denizen.ground.ledger.constants import SLOTS, Code, Slot
from denizen.kit import db

AWARD, REPAY = Code.AWARD.value, Code.REPAY.value


class Award(NamedTuple):
    """What one rule grants one resident for one entry. Moments are microseconds (``kit.clock``).

    ``slot``: ``Slot.WALLET`` for points, else the class of contribution (``CLASS_SLOT``). ``budget`` is the account of
    the same asset it is paid from. Lot terms (``expires_at``, ``priority``, ``spendable_from``) count for points only.
    """

    resident: int
    slot: int
    amount: int
    budget: int
    purpose: int
    entry: int
    effect_no: int
    effective_at: int
    expires_at: int | None = None
    priority: int = 0
    spendable_from: int | None = None
    named: int | None = None


def award(*, awards: Sequence[Award], recorded_at: int, locked: bool = False, drawn_later: bool = False) -> list[int]:
    """Post ``awards`` and return their postings' ids in order. Points repay their owner's debt first.

    ``locked``: the caller holds the wallets of all residents concerned. ``drawn_later``: the caller draws on limited
    budgets himself, as the last thing of his transaction (``draw``). Raises ``journal.UnableToDraw`` when one has too
    little left. Once per (entry, purpose, effect number), by constraint. Row B-02.
    """
    db.required()
    if not awards:
        return []
    if not locked:
        journal.lock({award.resident for award in awards})
    ids = journal.posting_ids(len(awards))
    postings, lots, deltas, drawn = _rows(awards, ids, recorded_at)
    owed = stock.debts({award.resident for award in awards if award.slot == Slot.WALLET})
    uses: list[journal.NewUse] = []
    if owed:
        lots, repayments, uses = _repaid(lots, owed, recorded_at)
        postings += repayments
        for row in repayments:
            deltas[row.debit] -= row.amount
            deltas[row.credit] += row.amount
    journal.write(postings, lots, uses)
    journal.settle(deltas)
    if not drawn_later:
        journal.draw(drawn)
    return ids


def _rows(
    awards: Sequence[Award], ids: Sequence[int], recorded_at: int
) -> tuple[list[journal.NewPosting], list[journal.NewLot], defaultdict[int, int], defaultdict[int, int]]:
    """Rows in column order, plain tuples in the shape of NewPosting and NewLot: this loop runs for every award."""
    lot_ids = iter(journal.lot_ids(sum(1 for award in awards if award.slot == 0)))
    postings: list = []
    lots: list = []
    deltas: defaultdict[int, int] = defaultdict(int)
    drawn: defaultdict[int, int] = defaultdict(int)
    for posting, row in zip(ids, awards, strict=True):
        resident, slot, amount, budget, purpose, entry, effect_no, effective_at, expires_at, priority, from_, named = (
            row
        )
        account = resident * SLOTS + slot
        deltas[account] += amount
        drawn[budget] -= amount
        postings.append(
            (posting, budget, account, amount, AWARD, purpose, entry, effect_no, effective_at, recorded_at, None, named)
        )
        if slot == 0:
            lots.append((next(lot_ids), account, posting, amount, amount, 0, priority, effective_at, from_, expires_at))
    return postings, lots, deltas, drawn


def _repaid(
    lots: list[journal.NewLot], owed: dict[int, int], recorded_at: int
) -> tuple[list[journal.NewLot], list[journal.NewPosting], list[journal.NewUse]]:
    """The same lots after paying what their owners owe, with the repayments and their uses.

    A repayment takes effect when both the debt and the lot are there; a lot that had ended by then pays nothing.
    """
    since = stock.debts_since(owed)
    purpose = stock.repayment_purpose()
    kept: list[journal.NewLot] = []
    paid: list[tuple[journal.NewLot, int, int]] = []
    for lot in map(journal.NewLot._make, lots):
        resident = lot.account // SLOTS
        moment = max(since.get(resident, 0), lot.granted_at)
        part = min(owed.get(resident, 0), lot.remaining)
        if part and (lot.expires_at is None or moment < lot.expires_at):
            owed[resident] -= part
            paid.append((lot, part, moment))
            lot = lot._replace(remaining=lot.remaining - part)
        kept.append(lot)
    ids = journal.posting_ids(len(paid))
    repayments = [
        journal.NewPosting(
            id_, lot.account, lot.account + Slot.DEBT, part, REPAY, purpose, None, 0, moment, recorded_at
        )
        for id_, (lot, part, moment) in zip(ids, paid, strict=True)
    ]
    uses = [journal.NewUse(id_, 0, lot.id, part) for id_, (lot, part, _) in zip(ids, paid, strict=True)]
    return kept, repayments, uses
