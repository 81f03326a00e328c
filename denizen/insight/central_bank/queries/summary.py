"""Sums by day: what the daily summary keeps, and what was recorded since, straight from the journal.

A day of recording that is over is in the summary; ``seam`` is where the journal takes over. Every sum asks both, so it
is exact at any moment, and the journal is asked for little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max

from denizen.ground.ledger.queries.circulation import Flow, cohort_days, flow_days
from denizen.insight.central_bank.models import DayFigures
from denizen.insight.central_bank.queries.scope import Clocks
from denizen.kit import db

MONTH, WEEK, DAY, WHOLE = "month", "week", "day", "whole"
STEPS = {
    MONTH: "date_trunc('month', effective_on)::date",
    WEEK: "date_trunc('week', effective_on)::date",
    DAY: "effective_on",
    WHOLE: "date '2000-01-01'",
}


@dataclass(frozen=True, slots=True)
class FlowKey:
    """``step`` is the first day of the month or week (2000-01-01 for the whole)."""

    step: date
    flow: str
    purpose: str
    account: int


Moved = tuple[int, int]
"""Points, and by how many postings."""


@dataclass(frozen=True, slots=True)
class FlowSums:
    """Sums of one span. Narrow them by whatever a key says."""

    sums: Mapping[FlowKey, Moved]

    def amount(
        self,
        weights: Mapping[Flow, int],
        *,
        step: date | None = None,
        purposes: frozenset[str] | None = None,
        account: int | None = None,
    ) -> int:
        times = {str(flow): weight for flow, weight in weights.items()}
        return sum(
            times[key.flow] * amount
            for key, (amount, _) in self.sums.items()
            if key.flow in times
            and (step is None or key.step == step)
            and (purposes is None or key.purpose in purposes)
            and (account is None or key.account == account)
        )

    def by_step(self, weights: Mapping[Flow, int]) -> dict[date, int]:
        """The amounts of all steps at which something moved."""
        times = {str(flow): weight for flow, weight in weights.items()}
        found: dict[date, int] = defaultdict(int)
        for key, (amount, _) in self.sums.items():
            found[key.step] += times.get(key.flow, 0) * amount
        return found


def seam(clocks: Clocks) -> datetime | None:
    """From when on the journal itself is asked; None: always, nothing is summed yet."""
    last = DayFigures.objects.aggregate(last=Max("recorded_on"))["last"]
    return clocks.midnight(last + timedelta(days=1)) if last else None


Tail = list[tuple[Any, ...]]


def flow_tail(clocks: Clocks) -> Tail:
    """What was recorded since the last kept day, summed by day. Two queries."""
    return flow_days(zone=clocks.zone, known_from=seam(clocks), known_until=None)


def flow_sums(
    clocks: Clocks, *, since: date | None, until: date, step: str = WHOLE, tail: Tail | None = None
) -> FlowSums:
    """Everything that happened on ``since <= day < until``. One query, and two for the tail where none is handed in."""
    found: dict[FlowKey, list[int]] = defaultdict(lambda: [0, 0])
    rows = db.fetch(
        f"SELECT {STEPS[step]}, flow, purpose, account, sum(amount)::bigint, sum(postings)::bigint"
        " FROM central_bank_dayflow WHERE effective_on < %(until)s::date"
        " AND (%(since)s::date IS NULL OR effective_on >= %(since)s::date) GROUP BY 1, 2, 3, 4",
        {"since": since, "until": until},
    )
    recent = flow_tail(clocks) if tail is None else tail
    rows += [(step_of(day, step), *rest) for _, day, *rest in recent if day < until and (since is None or day >= since)]
    for first, flow, purpose, account, amount, postings in rows:
        kept = found[FlowKey(first, flow, purpose, account)]
        kept[0] += amount
        kept[1] += postings
    return FlowSums({key: (amount, postings) for key, (amount, postings) in found.items()})


@dataclass(frozen=True, slots=True)
class CohortKey:
    cohort: date
    step: date
    flow: str


@dataclass(frozen=True, slots=True)
class CohortSums:
    sums: Mapping[CohortKey, int]

    def amount(self, weights: Mapping[Flow, int], *, cohort: date | None = None, until_step: date | None = None) -> int:
        times = {str(flow): weight for flow, weight in weights.items()}
        return sum(
            times[key.flow] * amount
            for key, amount in self.sums.items()
            if key.flow in times
            and (cohort is None or key.cohort == cohort)
            and (until_step is None or key.step <= until_step)
        )

    def cohorts(self) -> list[date]:
        return sorted({key.cohort for key in self.sums})


def cohort_sums(clocks: Clocks, *, until: date) -> CohortSums:
    """Movements of lots that happened before ``until``, by month of issue and month of happening. Three queries."""
    found: dict[CohortKey, int] = defaultdict(int)
    rows = db.fetch(
        f"SELECT cohort_on, {STEPS[MONTH]}, flow, sum(amount)::bigint FROM central_bank_daycohort"
        " WHERE effective_on < %s::date GROUP BY 1, 2, 3",
        (until,),
    )
    tail = cohort_days(zone=clocks.zone, known_from=seam(clocks), known_until=None)
    rows += [(cohort, step_of(day, MONTH), flow, amount) for _, day, cohort, flow, amount in tail if day < until]
    for cohort, month, flow, amount in rows:
        found[CohortKey(cohort, month, flow)] += amount
    return CohortSums(found)


def step_of(day: date, step: str) -> date:
    """The first day of the step ``day`` lies in."""
    if step == MONTH:
        return day.replace(day=1)
    if step == WEEK:
        return day - timedelta(days=day.weekday())
    return day if step == DAY else date(2000, 1, 1)
