"""Holds: a claim on a part of a wallet, resolved exactly once. All of it in bulk; one is a bulk of one.

Reserved points do not expire. What a hold lets go, or brings to a taker, whose day has passed lives some days of grace
and expires then; what it lets go repays debt first. A reversal never takes reserved points: it treats them as spent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from denizen.ground.ledger.commands import journal, spending, stock
from denizen.ground.ledger.commands.draft import Draft, Why
from denizen.ground.ledger.commands.expiry import expire_locked
from denizen.ground.ledger.commands.transfers import move
from denizen.ground.ledger.constants import GRACE_DAYS, POINTS_REDEEMED, Code, owner, wallet
from denizen.ground.ledger.models import Hold
from denizen.ground.ledger.rules import Portion
from denizen.kit import db
from denizen.kit.clock import to_micros

HOLDS_PER_SWEEP = 1_000


class UnableToHold(ValueError):
    """The key already names another hold: another resident, amount or purpose."""


class UnableToResolve(ValueError):
    """The hold does not exist, is resolved already, or holds less than is to be posted."""


class Claim(NamedTuple):
    """A hold to be placed. ``key`` names it for ever: the same claim again answers with the same hold."""

    resident: int
    amount: int
    purpose: str
    key: str
    lapses_at: datetime | None = None


class Settlement(NamedTuple):
    """A hold to be posted: ``amount`` of it (all by default), as a spend, or as a gift to ``taker``."""

    hold: int
    amount: int | None = None
    entry: int | None = None
    taker: int | None = None


@dataclass(slots=True)
class Pending:
    """A pending hold with what it reserves, in order."""

    id: int
    resident: int
    amount: int
    purpose: int
    lots: list[tuple[Portion, int]] = field(default_factory=list)


class Resolved(NamedTuple):
    """How a hold ended: ``amount`` is 0 for a voided one. ``place`` is the posting's place in the draft."""

    hold: int
    amount: int
    place: int | None


def place(
    *, resident: int, amount: int, purpose: str, key: str, moment: datetime, lapses_at: datetime | None = None
) -> int:
    """Reserve ``amount`` points; returns the hold's id, also on repetition with the same key.

    Raises ``spending.UnableToSpend`` and ``UnableToHold``. Row B-36.
    """
    return place_many(claims=[Claim(resident, amount, purpose, key, lapses_at)], moment=moment)[0]


def post(
    *,
    hold: int,
    moment: datetime,
    amount: int | None = None,
    entry: int | None = None,
    taker: int | None = None,
    grace_days: int = GRACE_DAYS,
) -> int:
    """Spend ``amount`` of the hold (all by default), release the rest; returns the posting's id.

    With ``taker`` the points go to that resident instead. Raises ``UnableToResolve``.
    """
    return post_many(settlements=[Settlement(hold, amount, entry, taker)], moment=moment, grace_days=grace_days)[0]


def void(*, hold: int, moment: datetime, grace_days: int = GRACE_DAYS) -> None:
    """Release the whole hold. Raises ``UnableToResolve``."""
    void_many(holds=[hold], moment=moment, grace_days=grace_days)


def place_many(*, claims: Sequence[Claim], moment: datetime) -> list[int]:
    """Place many holds, all or none; their ids in order."""
    if any(claim.amount <= 0 for claim in claims):
        raise ValueError("a hold claims at least 1 point")
    residents = sorted({claim.resident for claim in claims})
    portions = spending.consumable(residents=residents, moment=moment)
    purposes = journal.purpose_ids(claim.purpose for claim in claims)
    known = _known(claims, purposes)
    new = list({claim.key: claim for claim in claims if claim.key not in known}.values())
    if new:
        _check_twins(claims)
        known |= _insert([(claim, portions[claim.resident]) for claim in new], purposes, moment)
    return [known[claim.key] for claim in claims]


def place_on_lots(*, claims: Sequence[tuple[Claim, Portion]], moment: datetime) -> None:
    """Place holds each of which claims from one lot only, spendable yet or not. Keys are new, the wallets locked."""
    if claims:
        purposes = journal.purpose_ids(claim.purpose for claim, _ in claims)
        _insert([(claim, [portion]) for claim, portion in claims], purposes, moment)


