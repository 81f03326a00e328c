"""Bursts: far more of one kind within an hour than the resident, and the city, usually do."""

from __future__ import annotations

from datetime import datetime

from denizen.kit import db
from denizen.people.risk.constants import SignalCode
from denizen.people.risk.queries.finders.kinds import OWN_DEEDS, TALK
from denizen.people.risk.rules import Found, Parameters, strength_over

AT_THRESHOLD = 400
"""Somebody at the threshold is data; it takes a sixth more than that to open a case."""

CROWDED_SQL = """
WITH fresh AS (
  SELECT resident_id, kind_id, min(occurred_at) AS first, max(occurred_at) AS last
  FROM chronicle_entry WHERE id > %(since)s AND kind_id = ANY(%(kinds)s) GROUP BY 1, 2),
counted AS (
  SELECT entry.id, entry.resident_id, entry.kind_id, entry.occurred_at,
    count(*) OVER (PARTITION BY entry.resident_id, entry.kind_id ORDER BY entry.occurred_at
      RANGE BETWEEN CURRENT ROW AND interval '1 hour' FOLLOWING) AS following
  FROM fresh JOIN chronicle_entry AS entry ON entry.resident_id = fresh.resident_id
    AND entry.kind_id = fresh.kind_id
    AND entry.occurred_at BETWEEN fresh.first - interval '1 hour' AND fresh.last + interval '1 hour')
SELECT resident_id, kind_id, date_trunc('day', occurred_at), max(following), min(occurred_at),
  max(occurred_at) + interval '1 hour'
FROM counted WHERE following >= %(least)s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
USUAL_SQL = """
SELECT coalesce(percentile_disc(0.9) WITHIN GROUP (ORDER BY hourly.n), 0) FROM (
  SELECT count(*) AS n FROM chronicle_entry
  WHERE resident_id = %(resident)s AND kind_id = %(kind)s AND occurred_at < %(day)s
    AND occurred_at >= %(day)s - %(days)s * interval '1 day'
  GROUP BY date_trunc('hour', occurred_at)) AS hourly
"""
ENTRIES_SQL = """
SELECT id, occurred_at FROM chronicle_entry
WHERE resident_id = %s AND kind_id = %s AND occurred_at BETWEEN %s AND %s ORDER BY id
"""


def bursts(since: int, _moment: datetime, parameters: Parameters) -> list[Found]:
    """One for each resident, kind and day (UTC) with an hour far beyond what is usual."""
    rows = db.fetch(
        CROWDED_SQL,
        {"since": since, "kinds": OWN_DEEDS, "least": min(parameters.burst_count_min, parameters.burst_talk_count_min)},
    )
    if not rows:
        return []
    city = dict(db.fetch("SELECT kind_id, hourly FROM risk_usual"))
    found = []
    for resident, kind, day, most, begins_at, ends_at in rows:
        own = db.fetch(USUAL_SQL, {"resident": resident, "kind": kind, "day": day, "days": parameters.usual_days})[0][0]
        threshold = max(
            parameters.burst_talk_count_min if kind == TALK else parameters.burst_count_min,
            parameters.burst_times_city * city.get(kind, 0),
            parameters.burst_times_own * own,
        )
        if most < threshold:
            continue
        entries = db.fetch(ENTRIES_SQL, (resident, kind, begins_at, ends_at))
        found.append(
            Found(
                code=SignalCode.BURST,
                key=f"burst:{resident}:{kind}:{day.date().isoformat()}",
                strength=strength_over(most, threshold, base=AT_THRESHOLD),
                residents=(resident,),
                entries=tuple(entry for entry, _ in entries),
                begins_at=begins_at,
                ends_at=max(moment for _, moment in entries),
                numbers={"kind": kind, "most": most, "own": own, "city": city.get(kind, 0), "threshold": threshold},
            )
        )
    return found
