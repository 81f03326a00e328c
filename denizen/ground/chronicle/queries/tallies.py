"""Behaviours counted by kind: how often something was done in a span of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from denizen.kit import db


def entry_rows_sql() -> str:
    """One row with the amount 1 for each entry of ``%(kinds)s`` with ``%(since)s <= occurred_at < %(until)s``."""
    return (
        "SELECT entry.id AS k1, 0 AS k2, 0 AS k3, entry.resident_id AS resident, kind.code AS flow,"
        " NULL::int AS purpose, 1 AS amount, entry.occurred_at AS effective_at, entry.recorded_at AS recorded_at"
        " FROM chronicle_entry AS entry JOIN chronicle_kindcode AS kind ON kind.id = entry.kind_id"
        " WHERE kind.code = ANY(%(kinds)s::text[]) AND entry.occurred_at >= %(since)s AND entry.occurred_at < %(until)s"
    )


def entry_months(*, zone: str, since: datetime, until: datetime) -> dict[tuple[date, str], int]:
    """How many entries of each kind happened in each month of the city's calendar, by (first of the month, kind)."""
    rows = db.fetch(
        "SELECT date_trunc('month', entry.occurred_at AT TIME ZONE %(zone)s)::date, kind.code, count(*)"
        " FROM chronicle_entry AS entry JOIN chronicle_kindcode AS kind ON kind.id = entry.kind_id"
        " WHERE entry.occurred_at >= %(since)s AND entry.occurred_at < %(until)s GROUP BY 1, 2",
        {"zone": zone, "since": since, "until": until},
    )
    return {(month, kind): count for month, kind, count in rows}


def active_months(*, zone: str, since: datetime, until: datetime) -> dict[date, int]:
    """How many different residents did something in each month of the city's calendar."""
    rows = db.fetch(
        "SELECT month, count(*) FROM (SELECT DISTINCT date_trunc('month', occurred_at AT TIME ZONE %(zone)s)::date"
        " AS month, resident_id FROM chronicle_entry WHERE occurred_at >= %(since)s AND occurred_at < %(until)s)"
        " AS seen GROUP BY 1",
        {"zone": zone, "since": since, "until": until},
    )
    return dict(rows)


def mean_ratings(
    *, zone: str, since: datetime, until: datetime, kinds: Sequence[str], field: str
) -> dict[date, tuple[int, int]]:
    """The sum and the count of a whole-number ``field`` of entries of ``kinds``, by month; without it left out."""
    rows = db.fetch(
        "SELECT date_trunc('month', entry.occurred_at AT TIME ZONE %(zone)s)::date,"
        " sum((entry.payload ->> %(field)s)::bigint)::bigint, count(*)"
        " FROM chronicle_entry AS entry JOIN chronicle_kindcode AS kind ON kind.id = entry.kind_id"
        " WHERE kind.code = ANY(%(kinds)s::text[]) AND entry.payload ->> %(field)s IS NOT NULL"
        " AND entry.occurred_at >= %(since)s AND entry.occurred_at < %(until)s GROUP BY 1",
        {"zone": zone, "since": since, "until": until, "kinds": list(kinds), "field": field},
    )
    return {month: (total, count) for month, total, count in rows}
