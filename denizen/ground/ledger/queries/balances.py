"""What a resident has: points by what can be done with them, and contribution by class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from denizen.ground.ledger.constants import (
    EXPIRING_SOON_DAYS,
    RESIDENT_ACCOUNT_MIN,
    SLOT_CLASS,
    SLOTS,
    Slot,
    debt,
    owner,
    wallet,
)
from denizen.kit import db
from denizen.kit.clock import from_micros

MICROS = "((extract(epoch FROM {0}) - 946684800) * 1000000)::bigint"
"""SQL of a moment as microseconds since 2000-01-01 UTC (``kit.clock``)."""


COUNTED = (
    "NOT EXISTS (SELECT FROM ledger_contributionhold AS apart"
    " WHERE apart.posting_id = posting.id AND apart.state = 'pending')"
)
"""SQL: ``posting`` counts, because no open review keeps it apart."""


class Expiring(NamedTuple):
    """So many unreserved points that end at this moment."""

    expires_at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Balance:
    """A resident's points at a moment.

    ``available`` can be spent now, ``waiting`` can be spent later, ``reserved`` is claimed by open holds, ``debt`` is
    what later earnings repay first. ``expiring``: what of the unreserved points ends soon, earliest first.
    """

    available: int
    waiting: int
    reserved: int
    debt: int
    expiring: tuple[Expiring, ...]


def balance(resident: int, moment: datetime, *, soon_days: int = EXPIRING_SOON_DAYS) -> Balance:
    """The points of ``resident`` at ``moment`` (now or later), whether or not the sweep has run.

    ``expiring`` looks ``soon_days`` ahead.
    """
    rows = db.fetch(
        "SELECT remaining - reserved, spendable_from, expires_at FROM ledger_lot WHERE account_id = %s"
        " AND remaining > 0 AND remaining > reserved AND (expires_at IS NULL OR expires_at > %s)",
        (wallet(resident), moment),
    )
    available = sum(free for free, from_, _ in rows if from_ is None or from_ <= moment)
    stored = dict(
        db.fetch(
            "SELECT id, CASE WHEN id = %s THEN reserved ELSE -balance END FROM ledger_account WHERE id = ANY(%s)",
            (wallet(resident), [wallet(resident), debt(resident)]),
        )
    )
    return Balance(
        available=available,
        waiting=sum(free for free, _, _ in rows) - available,
        reserved=stored.get(wallet(resident), 0),
        debt=stored.get(debt(resident), 0),
        expiring=_expiring(((free, end) for free, _, end in rows), moment + timedelta(days=soon_days)),
    )


def _expiring(ends: Iterable[tuple[int, datetime | None]], until: datetime) -> tuple[Expiring, ...]:
    sums: dict[datetime, int] = {}
    for free, end in ends:
        if end is not None and end <= until:
            sums[end] = sums.get(end, 0) + free
    return tuple(Expiring(end, amount) for end, amount in sorted(sums.items()))


def contribution(resident: int) -> dict[str, int]:
    """The contribution of ``resident`` (n) by class; all four classes are there."""
    found = contribution_balances([resident]).get(resident, (0, 0, 0, 0))
    return {SLOT_CLASS[Slot(slot)]: amount for slot, amount in enumerate(found, start=Slot.INTERACTION)}


def contribution_balances(residents: Iterable[int]) -> dict[int, tuple[int, int, int, int]]:
    """Contribution that counts by resident, in the order of the slots; who has none is left out. One query.

    What a review keeps apart does not count while it is open.
    """
    slots = range(Slot.INTERACTION, Slot.SPECIAL + 1)
    rows = db.fetch(
        "SELECT id, balance - reserved FROM ledger_account WHERE id = ANY(%s) AND balance > reserved",
        ([resident * SLOTS + slot for resident in residents for slot in slots],),
    )
    found: dict[int, list[int]] = {}
    for account, amount in rows:
        found.setdefault(owner(account), [0, 0, 0, 0])[account % SLOTS - Slot.INTERACTION] = amount
    return {resident: (a, b, c, d) for resident, (a, b, c, d) in found.items()}


def contribution_after(earliest: Mapping[int, int]) -> list[tuple[int, int, int, int]]:
    """Changes of contribution effective after a moment of each resident: (resident, effective_at, slot, amount).

    ``earliest`` holds the moments (microseconds) by resident; amounts taken back are negative. One query.
    """
    sides = " UNION ALL ".join(
        f"SELECT owned.resident, {MICROS.format('posting.effective_at')} AS effective_at, owned.slot,"
        f" {sign}posting.amount AS amount, posting.id FROM owned JOIN ledger_posting AS posting"
        f" ON posting.{side} = owned.account AND posting.{side} >= {RESIDENT_ACCOUNT_MIN}"
        f"  AND posting.effective_at > owned.after AND {COUNTED}"
        for side, sign in (("credit_id", ""), ("debit_id", "-"))
    )
    rows = db.fetch(
        "WITH owned AS (SELECT t.resident, t.after, slot, t.resident * %s + slot AS account"
        " FROM unnest(%s::bigint[], %s::timestamptz[]) AS t(resident, after), generate_series(%s, %s) AS slot)"
        f" SELECT resident, effective_at, slot, amount FROM ({sides}) AS change ORDER BY effective_at, id",
        (
            SLOTS,
            list(earliest),
            [from_micros(after) for after in earliest.values()],
            Slot.INTERACTION.value,
            Slot.SPECIAL.value,
        ),
    )
    return [(resident, effective_at, slot, amount) for resident, effective_at, slot, amount in rows]