def post_many(*, settlements: Sequence[Settlement], moment: datetime, grace_days: int = GRACE_DAYS) -> list[int]:
    """Post many holds, all or none; the postings' ids in order."""
    takers = {settlement.taker for settlement in settlements if settlement.taker is not None}
    pending = _pending([settlement.hold for settlement in settlements], moment, takers)
    draft = Draft()
    freed: dict[int, list[Portion]] = defaultdict(list)
    resolved = []
    for settlement in settlements:
        hold = pending[settlement.hold]
        amount = hold.amount if settlement.amount is None else settlement.amount
        if not 0 < amount <= hold.amount:
            raise UnableToResolve(f"hold {hold.id} claims {hold.amount}, {amount} are to be posted")
        posted, arrived = _post(draft, hold, settlement, amount, moment)
        for portion in arrived:
            stock.grant_grace(draft, portion, to_micros(moment), grace_days)
        resolved.append(Resolved(hold.id, amount, posted))
        freed[hold.resident] += _release(draft, hold, amount, moment, grace_days)
        if settlement.taker is not None:
            freed[settlement.taker] += arrived
    stock.settle_debts(draft, freed, moment)
    ids = draft.write()
    _resolve(resolved, ids, moment)
    return [ids[row.place] for row in resolved if row.place is not None]


def void_many(*, holds: Sequence[int], moment: datetime, grace_days: int = GRACE_DAYS) -> None:
    """Release many holds, all or none."""
    pending = _pending(holds, moment, ())
    draft = Draft()
    freed: dict[int, list[Portion]] = defaultdict(list)
    for id_ in holds:
        freed[pending[id_].resident] += _release(draft, pending[id_], 0, moment, grace_days)
    stock.settle_debts(draft, freed, moment)
    draft.write()
    _resolve([Resolved(id_, 0, None) for id_ in holds], [], moment)


def lapse_due(*, moment: datetime, limit: int = HOLDS_PER_SWEEP, grace_days: int = GRACE_DAYS) -> int:
    """Void pending holds whose time is over by ``moment``; returns how many. Run it again until it finds none.

    Wallets somebody else is working on are left for the next sweep.
    """
    db.required()
    due = db.fetch(
        "SELECT hold.id FROM ledger_hold AS hold JOIN ledger_account AS account ON account.id = hold.account_id"
        " WHERE account.id IN (SELECT id FROM ledger_account WHERE id IN (SELECT account_id FROM ledger_hold"
        "   WHERE state = 'pending' AND lapses_at <= %(moment)s ORDER BY lapses_at LIMIT %(limit)s)"
        "   ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)"
        " AND hold.state = 'pending' AND hold.lapses_at <= %(moment)s ORDER BY hold.id FOR UPDATE OF hold",
        {"moment": moment, "limit": limit},
    )
    holds = [row[0] for row in due]
    if holds:
        void_many(holds=holds, moment=moment, grace_days=grace_days)
    return len(holds)


def _known(claims: Sequence[Claim], purposes: dict[str, int]) -> dict[str, int]:
    """Holds that exist under the claims' keys. Raises ``UnableToHold`` when one is another claim's."""
    wanted = {claim.key: (wallet(claim.resident), claim.amount, purposes[claim.purpose]) for claim in claims}
    found = {}
    for hold in Hold.objects.filter(key__in=wanted):
        if (hold.account_id, hold.amount, hold.purpose_id) != wanted[hold.key]:
            raise UnableToHold(f"the key {hold.key} names another hold")
        found[hold.key] = hold.pk
    return found


def _check_twins(claims: Sequence[Claim]) -> None:
    """One call may repeat a claim, but not give two claims one key."""
    first: dict[str, Claim] = {}
    for claim in claims:
        if first.setdefault(claim.key, claim) != claim:
            raise UnableToHold(f"the key {claim.key} names two claims")


def _insert(
    claimed: Sequence[tuple[Claim, list[Portion]]], purposes: dict[str, int], moment: datetime
) -> dict[str, int]:
    claims = [claim for claim, _ in claimed]
    ids = db.take_ids("ledger_hold_id_seq", len(claims))
    draft = Draft()
    parts: list[tuple[int, int, int, int]] = []
    for id_, (claim, portions) in zip(ids, claimed, strict=True):
        for ord_, (portion, part) in enumerate(spending.choose_all(portions, claim.amount)):
            draft.reserve(portion, part)
            parts.append((id_, ord_, portion.id, part))
    stored = db.execute(
        "INSERT INTO ledger_hold (id, account_id, amount, purpose_id, key, state, placed_at, lapses_at, posted_amount)"
        " SELECT id, account, amount, purpose, key, 'pending', %s, lapses_at, 0"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::text[], %s::timestamptz[])"
        " AS t(id, account, amount, purpose, key, lapses_at) ON CONFLICT (key) DO NOTHING",
        (
            moment, ids, [wallet(claim.resident) for claim in claims], [claim.amount for claim in claims],
            [purposes[claim.purpose] for claim in claims], [claim.key for claim in claims],
            [claim.lapses_at for claim in claims],
        ),
    )  # fmt: skip
    if stored != len(claims):  # Same wallet means same lock, so whoever came first holds for somebody else.
        raise UnableToHold("a key names another hold")
    db.copy_rows(
        "ledger_holdlot", (("hold_id", "int8"), ("ord", "int2"), ("lot_id", "int8"), ("amount", "int8")), parts
    )
    draft.write()
    return {claim.key: id_ for id_, claim in zip(ids, claims, strict=True)}


