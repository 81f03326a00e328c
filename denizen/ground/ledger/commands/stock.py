"""Lots as a transaction reads them, after the wallets are locked; repaying debt from what has become free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from denizen.ground.ledger.commands import journal
from denizen.ground.ledger.commands.draft import Draft, Why
from denizen.ground.ledger.constants import (
    POINTS_EXPIRED,
    PURPOSE_REPAYMENT,
    RESIDENT_ACCOUNT_MIN,
    UNDOINGS,
    Code,
    debt,
    owner,
    wallet,
)
from denizen.ground.ledger.rules import Portion, choose, consumption_order
from denizen.kit import db
from denizen.kit.clock import from_micros, to_micros

COLUMNS = (
    "lot.id, lot.account_id, lot.posting_id, lot.amount, lot.remaining, lot.reserved, lot.priority,"
    " lot.granted_at, lot.spendable_from, lot.expires_at"
)


def micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)


def free_lots(residents: Iterable[int], moment: datetime) -> dict[int, list[Portion]]:
    """Lots with something unreserved that are alive at ``moment``, in consumption order, by resident.

    Lots that cannot be spent yet are among them: ``Portion.spendable`` tells.
    """
    return by_owner(
        db.fetch(
            f"SELECT {COLUMNS} FROM ledger_lot AS lot WHERE lot.account_id = ANY(%s) AND lot.remaining > lot.reserved"
            " AND lot.remaining > 0 AND (lot.expires_at IS NULL OR lot.expires_at > %s)",
            ([wallet(resident) for resident in residents], moment),
        )
    )


def lots_by_id(ids: Iterable[int]) -> dict[int, Portion]:
    rows = db.fetch(f"SELECT {COLUMNS} FROM ledger_lot AS lot WHERE lot.id = ANY(%s)", (sorted(set(ids)),))
    return {portion.id: portion for portion in map(portion_of, rows)}


def lots_to_walk(
    *, residents: Iterable[int], postings: Iterable[int], lots: Iterable[int], since: datetime
) -> dict[int, Portion]:
    """Lots a reversal may look at: opened by ``postings``, named by ``lots``, or with something to take back.

    To take back is what is free, or what expired after ``since``. ``Portion.expiries`` is filled in.
    """
    rows = db.fetch(
        f"SELECT {COLUMNS} FROM ledger_lot AS lot WHERE lot.posting_id = ANY(%(postings)s)"
        f" UNION SELECT {COLUMNS} FROM ledger_lot AS lot WHERE lot.id = ANY(%(lots)s)"
        f" UNION SELECT {COLUMNS} FROM ledger_lot AS lot WHERE lot.account_id = ANY(%(wallets)s)"
        "   AND lot.remaining > 0 AND lot.remaining > lot.reserved"
        f" UNION SELECT {COLUMNS} FROM ledger_lot AS lot WHERE lot.account_id = ANY(%(wallets)s)"
        "   AND lot.remaining < lot.amount AND lot.expires_at > %(since)s",
        {
            "postings": sorted(postings),
            "lots": sorted(lots),
            "wallets": sorted(wallet(resident) for resident in residents),
            "since": since,
        },
    )
    found = {portion.id: portion for portion in map(portion_of, rows)}
    find_expiries({lot: portion for lot, portion in found.items() if portion.remaining < portion.amount})
    return found


def by_owner(rows: Iterable[Sequence]) -> dict[int, list[Portion]]:
    """Portions by resident, each list in consumption order."""
    found: dict[int, list[Portion]] = defaultdict(list)
    for row in rows:
        portion = portion_of(row)
        found[owner(portion.account)].append(portion)
    for portions in found.values():
        portions.sort(key=consumption_order)
    return found


def portion_of(row: Sequence) -> Portion:
    lot, account, posting, amount, remaining, reserved, priority, granted_at, spendable_from, expires_at = row
    return Portion(
        lot, account, posting, amount, remaining, reserved, priority,
        to_micros(granted_at), micros(spendable_from), micros(expires_at),
    )  # fmt: skip


def find_expiries(lots: Mapping[int, Portion]) -> None:
    """Fill in what the sweep has taken of each lot and no reversal has claimed since."""
    for lot, code, effective_at, amount in db.fetch(
        "SELECT used.lot_id, posting.code, posting.effective_at, used.amount FROM ledger_lotuse AS used"
        " JOIN ledger_posting AS posting ON posting.id = used.posting_id"
        " JOIN ledger_lot AS lot ON lot.id = used.lot_id"
        " WHERE used.lot_id = ANY(%s) AND (posting.code = %s"
        "   OR (posting.debit_id = %s AND posting.credit_id <> lot.account_id AND used.amount < 0))"
        " ORDER BY used.lot_id, posting.id, used.ord",
        (sorted(lots), Code.EXPIRE.value, POINTS_EXPIRED),
    ):
        if code == Code.EXPIRE:
            lots[lot].expiries.append((to_micros(effective_at), amount))
        else:
            lots[lot].claim(-amount)


def debts(residents: Iterable[int]) -> dict[int, int]:
    """What residents owe, in points; those who owe nothing are left out. Their wallets must be locked."""
    rows = db.fetch(
        "SELECT id, -balance FROM ledger_account WHERE id = ANY(%s) AND balance < 0",
        ([debt(resident) for resident in residents],),
    )
    return {owner(account): owed for account, owed in rows}


def uses_of(postings: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """What postings took from which lot, in order: (lot, amount) by posting."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for posting, lot, amount in db.fetch(
        "SELECT posting_id, lot_id, amount FROM ledger_lotuse WHERE posting_id = ANY(%s) AND amount > 0"
        " ORDER BY posting_id, ord",
        (sorted(set(postings)),),
    ):
        found[posting].append((lot, amount))
    return found


