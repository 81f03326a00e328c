"""Walking back recorded postings, many at once. What was recorded is followed; nothing is computed anew from rules.

*Points that came in* are taken from their own lot first; what of it expired comes out of *expired*; what was spent,
given away or is reserved by a hold is taken from the person's other lots in consumption order; the rest stands as
debt. *Contribution* goes back exactly. *Spends* come back along their uses, *gifts* both ways at once.

Late reversals look at the moment they happened: other lots count if they were there and alive then, even if the sweep
has taken them since, so balances as of any moment do not depend on when the sweep or the reversal came by. Lots granted
later repay the debt from their own moment on. Debt so repaid in expired points stays debt: only living lots repay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from denizen.ground.ledger.commands import journal, stock
from denizen.ground.ledger.commands.apart import let_go_of_postings
from denizen.ground.ledger.commands.draft import Draft, Why
from denizen.ground.ledger.commands.expiry import expire_locked
from denizen.ground.ledger.constants import (
    GRACE_DAYS,
    POINTS_EXPIRED,
    RESIDENT_ACCOUNT_MIN,
    SLOTS,
    Code,
    Slot,
    debt,
    owner,
)
from denizen.ground.ledger.rules import Portion, consumption_order, walk_back
from denizen.kit import db
from denizen.kit.clock import from_micros

NEVER_REVERSED = {Code.EXPIRE, Code.REVERSE, Code.CLAW_BACK, Code.REPAY, Code.REFUND}


class UnableToReverse(ValueError):
    """The posting does not exist, cannot be walked back, or less of it is left than asked."""


class Undo(NamedTuple):
    """One posting to walk back, wholly or in part, because of ``entry``, which happened at ``effective_at``."""

    posting: int
    entry: int
    effective_at: int
    amount: int | None = None


class Undone(NamedTuple):
    """Where the amount came from: the person's lots (or standing, or the other side), expired points, new debt."""

    posting: int
    taken: int
    expired: int
    owed: int


@dataclass(frozen=True, slots=True)
class Original:
    id: int
    debit: int
    credit: int
    amount: int
    code: int
    purpose: int


@dataclass(slots=True)
class Scene:
    """Everything a batch of reversals looks at, read once after the wallets are locked."""

    draft: Draft
    lots: dict[int, Portion]
    shelves: dict[int, list[Portion]]
    uses: dict[int, list[tuple[int, int]]]
    undone: dict[int, int]
    since: dict[int, int]
    grace_days: int
    recorded_at: int


def reverse_postings(
    *,
    undos: Sequence[Undo],
    recorded_at: int,
    purpose: int | None = None,
    grace_days: int = GRACE_DAYS,
    locked: bool = False,
) -> list[Undone]:
    """Walk back ``undos`` in their order, each at its own moment, all or nothing. Returns one ``Undone`` for each.

    ``purpose`` is the number of the reversing postings' purpose, each original's own by default. The reversing
    postings of one original sum to exactly what was asked, never to more than the original. ``locked``: the caller
    holds the wallets of everybody concerned. Raises ``UnableToReverse``. Rows B-01, B-02.
    """
    db.required()
    if not undos:
        return []
    originals = _originals({undo.posting for undo in undos})
    residents = _residents(originals.values())
    if not locked:
        journal.lock(residents)
    let_go_of_postings(postings=originals, moment=from_micros(recorded_at))  # What is undone waits for no review.
    givers = {owner(row.debit) for row in originals.values() if row.debit >= RESIDENT_ACCOUNT_MIN}
    expire_locked(residents=givers, moment=from_micros(recorded_at))
    scene = _scene(undos, originals, residents, recorded_at, grace_days)
    scene.draft.effects = _effects({undo.entry for undo in undos})
    results = [_reverse(scene, originals[undo.posting], undo, purpose) for undo in undos]
    _repay(scene, residents)
    scene.draft.write()
    return results


