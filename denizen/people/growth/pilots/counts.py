"""What residents of some cities did before and during a pilot, counted where they lived at that moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.ledger.constants import Code
from denizen.kit import db
from denizen.people.growth.models import Decision
from denizen.people.growth.pilots.estimate import CityCount
from denizen.people.rulebook.queries import award_purpose

LIVED = """
WITH lived AS (
  SELECT resident_id, city, since,
    coalesce(lead(since) OVER (PARTITION BY resident_id ORDER BY since), 'infinity') AS until
  FROM identity_residence
), stay AS (
  SELECT resident_id, city, greatest(since, %(before)s) AS since, least(until, %(until)s) AS until
  FROM lived WHERE city = ANY(%(cities)s) AND since < %(until)s AND until > %(before)s
)"""
COUNTED = """
  stay JOIN chronicle_entry AS e ON e.resident_id = stay.resident_id
    AND e.occurred_at >= stay.since AND e.occurred_at < stay.until AND e.kind_id = %(kind)s
  JOIN growth_decision AS d ON d.entry_id = e.id AND d.outcome <> %(dismissed)s
  WHERE NOT EXISTS (SELECT 1 FROM growth_undoing AS u WHERE u.original_id = e.id)"""
"""An act counts when it was decided, not dismissed, and was not taken back later."""

TIME_SQL = (
    LIVED
    + """
SELECT city, count(DISTINCT resident_id),
  coalesce(sum(extract(epoch FROM least(until, %(begins)s) - since)) FILTER (WHERE since < %(begins)s), 0)::bigint,
  coalesce(sum(extract(epoch FROM until - greatest(since, %(begins)s))) FILTER (WHERE until > %(begins)s), 0)::bigint
FROM stay GROUP BY city
"""
)
ACTS_SQL = (
    LIVED
    + f"""
SELECT stay.city, e.occurred_at >= %(begins)s, count(*), count(DISTINCT e.resident_id)
FROM {COUNTED} GROUP BY 1, 2
"""
)
ROWS_SQL = (
    LIVED
    + f"""
SELECT e.id, e.resident_id, e.occurred_at FROM {COUNTED}
  AND (e.occurred_at >= %(begins)s) = %(during)s AND e.id > %(after)s ORDER BY e.id LIMIT %(limit)s
"""
)
PAID_SQL = """
SELECT coalesce(sum(p.amount - coalesce(back.amount, 0)), 0)::bigint
FROM ledger_purpose AS purpose JOIN ledger_posting AS p ON p.purpose_id = purpose.id AND p.code = %s
LEFT JOIN LATERAL (SELECT sum(r.amount) AS amount FROM ledger_posting AS r WHERE r.reverses_id = p.id) AS back ON true
WHERE purpose.code = %s AND p.effective_at >= %s AND p.effective_at < %s
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Before and during, equally long: from ``before`` to ``begins``, from ``begins`` to ``until``."""

    before: datetime
    begins: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """One entry that was counted."""

    entry: int
    resident: int
    occurred_at: datetime


def city_counts(*, kind: str, pilot: Collection[str], others: Collection[str], window: Window) -> tuple[CityCount, ...]:
    """Every city in order: those of the pilot, then the others; also those where nobody lives. Two queries."""
    asked = _asked(kind, [*pilot, *others], window)
    lived = {city: (residents, *seconds) for city, residents, *seconds in db.fetch(TIME_SQL, asked)}
    acts = {(city, during): (times, doers) for city, during, times, doers in db.fetch(ACTS_SQL, asked)}
    return tuple(_city(city, city in pilot, lived, acts) for city in dict.fromkeys([*pilot, *others]))


def acts_counted(*, kind: str, city: str, window: Window, during: bool, after: int = 0, limit: int = 100) -> list[Act]:
    """The entries one number of ``city_counts`` is the sum of, in order of their keys, after the key ``after``."""
    asked = {**_asked(kind, [city], window), "during": during, "after": after, "limit": limit}
    return [Act(*row) for row in db.fetch(ROWS_SQL, asked)]


def paid_by(rule: str, window: Window) -> int:
    """What the rule paid for what happened during the pilot, less what was taken back."""
    found = db.fetch(PAID_SQL, (Code.AWARD.value, award_purpose(rule), window.begins, window.until))
    return int(found[0][0])


def _asked(kind: str, cities: list[str], window: Window) -> dict[str, object]:
    return {
        "kind": KINDS[kind].number, "cities": cities, "before": window.before, "begins": window.begins,
        "until": window.until, "dismissed": Decision.Outcome.DISMISSED.value,
    }  # fmt: skip


def _city(
    city: str, pilot: bool, lived: dict[str, tuple[int, ...]], acts: dict[tuple[str, bool], tuple[int, int]]
) -> CityCount:
    residents, before, during = lived.get(city, (0, 0, 0))
    times_before, doers_before = acts.get((city, False), (0, 0))
    times_during, doers_during = acts.get((city, True), (0, 0))
    return CityCount(
        city=city, pilot=pilot, residents=residents, seconds_before=before, seconds_during=during,
        acts_before=times_before, acts_during=times_during, doers_before=doers_before, doers_during=doers_during,
    )  # fmt: skip
