"""Like cases, unlike outcomes? How often each group is reviewed, and how its cases end (P-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from denizen.kit import db

SEEN = timedelta(days=365)
SMALL_GROUP_MAX = 20
"""Assumed: in a smaller group a single case looks like a pattern, so no rate is told."""

GROUPS = {
    "grade": "coalesce((SELECT span.grade FROM identity_gradespan AS span WHERE span.resident_id = resident.id"
    " AND span.held @> %(moment)s::timestamptz LIMIT 1), 'fan')",
    "city_tier": "coalesce((SELECT profile.city_tier::text FROM identity_profile AS profile"
    " WHERE profile.resident_id = resident.id), '')",
    "city": "coalesce((SELECT profile.city FROM identity_profile AS profile"
    " WHERE profile.resident_id = resident.id), '')",
    "tenure": "CASE WHEN resident.created_at > %(moment)s::timestamptz - interval '90 days' THEN '1'"
    " WHEN resident.created_at > %(moment)s::timestamptz - interval '1 year' THEN '2' ELSE '3' END",
}
"""What residents are compared by. None of it is ever looked at by a signal."""

SQL = """
WITH named AS (
  SELECT party.resident_id, bool_or(held.state = 'voided') AS voided, bool_or(held.state = 'released') AS released,
    bool_or(held.state = 'open') AS open
  FROM risk_caseparty AS party JOIN risk_case AS held ON held.id = party.case_id
  WHERE held.opened_at >= %(since)s GROUP BY 1)
SELECT {group} AS member, count(*), count(named.resident_id), count(*) FILTER (WHERE named.open),
  count(*) FILTER (WHERE named.voided), count(*) FILTER (WHERE named.released)
FROM chronicle_resident AS resident LEFT JOIN named ON named.resident_id = resident.id
GROUP BY 1 ORDER BY 3 DESC, 2 DESC, 1 LIMIT 40
"""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group of residents, how many of them a case named in the last year, and how those cases ended."""

    member: str
    residents: int
    named: int
    open: int
    voided: int
    released: int

    @property
    def rate(self) -> int | None:
        """The named in permille of the group; None for a small group."""
        return self.named * 1_000 // self.residents if self.residents > SMALL_GROUP_MAX else None


def fairness(by: str, moment: datetime) -> list[GroupLine]:
    """Every group by ``grade``, ``city_tier``, ``city`` or ``tenure``, those with most named first. One query."""
    rows = db.fetch(SQL.format(group=GROUPS[by]), {"moment": moment, "since": moment - SEEN})
    return [GroupLine(*row) for row in rows]