def reverse_awards(
    *, wanted: Sequence[tuple[int, str, int, int]], recorded_at: int, locked: bool = False
) -> list[tuple[int, int]]:
    """Walk back what entries were awarded: (original entry, purpose, undoing entry, effective_at in microseconds) each.

    What is already walked back in part is walked back to the end; what is walked back wholly (by staff, say) is passed
    by. Returns (resident, effective_at) for every change of contribution.
    """
    db.required()
    rows = db.fetch(
        "SELECT posting.id, posting.amount, posting.credit_id, t.undoing, t.effective_at"
        " FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[]) WITH ORDINALITY"
        "   AS t(entry, purpose, undoing, effective_at, place)"
        " JOIN ledger_purpose AS purpose ON purpose.code = t.purpose"
        " JOIN ledger_posting AS posting ON posting.entry_id = t.entry AND posting.purpose_id = purpose.id"
        " WHERE posting.code = %s ORDER BY t.place, posting.id",
        (*([list(column) for column in zip(*wanted, strict=True)] or [[], [], [], []]), Code.AWARD.value),
    )
    if not locked:
        journal.lock({owner(account) for _, _, account, _, _ in rows})
    undone = stock.undone_of(posting for posting, *_ in rows)
    left = [row for row in rows if undone.get(row[0], 0) < row[1]]
    undos = [Undo(posting, undoing, effective_at) for posting, _, _, undoing, effective_at in left]
    reverse_postings(undos=undos, recorded_at=recorded_at, locked=True)
    return [(owner(account), effective_at) for _, _, account, _, effective_at in left if not _is_wallet(account)]


def _originals(ids: set[int]) -> dict[int, Original]:
    rows = db.fetch(
        "SELECT id, debit_id, credit_id, amount, code, purpose_id FROM ledger_posting WHERE id = ANY(%s)", (list(ids),)
    )
    found = {row[0]: Original(*row) for row in rows}
    for id_ in sorted(ids):
        if id_ not in found:
            raise UnableToReverse(f"there is no posting {id_}")
        row = found[id_]
        if row.code in NEVER_REVERSED or (row.code == Code.CORRECTION and _is_debt(row.debit)):
            raise UnableToReverse(f"posting {id_} ({Code(row.code).name.lower()}) cannot be walked back")
    return found


def _residents(originals: Iterable[Original]) -> set[int]:
    return {
        owner(account) for row in originals for account in (row.debit, row.credit) if account >= RESIDENT_ACCOUNT_MIN
    }


def _scene(
    undos: Sequence[Undo],
    originals: dict[int, Original],
    residents: set[int],
    recorded_at: int,
    grace_days: int,
) -> Scene:
    uses = stock.uses_of(row.id for row in originals.values() if _is_wallet(row.debit))
    lots = stock.lots_to_walk(
        residents=residents,
        postings=originals,
        lots={lot for steps in uses.values() for lot, _ in steps},
        since=from_micros(min(undo.effective_at for undo in undos)),
    )
    shelves: dict[int, list[Portion]] = defaultdict(list)
    for portion in sorted(lots.values(), key=consumption_order):
        shelves[owner(portion.account)].append(portion)
    undone = defaultdict(int, stock.undone_of(originals))
    return Scene(Draft(), lots, shelves, uses, undone, {}, grace_days, recorded_at)


def _effects(entries: set[int]) -> dict[tuple[int, int], int]:
    """Where the numbering of effects goes on for entries that already have some, by (entry, purpose)."""
    rows = db.fetch(
        "SELECT entry_id, purpose_id, max(effect_no) + 1 FROM ledger_posting WHERE entry_id = ANY(%s)"
        " GROUP BY entry_id, purpose_id",
        (sorted(entries),),
    )
    return {(entry, purpose): number for entry, purpose, number in rows}


