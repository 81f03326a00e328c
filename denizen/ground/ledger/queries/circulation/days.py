"""Flows and cohorts summed by the day they were recorded and the day they happened, both on the city's clocks.

A day that is over and recorded does not change any more, so its sums can be kept.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from denizen.ground.ledger.queries.circulation.cohorts import (
    COHORT_FLOW_SQL,
    COHORT_MONTH_SQL,
    COHORTS_FROM_SQL,
    ROOTS_SQL,
)
from denizen.ground.ledger.queries.circulation.flows import ACCOUNT_SQL, FLOW_SQL, POINTS_ONLY
from denizen.kit import db

FLOW_COLUMNS = ("recorded_on", "effective_on", "flow", "purpose", "account", "amount", "postings")
COHORT_COLUMNS = ("recorded_on", "effective_on", "cohort_on", "flow", "amount")

LOCAL_DAY = "(posting.{0} AT TIME ZONE %(zone)s)::date"
KNOWN = (
    "(%(known_from)s::timestamptz IS NULL OR posting.recorded_at >= %(known_from)s)"
    " AND (%(known_until)s::timestamptz IS NULL OR posting.recorded_at < %(known_until)s)"
)


def flow_days(*, zone: str, known_from: datetime | None, known_until: datetime | None) -> list[tuple[Any, ...]]:
    """``FLOW_COLUMNS`` of everything recorded from ``known_from`` until before ``known_until``, in their order."""
    return db.fetch(
        f"SELECT recorded_on, effective_on, flow, purpose.code, account, amount, postings FROM ("
        f" SELECT {LOCAL_DAY.format('recorded_at')} AS recorded_on, {LOCAL_DAY.format('effective_at')} AS effective_on,"
        f"  {FLOW_SQL} AS flow, posting.purpose_id, {ACCOUNT_SQL} AS account, sum(posting.amount)::bigint AS amount,"
        "   count(*) AS postings"
        f" FROM ledger_posting AS posting WHERE {POINTS_ONLY} AND {KNOWN} GROUP BY 1, 2, 3, 4, 5) AS summed"
        " JOIN ledger_purpose AS purpose ON purpose.id = summed.purpose_id ORDER BY 1, 2, 3, 4, 5",
        {"zone": zone, "known_from": known_from, "known_until": known_until},
    )


def cohort_days(*, zone: str, known_from: datetime | None, known_until: datetime | None) -> list[tuple[Any, ...]]:
    """``COHORT_COLUMNS`` of everything recorded from ``known_from`` until before ``known_until``, in their order."""
    return db.fetch(
        f"{ROOTS_SQL} SELECT {LOCAL_DAY.format('recorded_at')}, {LOCAL_DAY.format('effective_at')},"
        f" {COHORT_MONTH_SQL}, {COHORT_FLOW_SQL}, sum(moved.amount)::bigint"
        f" {COHORTS_FROM_SQL} WHERE {KNOWN} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        {"zone": zone, "known_from": known_from, "known_until": known_until},
    )


def recorded_days(*, zone: str, known_until: datetime) -> dict[date, int]:
    """How many postings were recorded on each day, until before ``known_until``."""
    rows = db.fetch(
        f"SELECT {LOCAL_DAY.format('recorded_at')}, count(*) FROM ledger_posting AS posting"
        " WHERE posting.recorded_at < %(known_until)s GROUP BY 1 ORDER BY 1",
        {"zone": zone, "known_until": known_until},
    )
    return dict(rows)