def undone_of(postings: Iterable[int]) -> dict[int, int]:
    """How much of each posting has already been walked back; untouched ones are left out."""
    rows = db.fetch(
        "SELECT reverses_id, sum(amount)::bigint FROM ledger_posting"
        " WHERE reverses_id = ANY(%s) AND code = ANY(%s) GROUP BY reverses_id",
        (sorted(set(postings)), [code.value for code in UNDOINGS]),
    )
    return dict(rows)


def debts_since(residents: Iterable[int]) -> dict[int, int]:
    """When the latest debt of each resident arose, in microseconds."""
    rows = db.fetch(
        "SELECT owed.account, (SELECT max(effective_at) FROM ledger_posting WHERE debit_id = owed.account"
        " AND debit_id >= %s) FROM unnest(%s::bigint[]) AS owed(account)",
        (RESIDENT_ACCOUNT_MIN, [debt(resident) for resident in residents]),
    )
    return {owner(account): to_micros(since) for account, since in rows if since is not None}


def repay(
    draft: Draft,
    stored: Mapping[int, int],
    free: Mapping[int, list[Portion]],
    recorded_at: int,
    since: Mapping[int, int],
) -> None:
    """Let free lots pay what their owners owe after ``draft``; afterwards nobody owes who has free points.

    ``stored``: debts before the draft; ``free``: candidate lots by resident, in consumption order. A repayment takes
    effect when both the debt (``since``, by resident) and the lot are there.
    """
    owing = sorted(resident for resident in free if draft.owed(resident, stored) > 0)
    purpose = repayment_purpose() if owing else 0
    for resident in owing:
        for portion, part in choose(free[resident], draft.owed(resident, stored)):
            why = Why(purpose, max(since.get(resident, 0), portion.granted_at), recorded_at)
            place = draft.post(Code.REPAY, portion.account, debt(resident), part, why)
            draft.take(place, portion, part)


def repayment_purpose() -> int:
    return journal.purpose_ids([PURPOSE_REPAYMENT])[PURPOSE_REPAYMENT]


def give_back(
    draft: Draft,
    place: int,
    steps: Iterable[tuple[int, int]],
    known: dict[int, Portion],
    at: int,
    grace_days: int,
) -> list[Portion]:
    """Give points back to their lots by the posting at ``place``; lots past their day live ``grace_days`` longer."""
    returned = []
    for lot, amount in steps:
        portion = known[lot]
        draft.take(place, portion, -amount)
        grant_grace(draft, portion, at, grace_days)
        returned.append(portion)
    return returned


def grant_grace(draft: Draft, portion: Portion, at: int, grace_days: int) -> None:
    if not portion.alive(at):
        draft.prolong(portion, to_micros(from_micros(at) + timedelta(days=grace_days)))


def settle_debts(draft: Draft, returned: dict[int, list[Portion]], moment: datetime) -> None:
    """Let what became free by ``draft`` repay what its owners owe."""
    at = to_micros(moment)
    owed = debts(returned)
    free = {resident: sorted_alive(returned[resident], at) for resident in owed}
    repay(draft, owed, free, at, dict.fromkeys(owed, at))


def sorted_alive(portions: list[Portion], at: int) -> list[Portion]:
    unique = {portion.id: portion for portion in portions if portion.alive(at)}
    return sorted(unique.values(), key=consumption_order)
