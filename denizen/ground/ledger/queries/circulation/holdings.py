"""Who holds how much as of a moment, and what follows: concentration, dead balances, days of circulation.

``until`` None means now, read from the stored balances; a moment sums the journal up to it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, Asset, Slot
from denizen.ground.ledger.queries.circulation.flows import FLOW_SQL, POINTS_ONLY, WALLET
from denizen.ground.ledger.queries.circulation.lines import Lines, Span
from denizen.kit import db

SLOTS_OF = {
    Asset.POINTS: f"{{0}} %% 8 = {Slot.WALLET.value}",
    Asset.CONTRIBUTION: f"{{0}} %% 8 BETWEEN {Slot.INTERACTION.value} AND {Slot.SPECIAL.value}",
}
ROW = (
    "SELECT resident AS k1, 0 AS k2, 0 AS k3, resident, '' AS flow, NULL::int AS purpose, {amount} AS amount,"
    " NULL::timestamptz AS effective_at, NULL::timestamptz AS recorded_at FROM {source}"
)


class Kept(NamedTuple):
    """The residents of the city by a moment, those among them who hold something, and what they hold."""

    residents: int
    holders: int
    amount: int


def holding_lines(asset: Asset, until: datetime | None, *, positive: bool = False) -> Lines:
    """One row for each resident who holds something. ``positive`` leaves out who is below nothing for a while, because
    news came in another order than things happened."""
    sql, parameters = _held(asset, until)
    narrowed = " WHERE amount > 0" if positive else " WHERE amount <> 0"
    return Lines(ROW.format(amount="amount", source=f"({sql}) AS held{narrowed}"), parameters)


def gini_lines(asset: Asset, until: datetime | None) -> Lines:
    """Each holder's part ``(2 * rank - n - 1) * amount`` of the numerator, among all ``n`` residents.

    The coefficient is their sum over ``n`` times what all hold; who holds nothing has the first ranks and no row.
    """
    sql, parameters = _held(asset, until)
    ranked = (
        "SELECT resident, amount, row_number() OVER (ORDER BY amount, resident) - count(*) OVER () AS behind,"
        f" city.n FROM ({sql}) AS held CROSS JOIN ({_city(until)}) AS city(n) WHERE amount > 0"
    )
    return Lines(ROW.format(amount="(2 * (n + behind) - n - 1) * amount", source=f"({ranked}) AS ranked"), parameters)


def top_lines(asset: Asset, until: datetime | None, *, one_in: int = 100) -> Lines:
    """The residents who hold most: one in ``one_in`` of all residents, rounded up; of equals the older account."""
    sql, parameters = _held(asset, until)
    ranked = (
        "SELECT resident, amount, row_number() OVER (ORDER BY amount DESC, resident) AS place, city.n"
        f" FROM ({sql}) AS held CROSS JOIN ({_city(until)}) AS city(n) WHERE amount > 0"
    )
    source = f"({ranked}) AS ranked WHERE place <= (n + {int(one_in)} - 1) / {int(one_in)}"
    return Lines(ROW.format(amount="amount", source=source), parameters)


def dead_lines(until: datetime | None, *, quiet_since: datetime) -> Lines:
    """Residents who hold points and have no behaviour on record since ``quiet_since``."""
    sql, parameters = _held(Asset.POINTS, until)
    seen = (
        "SELECT FROM chronicle_entry AS entry WHERE entry.resident_id = held.resident"
        " AND entry.occurred_at >= %(quiet_since)s" + (" AND entry.occurred_at < %(until)s" if until else "")
    )
    source = f"({sql}) AS held WHERE amount > 0 AND NOT EXISTS ({seen})"
    return Lines(ROW.format(amount="amount", source=source), {**parameters, "quiet_since": quiet_since})


def reserved_lines(until: datetime | None) -> Lines:
    """Open holds: points that are claimed and not spent yet."""
    bounds = (
        "placed_at < %(until)s AND (resolved_at IS NULL OR resolved_at >= %(until)s)" if until else "state = 'pending'"
    )
    return Lines(
        "SELECT id AS k1, 0 AS k2, 0 AS k3, account_id / 8 AS resident, 'hold' AS flow, purpose_id AS purpose, amount,"
        f" placed_at AS effective_at, placed_at AS recorded_at FROM ledger_hold WHERE {bounds}",
        {"until": until} if until else {},
    )


def balance_days(span: Span, *, zone: str) -> Lines:
    """What residents held at the end of each day of ``span``; the key is the day, counted from 2000-01-01.

    The sums of days are worked out once (MATERIALIZED): left to itself the planner sums the journal anew for each day.
    """
    times = " ".join(f"WHEN '{flow}' THEN {weight}" for flow, weight in WALLET.items())
    moved = (
        "SELECT (posting.effective_at AT TIME ZONE %(zone)s)::date AS day,"
        f" sum(CASE {FLOW_SQL} {times} ELSE 0 END * posting.amount) AS amount"
        f" FROM ledger_posting AS posting WHERE {POINTS_ONLY} AND {Span(span.until).sql()} GROUP BY 1"
    )
    days = (
        "SELECT generate_series((%(since)s::timestamptz AT TIME ZONE %(zone)s)::date,"
        " ((%(until)s::timestamptz AT TIME ZONE %(zone)s)::date - 1), '1 day')::date AS day"
    )
    return Lines(
        f"WITH moved AS MATERIALIZED ({moved}), days AS ({days})"
        " SELECT (days.day - date '2000-01-01')::bigint AS k1, 0 AS k2, 0 AS k3,"
        " NULL::bigint AS resident, '' AS flow, NULL::int AS purpose,"
        " coalesce((SELECT sum(moved.amount) FROM moved WHERE moved.day <= days.day), 0) AS amount,"
        " NULL::timestamptz AS effective_at, NULL::timestamptz AS recorded_at FROM days",
        {**span.parameters(), "zone": zone},
    )


def kept(asset: Asset, until: datetime | None) -> Kept:
    """One query."""
    sql, parameters = _held(asset, until)
    row = db.fetch(
        f"SELECT city.n, coalesce(held.holders, 0), coalesce(held.amount, 0) FROM ({_city(until)}) AS city(n),"
        f" (SELECT count(*) AS holders, sum(amount) AS amount FROM ({sql}) AS each WHERE amount > 0) AS held",
        parameters,
    )[0]
    return Kept(int(row[0]), int(row[1]), int(row[2]))


def tenth_lines(asset: Asset, until: datetime | None, tenth: int) -> Lines:
    """What one tenth of all residents holds, from the least (1) to the most (10); who holds nothing has no row."""
    sql, parameters = _held(asset, until)
    ranked = (
        "SELECT resident, amount, city.n - count(*) OVER () + row_number() OVER (ORDER BY amount, resident) AS place,"
        f" city.n FROM ({sql}) AS held CROSS JOIN ({_city(until)}) AS city(n) WHERE amount > 0"
    )
    source = f"({ranked}) AS ranked WHERE (place * 10 + n - 1) / n = %(tenth)s"
    return Lines(ROW.format(amount="amount", source=source), {**parameters, "tenth": tenth})


def tenths(asset: Asset, until: datetime | None) -> dict[int, int]:
    """What each tenth of all residents holds, from the least (1) to the most (10). One query."""
    sql, parameters = _held(asset, until)
    rows = db.fetch(
        "SELECT (place * 10 + n - 1) / n, sum(amount)::bigint FROM ("
        "SELECT amount, city.n - count(*) OVER () + row_number() OVER (ORDER BY amount, resident) AS place, city.n"
        f" FROM ({sql}) AS held CROSS JOIN ({_city(until)}) AS city(n) WHERE amount > 0) AS ranked GROUP BY 1",
        parameters,
    )
    return dict.fromkeys(range(1, 11), 0) | {int(tenth): amount for tenth, amount in rows}


def _held(asset: Asset, until: datetime | None) -> tuple[str, dict[str, Any]]:
    slots = SLOTS_OF[asset]
    if until is None:
        return (
            "SELECT id / 8 AS resident, sum(balance) AS amount FROM ledger_account"
            f" WHERE id >= {RESIDENT_ACCOUNT_MIN} AND {slots.format('id')} GROUP BY 1",
            {},
        )
    sides = " UNION ALL ".join(
        f"SELECT {side} / 8 AS resident, {sign}amount AS amount FROM ledger_posting WHERE {side} >="
        f" {RESIDENT_ACCOUNT_MIN} AND {slots.format(side)} AND effective_at < %(until)s"
        for side, sign in (("credit_id", ""), ("debit_id", "-"))
    )
    return f"SELECT resident, sum(amount) AS amount FROM ({sides}) AS side GROUP BY 1", {"until": until}


def _city(until: datetime | None) -> str:
    bounds = " WHERE created_at < %(until)s" if until else ""
    return f"SELECT count(*) FROM chronicle_resident{bounds}"
