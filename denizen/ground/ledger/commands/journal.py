"""The journal itself: lock wallets, append postings, lots and uses, settle balances. Set-based, for one or many.

Every command of the ledger goes through these few functions in this order:

    lock(residents)  ->  decide in memory  ->  write(...)  ->  settle(...)

so that all writers take locks in the same ascending order and a balance is written once per transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, SLOTS, Role, Slot
from denizen.ground.ledger.models import Purpose
from denizen.kit import db


class UnableToDraw(ValueError):
    """A limited budget would fall below zero. ``accounts`` are the budgets the transaction draws on."""

    def __init__(self, accounts: Sequence[int]) -> None:
        super().__init__(f"a limited budget would fall below zero: {', '.join(map(str, accounts))}")
        self.accounts = tuple(accounts)


class NewPosting(NamedTuple):
    """A posting to be appended, in column order. Moments are microseconds (``kit.clock``)."""

    id: int
    debit: int
    credit: int
    amount: int
    code: int
    purpose: int
    entry: int | None
    effect_no: int
    effective_at: int
    recorded_at: int
    reverses: int | None = None
    named: int | None = None


class NewLot(NamedTuple):
    """A lot to be appended, in column order. ``remaining`` is less than ``amount`` where debt is repaid at once."""

    id: int
    account: int
    posting: int
    amount: int
    remaining: int
    reserved: int
    priority: int
    granted_at: int
    spendable_from: int | None
    expires_at: int | None


class NewUse(NamedTuple):
    """What a posting took from a lot (positive) or gave back to it (negative)."""

    posting: int
    ord: int
    lot: int
    amount: int


POSTING_COLUMNS = (
    ("id", "int8"), ("debit_id", "int8"), ("credit_id", "int8"), ("amount", "int8"), ("code", "int2"),
    ("purpose_id", "int4"), ("entry_id", "int8"), ("effect_no", "int2"), ("effective_at", "int8"),
    ("recorded_at", "int8"), ("reverses_id", "int8"), ("named_id", "int8"),
)  # fmt: skip
LOT_COLUMNS = (
    ("id", "int8"), ("account_id", "int8"), ("posting_id", "int8"), ("amount", "int8"), ("remaining", "int8"),
    ("reserved", "int8"), ("priority", "int2"), ("granted_at", "int8"), ("spendable_from", "int8"),
    ("expires_at", "int8"),
)  # fmt: skip
USE_COLUMNS = (("posting_id", "int8"), ("ord", "int2"), ("lot_id", "int8"), ("amount", "int8"))


def posting_ids(count: int) -> list[int]:
    """Fresh ids, in the transaction that writes the postings: whoever seals sees by them who still writes."""
    return db.take_ids("ledger_posting_id_seq", count)


def lot_ids(count: int) -> list[int]:
    return db.take_ids("ledger_lot_id_seq", count)


def lock(residents: Iterable[int]) -> dict[int, int]:
    """Lock the wallets of ``residents`` in ascending order; wallets that do not exist yet are opened.

    Returns the resident's wallet balance by resident id. Whoever holds a wallet's lock is the only writer of that
    resident's accounts, lots, holds, caps and standing until the transaction ends.
    """
    return {resident: balance for resident, balance, _ in _locked(residents)}


def lock_watched(residents: Iterable[int]) -> frozenset[int]:
    """The same; returns those of ``residents`` whom an open review names, as it stands once the lock is held."""
    return frozenset(resident for resident, _, watched in _locked(residents) if watched)


def watch(residents: Iterable[int], *, watched: bool) -> None:
    """Mark residents whom an open review names (or no longer names). Their wallets must be locked."""
    db.execute(
        "UPDATE ledger_account SET watched = %s WHERE id = ANY(%s) AND watched <> %s",
        (watched, [resident * SLOTS for resident in residents], watched),
    )


def _locked(residents: Iterable[int]) -> list[tuple[int, int, bool]]:
    db.required()
    wanted = sorted(set(residents))
    found = _lock_existing(wanted)
    known = {resident for resident, _, _ in found}
    missing = [resident for resident in wanted if resident not in known]
    if missing:
        db.execute(
            "INSERT INTO ledger_account (id, resident_id, role, balance, reserved)"
            " SELECT r * %s, r, 0, 0, 0 FROM unnest(%s::bigint[]) AS r ORDER BY r ON CONFLICT (id) DO NOTHING",
            (SLOTS, missing),
        )
        found += _lock_existing(missing)
    return found


def _lock_existing(residents: Sequence[int]) -> list[tuple[int, int, bool]]:
    rows = db.fetch(
        "SELECT id, balance, watched FROM ledger_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        ([resident * SLOTS for resident in residents],),
    )
    return [(account // SLOTS, balance, watched) for account, balance, watched in rows]


def write(postings: Iterable[NewPosting], lots: Iterable[NewLot] = (), uses: Iterable[NewUse] = ()) -> None:
    """Append to the journal. Lots of earlier transactions are changed by the caller (``take``)."""
    db.copy_rows("ledger_posting", POSTING_COLUMNS, postings)
    db.copy_rows("ledger_lot", LOT_COLUMNS, lots)
    db.copy_rows("ledger_lotuse", USE_COLUMNS, uses)


def settle(deltas: Mapping[int, int]) -> None:
    """Add ``deltas`` to the stored balances of residents' accounts, one update per account.

    Accounts that grow may not exist yet; accounts that shrink must. System accounts are left alone here:
    limited budgets are settled by ``draw``, the others keep no balance.
    """
    growing = sorted(
        (a, d) for a, d in deltas.items() if d > 0 and a >= RESIDENT_ACCOUNT_MIN and a % SLOTS != Slot.DEBT
    )
    moving = sorted(
        (a, d) for a, d in deltas.items() if d and a >= RESIDENT_ACCOUNT_MIN and (d < 0 or a % SLOTS == Slot.DEBT)
    )
    # A debt may arise and be repaid in one transaction: its postings need the account all the same.
    debts = sorted(a for a in deltas if a >= RESIDENT_ACCOUNT_MIN and a % SLOTS == Slot.DEBT)
    if growing:
        db.execute(
            "INSERT INTO ledger_account AS account (id, resident_id, role, balance, reserved)"
            " SELECT a, a / %s, 0, d, 0 FROM unnest(%s::bigint[], %s::bigint[]) AS t(a, d)"
            " ON CONFLICT (id) DO UPDATE SET balance = account.balance + excluded.balance",
            (SLOTS, [a for a, _ in growing], [d for _, d in growing]),
        )
    if debts:
        db.execute(
            "INSERT INTO ledger_account (id, resident_id, role, balance, reserved)"
            " SELECT a, a / %s, 0, 0, 0 FROM unnest(%s::bigint[]) AS a ON CONFLICT (id) DO NOTHING",
            (SLOTS, debts),
        )
    if moving:
        changed = db.execute(
            "UPDATE ledger_account AS account SET balance = balance + t.d"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS t(a, d) WHERE account.id = t.a",
            ([a for a, _ in moving], [d for _, d in moving]),
        )
        if changed != len(moving):
            raise LookupError("an account that should shrink does not exist")


def reserve(deltas: Mapping[int, int]) -> None:
    """Add ``deltas`` to what open holds claim of wallets. Release before the balance falls, claim after it grew."""
    moving = sorted((account, delta) for account, delta in deltas.items() if delta)
    if moving:
        db.execute(
            "UPDATE ledger_account AS account SET reserved = reserved + t.d"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS t(a, d) WHERE account.id = t.a",
            ([a for a, _ in moving], [d for _, d in moving]),
        )


def lock_budgets(accounts: Iterable[int]) -> dict[int, int]:
    """Lock limited budgets in ascending order (wallets come before) until the transaction ends; what each has left.

    The hottest rows of a city: whoever can decide without them draws last (``draw``) and never waits here.
    """
    db.required()
    rows = db.fetch(
        "SELECT id, balance FROM ledger_account WHERE id = ANY(%s) AND role = %s ORDER BY id FOR NO KEY UPDATE",
        (sorted(accounts), Role.LIMITED_BUDGET.value),
    )
    return dict(rows)


def draw(deltas: Mapping[int, int]) -> None:
    """Add ``deltas`` to limited budgets, locked last and in ascending order; other system accounts keep no balance.

    Raises ``UnableToDraw`` when one of them would fall below zero.
    """
    moving = {account: delta for account, delta in deltas.items() if delta and account < RESIDENT_ACCOUNT_MIN}
    limited = list(lock_budgets(moving)) if moving else []
    if not limited:
        return
    drawn = db.execute(
        "UPDATE ledger_account AS account SET balance = balance + t.d"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS t(a, d) WHERE account.id = t.a AND balance + t.d >= 0",
        (limited, [moving[account] for account in limited]),
    )
    if drawn != len(limited):
        raise UnableToDraw(limited)


def purpose_ids(codes: Iterable[str]) -> dict[str, int]:
    """The lasting numbers of purposes; unknown ones are added."""
    wanted = sorted(set(codes))
    known = dict(Purpose.objects.filter(code__in=wanted).values_list("code", "id"))
    missing = [code for code in wanted if code not in known]
    if missing:
        Purpose.objects.bulk_create([Purpose(code=code) for code in missing], ignore_conflicts=True)
        known = dict(Purpose.objects.filter(code__in=wanted).values_list("code", "id"))
    return known
