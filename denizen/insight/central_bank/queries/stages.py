"""Earning and spending by stage of life: what a resident was when it happened, and what the rules pay for (B-03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from denizen.ground.identity.constants import Grade
from denizen.ground.ledger.queries.circulation import Flow, stage_sums
from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.measures import ISSUED, SPENT
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.summary import flow_sums
from denizen.insight.central_bank.queries.systems import LIFE_STAGES, purposes_by_stage, rules_by_stage
from denizen.insight.central_bank.queries.words import Text

GRADE_TITLES: Mapping[Grade, Text] = {
    Grade.FAN: Text("Fan", "粉丝"),
    Grade.DEPOSITOR: Text("Depositor", "意向用户"),
    Grade.OWNER: Text("Owner", "车主"),
    Grade.FOUNDER_OWNER: Text("Founder-edition owner", "创始版车主"),
    Grade.FORMER_OWNER: Text("Former owner", "前车主"),
}


@dataclass(frozen=True, slots=True)
class GradeLine:
    grade: Grade
    issued: Cell
    spent: Cell


@dataclass(frozen=True, slots=True)
class LifeLine:
    """A stage of row B-03: how many rules in force pay at it, and what they paid in the span."""

    stage: str
    rules: int
    issued: Cell


def grade_lines(scope: Scope, clocks: Clocks) -> list[GradeLine]:
    """Every grade, also one at which nothing moved. One query over the postings of the span."""
    sums = stage_sums(scope.span(clocks))

    def cell(measure: str, weights: Mapping[Flow, int], grade: Grade) -> Cell:
        amount = sum(weight * sums.get((grade.value, flow), 0) for flow, weight in weights.items())
        return Cell(amount, measure, Scope(until=scope.until, since=scope.since, grade=grade.value))

    return [GradeLine(grade, cell("stage_issued", ISSUED, grade), cell("stage_spent", SPENT, grade)) for grade in Grade]


def life_lines(scope: Scope, clocks: Clocks) -> list[LifeLine]:
    """Every stage of life, in the order of row B-03."""
    sums = flow_sums(clocks, since=scope.since, until=scope.until)
    rules, purposes = rules_by_stage(clocks.now), purposes_by_stage(clocks.now)
    return [
        LifeLine(
            stage,
            len(rules[stage]),
            Cell(
                sums.amount(ISSUED, purposes=purposes[stage]),
                "issued",
                Scope(until=scope.until, since=scope.since, stage=stage),
            ),
        )
        for stage in LIFE_STAGES
    ]
