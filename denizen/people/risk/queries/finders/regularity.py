"""Regularity: intervals so equal that no hand made them."""

from __future__ import annotations

from datetime import datetime

from denizen.kit import db
from denizen.people.risk.constants import SignalCode
from denizen.people.risk.queries.finders.kinds import OWN_DEEDS
from denizen.people.risk.rules import Found, Parameters, evenness, strength_over

MEDIANS_SQL = """
WITH fresh AS (
  SELECT resident_id, kind_id, max(occurred_at) AS last
  FROM chronicle_entry WHERE id > %(since)s AND kind_id = ANY(%(kinds)s) GROUP BY 1, 2),
steps AS (
  SELECT entry.resident_id, entry.kind_id, entry.occurred_at, fresh.last, extract(epoch FROM entry.occurred_at
    - lag(entry.occurred_at) OVER (PARTITION BY entry.resident_id, entry.kind_id ORDER BY entry.occurred_at, entry.id)
    )::bigint AS gap
  FROM fresh JOIN chronicle_entry AS entry ON entry.resident_id = fresh.resident_id
    AND entry.kind_id = fresh.kind_id
    AND entry.occurred_at BETWEEN fresh.last - %(days)s * interval '1 day' AND fresh.last)
SELECT resident_id, kind_id, max(last), count(gap), percentile_disc(0.5) WITHIN GROUP (ORDER BY gap),
  array_agg(gap ORDER BY occurred_at) FILTER (WHERE gap IS NOT NULL),
  bool_and(extract(second FROM occurred_at) = 0)
FROM steps GROUP BY 1, 2 HAVING count(gap) >= %(least)s
  AND percentile_disc(0.5) WITHIN GROUP (ORDER BY gap) >= %(shortest)s ORDER BY 1, 2
"""
ENTRIES_SQL = """
SELECT id, occurred_at FROM chronicle_entry WHERE resident_id = %s AND kind_id = %s
  AND occurred_at BETWEEN %s - %s * interval '1 day' AND %s ORDER BY id
"""
MINUTE = 60


def regularities(since: int, _moment: datetime, parameters: Parameters) -> list[Found]:
    """One for each resident, kind and calendar week of the last entry, when most intervals are the same.

    Where a source tells whole minutes only, equal intervals say nothing below ten minutes, and whole days never.
    """
    rows = db.fetch(
        MEDIANS_SQL,
        {
            "since": since,
            "kinds": OWN_DEEDS,
            "days": parameters.regular_days,
            "least": parameters.regular_count_min,
            "shortest": parameters.regular_gap_seconds_min,
        },
    )
    found = []
    for resident, kind, last, count, median, gaps, coarse in rows:
        equal = sum(1 for gap in gaps if abs(gap - median) <= evenness(median))
        share = equal * 1_000 // count
        if share < parameters.regular_share_min or (coarse and _says_nothing(median)):
            continue
        entries = db.fetch(ENTRIES_SQL, (resident, kind, last, parameters.regular_days, last))
        year, week, _ = last.isocalendar()
        found.append(
            Found(
                code=SignalCode.REGULARITY,
                key=f"regularity:{resident}:{kind}:{year}-{week:02}",
                strength=strength_over(equal, parameters.regular_count_min),
                residents=(resident,),
                entries=tuple(entry for entry, _ in entries),
                begins_at=min(moment for _, moment in entries),
                ends_at=last,
                numbers={"kind": kind, "count": count, "equal": equal, "gap_seconds": median, "share": share},
            )
        )
    return found


def _says_nothing(median: int) -> bool:
    return median < 10 * MINUTE or median % (24 * 60 * MINUTE) == 0
