"""Quarantine: what entries under review brought is kept apart, then released or walked back. The journal stays true.

Points that are still there are reserved in exactly their lots, one hold for each lot, so that nobody spends them
meanwhile; what was spent, given away or has expired is only told. Contribution has no lots: its postings are marked,
and what is marked does not count towards standing. Nothing is posted until a person has decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from denizen.ground.ledger.commands import holds, journal, stock
from denizen.ground.ledger.commands.apart import State, let_go_of_review
from denizen.ground.ledger.commands.reversal import Undo, reverse_postings
from denizen.ground.ledger.constants import (
    GRACE_DAYS,
    PURPOSE_QUARANTINE,
    RESIDENT_ACCOUNT_MIN,
    SLOTS,
    Code,
    Slot,
    owner,
)
from denizen.kit import db
from denizen.kit.clock import to_micros


class Brought(NamedTuple):
    """What one posting of an entry under review brought a resident.

    ``apart``: of ``amount``, what is kept apart now. The rest was spent, given away, expired or walked back before.
    """

    posting: int
    entry: int
    resident: int
    slot: Slot
    amount: int
    apart: int


def set_apart(*, entries: Collection[int], residents: Collection[int], key: str, moment: datetime) -> list[Brought]:
    """Keep apart what ``entries`` brought ``residents`` by awards and gifts; in order of the postings.

    ``key`` names the review for ever: the same again, or with more entries, adds only what is not kept apart yet.
    Locks the wallets of ``residents``. Needs an open transaction. Row: effects pending instead of bans (engine, 6).
    """
    db.required()
    journal.lock(residents)
    found = _brought(entries, residents)
    lots = _claim_lots([row for row in found if row[3] == Slot.WALLET], key, moment)
    marked = _mark_contribution([row for row in found if row[3] != Slot.WALLET], key, moment)
    return [Brought(*row[:5], apart=lots.get(row[0], 0) + marked.get(row[0], 0)) for row in found]


def brought(*, entries: Collection[int], residents: Collection[int]) -> list[int]:
    """The postings of awards and gifts by which ``entries`` brought ``residents`` something not walked back wholly."""
    found = _brought(entries, residents)
    undone = stock.undone_of(row[0] for row in found)
    return [row[0] for row in found if undone.get(row[0], 0) < row[4]]


def free_apart(*, key: str, moment: datetime, grace_days: int = GRACE_DAYS) -> None:
    """Let go everything that ``key`` keeps apart, as if nothing had been: points whose day passed live on for a grace.

    Needs an open transaction.
    """
    db.required()
    let_go_of_review(key=key, state=State.RELEASED, moment=moment, grace_days=grace_days)


def void_apart(*, key: str, entries: Collection[int], residents: Collection[int], moment: datetime) -> None:
    """Walk back wholly what ``entries`` brought ``residents``, also what was spent since: as any reversal does.

    What is walked back already is passed by. Locks the wallets of ``residents``. Needs an open transaction.
    """
    db.required()
    journal.lock(residents)
    let_go_of_review(key=key, state=State.VOIDED, moment=moment)
    found = _brought(entries, residents)
    undone = stock.undone_of(row[0] for row in found)
    at = to_micros(moment)
    undos = [Undo(row[0], row[1], at) for row in found if undone.get(row[0], 0) < row[4]]
    purpose = journal.purpose_ids([PURPOSE_QUARANTINE])[PURPOSE_QUARANTINE]
    reverse_postings(undos=undos, recorded_at=at, purpose=purpose)


def _brought(entries: Iterable[int], residents: Iterable[int]) -> list[tuple[int, int, int, Slot, int]]:
    """Awards and gifts of ``entries`` to ``residents``: posting, entry, resident, slot, amount."""
    rows = db.fetch(
        "SELECT id, entry_id, credit_id, amount FROM ledger_posting WHERE entry_id = ANY(%s) AND code = ANY(%s)"
        " AND credit_id >= %s ORDER BY id",
        (sorted(set(entries)), [Code.AWARD.value, Code.TRANSFER.value], RESIDENT_ACCOUNT_MIN),
    )
    named = set(residents)
    return [
        (posting, entry, owner(credit), Slot(credit % SLOTS), amount)
        for posting, entry, credit, amount in rows
        if owner(credit) in named
    ]


def _claim_lots(rows: Sequence[tuple[int, int, int, Slot, int]], key: str, moment: datetime) -> dict[int, int]:
    """Reserve what is free of the lots these postings opened; how much of each posting is reserved under ``key``."""
    postings = {row[0] for row in rows}
    claims = {
        f"{key}:{portion.id}": (resident, portion)
        for resident, free in stock.free_lots({row[2] for row in rows}, moment).items()
        for portion in free
        if portion.posting in postings
    }
    known = {name for (name,) in db.fetch("SELECT key FROM ledger_hold WHERE key = ANY(%s::text[])", (list(claims),))}
    holds.place_on_lots(
        claims=[
            (holds.Claim(resident, portion.free, PURPOSE_QUARANTINE, name), portion)
            for name, (resident, portion) in claims.items()
            if name not in known
        ],
        moment=moment,
    )
    reserved = db.fetch(
        "SELECT lot.posting_id, sum(hold.amount)::bigint FROM ledger_hold AS hold"
        " JOIN ledger_holdlot AS part ON part.hold_id = hold.id JOIN ledger_lot AS lot ON lot.id = part.lot_id"
        " WHERE lot.posting_id = ANY(%s) AND hold.state = 'pending' AND hold.key LIKE %s GROUP BY 1",
        (sorted(postings), f"{key}:%"),
    )
    return dict(reserved)


def _mark_contribution(rows: Sequence[tuple[int, int, int, Slot, int]], key: str, moment: datetime) -> dict[int, int]:
    """Mark awards of contribution that are not marked yet; what is marked of each under ``key``."""
    undone = stock.undone_of(row[0] for row in rows)
    fresh = [row for row in rows if row[4] > undone.get(row[0], 0)]
    marked = db.fetch(
        "INSERT INTO ledger_contributionhold (posting_id, account_id, amount, key, state, placed_at)"
        " SELECT t.posting, t.account, t.amount, %s, 'pending', %s"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS t(posting, account, amount) ORDER BY t.posting"
        " ON CONFLICT DO NOTHING RETURNING account_id, amount",
        (
            key,
            moment,
            [row[0] for row in fresh],
            [row[2] * SLOTS + row[3] for row in fresh],
            [row[4] - undone.get(row[0], 0) for row in fresh],
        ),
    )
    claimed: dict[int, int] = {}
    for account, amount in marked:
        claimed[account] = claimed.get(account, 0) + amount
    journal.reserve(claimed)
    held = db.fetch(
        "SELECT posting_id, amount FROM ledger_contributionhold WHERE posting_id = ANY(%s) AND key = %s"
        " AND state = 'pending'",
        ([row[0] for row in rows], key),
    )
    return dict(held)