def _pending(holds: Sequence[int], moment: datetime, others: Iterable[int]) -> dict[int, Pending]:
    """Lock the wallets, expire what is due in them, and read the holds with their lots. Raises ``UnableToResolve``."""
    if len(set(holds)) != len(holds):
        raise UnableToResolve("a hold is resolved once")
    owners = {
        owner(row[0]) for row in db.fetch("SELECT account_id FROM ledger_hold WHERE id = ANY(%s)", (list(holds),))
    }
    journal.lock(owners | set(others))
    expire_locked(residents=owners, moment=moment)
    found = {
        row[0]: Pending(row[0], owner(row[1]), row[2], row[3])
        for row in db.fetch(
            "SELECT id, account_id, amount, purpose_id FROM ledger_hold WHERE id = ANY(%s) AND state = 'pending'",
            (list(holds),),
        )
    }
    if missing := [id_ for id_ in holds if id_ not in found]:
        raise UnableToResolve(f"not pending: hold {', '.join(map(str, missing))}")
    reserved = db.fetch(
        "SELECT hold_id, lot_id, amount FROM ledger_holdlot WHERE hold_id = ANY(%s) ORDER BY hold_id, ord",
        (list(holds),),
    )
    known = stock.lots_by_id(lot for _, lot, _ in reserved)
    for hold, lot, amount in reserved:
        found[hold].lots.append((known[lot], amount))
    return found


def _post(
    draft: Draft, hold: Pending, settlement: Settlement, amount: int, moment: datetime
) -> tuple[int, list[Portion]]:
    """Plan the posting of the first ``amount`` reserved points; also the lots that arrive at a taker."""
    at = to_micros(moment)
    parts = _first(hold.lots, amount)
    for portion, part in parts:
        draft.reserve(portion, -part)
    why = Why(hold.purpose, at, at, settlement.entry)
    if settlement.taker is None:
        posting = draft.post(Code.SPEND, wallet(hold.resident), POINTS_REDEEMED, amount, why)
        for portion, part in parts:
            draft.take(posting, portion, part)
        return posting, []
    if settlement.taker == hold.resident:
        raise UnableToResolve("nobody gives points to himself")
    posting = draft.post(Code.TRANSFER, wallet(hold.resident), wallet(settlement.taker), amount, why)
    return posting, move(draft, posting, parts)


def _first(lots: Sequence[tuple[Portion, int]], amount: int) -> list[tuple[Portion, int]]:
    parts = []
    for portion, reserved in lots:
        part = min(reserved, amount)
        if part:
            parts.append((portion, part))
            amount -= part
    return parts


def _release(draft: Draft, hold: Pending, posted: int, moment: datetime, grace_days: int) -> list[Portion]:
    """Let go what the hold reserves behind the first ``posted`` points."""
    at = to_micros(moment)
    released = []
    for portion, reserved in hold.lots:
        kept = min(reserved, posted)
        posted -= kept
        if reserved > kept:
            draft.reserve(portion, kept - reserved)
            stock.grant_grace(draft, portion, at, grace_days)
            released.append(portion)
    return released


def _resolve(resolved: Sequence[Resolved], ids: Sequence[int], moment: datetime) -> None:
    db.execute(
        "UPDATE ledger_hold AS hold SET state = CASE WHEN t.amount > 0 THEN 'posted' ELSE 'voided' END,"
        " resolved_at = %s, posted_amount = t.amount, posting_id = t.posting"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS t(id, amount, posting) WHERE hold.id = t.id",
        (
            moment, [row.hold for row in resolved], [row.amount for row in resolved],
            [None if row.place is None else ids[row.place] for row in resolved],
        ),
    )  # fmt: skip