def _reverse(scene: Scene, original: Original, undo: Undo, purpose: int | None) -> Undone:
    left = original.amount - scene.undone[original.id]
    wanted = left if undo.amount is None else undo.amount
    if not 0 < wanted <= left:
        raise UnableToReverse(f"{left} of posting {original.id} are left to walk back, {wanted} are asked for")
    why = Why(original.purpose if purpose is None else purpose, undo.effective_at, scene.recorded_at, undo.entry)
    if _is_wallet(original.credit):
        return _claw(scene, original, wanted, why)
    code = Code.REFUND if _is_wallet(original.debit) else Code.REVERSE
    _move_back(scene, original, code, original.credit, wanted, why)
    return Undone(original.id, wanted, 0, 0)


def _claw(scene: Scene, original: Original, wanted: int, why: Why) -> Undone:
    """Take ``wanted`` points of an original credit back from a person's wallet."""
    resident = owner(original.credit)
    shelf = scene.shelves.get(resident, [])
    own = [portion for portion in shelf if portion.posting == original.id]
    others = [
        portion
        for portion in shelf
        if portion.posting != original.id and portion.granted_at <= why.effective_at and portion.alive(why.effective_at)
    ]
    taken, claimed = _sources(own, others, wanted, why.effective_at)
    from_wallet = sum(part for _, part in taken)
    from_expired = sum(part for _, part in claimed)
    owed = wanted - from_wallet - from_expired
    if from_wallet:
        place = _move_back(scene, original, Code.REVERSE, original.credit, from_wallet, why)
        for portion, part in taken:
            scene.draft.take(place, portion, part)
    if from_expired:
        place = _move_back(scene, original, Code.REVERSE, POINTS_EXPIRED, from_expired, why)
        for portion, part in claimed:
            scene.draft.take_expired(place, portion, part)
    if owed:
        _move_back(scene, original, Code.CLAW_BACK, debt(resident), owed, why)
        scene.since[resident] = max(scene.since.get(resident, 0), why.effective_at)
    return Undone(original.id, from_wallet, from_expired, owed)


def _sources(
    own: Iterable[Portion], others: Iterable[Portion], wanted: int, moment: int
) -> tuple[list[tuple[Portion, int]], list[tuple[Portion, int]]]:
    """What to take from lots, and what to claim of their expired points: own lots first, then the others in order.

    Of the others only what expired after ``moment``: what was gone by then was not there to be taken.
    """
    taken: list[tuple[Portion, int]] = []
    claimed: list[tuple[Portion, int]] = []
    for portion, since in (*((each, None) for each in own), *((each, moment) for each in others)):
        part = min(portion.free, wanted)
        if part > 0:
            taken.append((portion, part))
            wanted -= part
        part = min(portion.expired_after(since), wanted)
        if part > 0:
            claimed.append((portion, part))
            wanted -= part
    return taken, claimed


def _move_back(scene: Scene, original: Original, code: Code, source: int, amount: int, why: Why) -> int:
    """Post ``amount`` from ``source`` to where the original came from; a giver's lots get it back, last used first."""
    place = scene.draft.post(code, source, original.debit, amount, why, reverses=original.id)
    if _is_wallet(original.debit):
        steps = walk_back(scene.uses[original.id], scene.undone[original.id], amount)
        stock.give_back(scene.draft, place, steps, scene.lots, scene.recorded_at, scene.grace_days)
    scene.undone[original.id] += amount
    return place


def _repay(scene: Scene, residents: set[int]) -> None:
    """What is free now repays what is owed now, each from the moment both are there."""
    stored = stock.debts(residents)
    owing = {resident for resident in residents if scene.draft.owed(resident, stored) > 0}
    if not owing:
        return
    since = {**stock.debts_since(owing & stored.keys()), **scene.since}
    free = {
        resident: [portion for portion in scene.shelves.get(resident, []) if portion.alive(scene.recorded_at)]
        for resident in owing
    }
    stock.repay(scene.draft, stored, free, scene.recorded_at, since)


def _is_wallet(account: int) -> bool:
    return account >= RESIDENT_ACCOUNT_MIN and account % SLOTS == Slot.WALLET


def _is_debt(account: int) -> bool:
    return account >= RESIDENT_ACCOUNT_MIN and account % SLOTS == Slot.DEBT
