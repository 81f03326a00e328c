"""What a measure is, and the four ways to count one: flows, stages, cohorts, holdings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from denizen.ground.ledger.queries.circulation import Flow, Lines, cohort_lines, posting_lines, stage_lines
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.systems import purposes_of_stage, purposes_of_system
from denizen.insight.central_bank.queries.words import Text

Rows = Callable[[Scope, Clocks], Lines]
Weights = Mapping[Flow, int]


@dataclass(frozen=True, slots=True)
class Measure:
    """``unit``: points, contribution, residents, entries or part (of a coefficient). ``as_of``: counted up to a day.

    ``topics``: what the scope must name one of. ``weights``: which flows count and how, for measures that the daily
    summary keeps (``kept``: flows or cohorts).
    """

    code: str
    title: Text
    sentence: Text
    rows: Rows
    unit: str = "points"
    as_of: bool = False
    weights: Weights | None = None
    kept: str = ""
    topics: frozenset[str] = frozenset()


def plus(*flows: Flow) -> dict[Flow, int]:
    return dict.fromkeys(flows, 1)


def minus(*flows: Flow) -> dict[Flow, int]:
    return dict.fromkeys(flows, -1)


def purposes_in(scope: Scope, clocks: Clocks) -> list[str] | None:
    """The purposes a scope is narrowed to; None: all."""
    if scope.purpose:
        return [scope.purpose]
    if scope.stage:
        return purposes_of_stage(scope.stage, clocks.now)
    return purposes_of_system(scope.system, clocks.now) if scope.system else None


def moved(code: str, title: Text, sentence: Text, weights: Weights, *, as_of: bool = False) -> Measure:
    def rows(scope: Scope, clocks: Clocks) -> Lines:
        span = scope.span(clocks, cumulative=as_of)
        return posting_lines(weights, span, purposes=purposes_in(scope, clocks), account=scope.account)

    return Measure(code, title, sentence, rows, as_of=as_of, weights=weights, kept="flows")


def of_stage(code: str, title: Text, sentence: Text, weights: Weights) -> Measure:
    def rows(scope: Scope, clocks: Clocks) -> Lines:
        return stage_lines(weights, scope.span(clocks), grade=scope.grade, purposes=purposes_in(scope, clocks))

    return Measure(code, title, sentence, rows)


def of_cohort(code: str, title: Text, sentence: Text, weights: Weights, *, as_of: bool = False) -> Measure:
    def rows(scope: Scope, clocks: Clocks) -> Lines:
        return cohort_lines(weights, scope.span(clocks, cumulative=as_of), zone=clocks.zone, cohort=scope.cohort)

    return Measure(code, title, sentence, rows, as_of=as_of, weights=weights, kept="cohorts")


def held(
    code: str, title: Text, sentence: Text, rows: Rows, unit: str, topics: frozenset[str] = frozenset()
) -> Measure:
    return Measure(code, title, sentence, rows, unit=unit, as_of=True, topics=topics)
