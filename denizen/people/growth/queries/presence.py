"""Who is here today: check-ins of the present local day."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from denizen.ground.chronicle.kinds import community, kind_of
from denizen.kit import db

ARRIVAL_SLACK = 20_000
"""Ids are handed out in blocks and to recorders at work side by side, so they follow the clock only about so far."""

STEPS_MAX = 64

LIT_SQL = """
WITH RECURSIVE search(low, high, step) AS (
  SELECT 0::bigint, (SELECT coalesce(max(id), 0) FROM chronicle_entry), 0
  UNION ALL
  SELECT CASE WHEN at.recorded_at < %(since)s THEN at.middle + 1 ELSE low END,
         CASE WHEN at.recorded_at < %(since)s THEN high ELSE at.middle END, step + 1
  FROM search CROSS JOIN LATERAL (
    SELECT (low + high) / 2 AS middle,
           (SELECT recorded_at FROM chronicle_entry WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1)
  ) AS at(middle, recorded_at)
  WHERE low < high AND step < %(steps)s
)
SELECT count(DISTINCT resident_id) FROM chronicle_entry
WHERE id >= (SELECT max(low) FROM search) - %(slack)s
  AND kind_id = %(kind)s AND occurred_at >= %(since)s AND occurred_at <= %(moment)s
"""
"""Entries arrive in order of their ids, so the first of today is found by halving: no index is kept for a greeting."""


def windows_lit(*, moment: datetime) -> int:
    """How many residents have checked in since the local midnight before ``moment``. One query."""
    rows = db.fetch(
        LIT_SQL,
        {
            "since": day_began(moment),
            "moment": moment,
            "kind": _check_in(),
            "steps": STEPS_MAX,
            "slack": ARRIVAL_SLACK,
        },
    )
    return int(rows[0][0])


def has_checked_in(*, resident: int, moment: datetime) -> bool:
    """Whether ``resident`` (his key) has checked in on the local day of ``moment``. One query."""
    return bool(
        db.fetch(
            "SELECT 1 FROM chronicle_entry WHERE resident_id = %s AND occurred_at >= %s AND occurred_at <= %s"
            " AND kind_id = %s LIMIT 1",
            (resident, day_began(moment), moment, _check_in()),
        )
    )


def day_began(moment: datetime) -> datetime:
    """Midnight of the city's local day that holds ``moment``."""
    here = ZoneInfo(settings.CITY_TIME_ZONE)
    return datetime.combine(moment.astimezone(here).date(), time(), here)


def _check_in() -> int:
    return kind_of(community.CheckedIn()).number
