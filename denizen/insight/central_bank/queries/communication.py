"""Incentives beside daily communication and satisfaction: never the one without the others (A-46)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from denizen.ground.chronicle.queries.tallies import active_months, entry_months, mean_ratings
from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.circulation import Circulation, circulation
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.topics import TOPICS
from denizen.insight.central_bank.rules import same_acts_index

RATED = ("evaluation_submitted",)


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One month: points issued and spent, behaviours by topic, the mean score of evaluations in percent."""

    month: date
    issued: Cell
    spent: Cell
    topics: dict[str, Cell]
    active: Cell
    score: Fraction | None
    same_acts: tuple[int, Fraction] | None


def talk_lines(scope: Scope, clocks: Clocks) -> list[TalkLine]:
    """Every month of the span. ``same_acts``: how many kinds of act are compared with the first month that has any, and
    what they earn now over what they earned then."""
    span = scope.span(clocks)
    since, until = span.since or clocks.midnight(scope.until), span.until
    zone = clocks.zone
    counts, active = (
        entry_months(zone=zone, since=since, until=until),
        active_months(zone=zone, since=since, until=until),
    )
    scores = mean_ratings(zone=zone, since=since, until=until, kinds=RATED, field="score")
    sums = circulation(scope, clocks)
    base: dict[str, tuple[int, int]] = {}
    lines = []
    for step in sums.steps():
        month = (step.since or step.until).replace(day=1)
        paid = paid_by_rule(sums, month)
        base = base or paid
        score = scores.get(month)
        lines.append(
            TalkLine(
                month,
                sums.cell("issued", step),
                sums.cell("spent", step),
                {
                    code: Cell(
                        sum(counts.get((month, kind), 0) for kind in topic.kinds), "talk",
                        Scope(until=step.until, since=step.since, topic=code),
                    )
                    for code, topic in TOPICS.items()
                },
                Cell(active.get(month, 0), "active", step),
                Fraction(score[0], score[1]) if score else None,
                same_acts_index(base, paid) if base else None,
            )
        )  # fmt: skip
    return lines


def paid_by_rule(sums: Circulation, month: date) -> dict[str, tuple[int, int]]:
    """Points and awards of each rule in a month."""
    found: dict[str, tuple[int, int]] = {}
    for key, (amount, postings) in sums.within.sums.items():
        if key.flow == "award" and key.step == month:
            points, times = found.get(key.purpose, (0, 0))
            found[key.purpose] = (points + amount, times + postings)
    return found
