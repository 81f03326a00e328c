"""What the points still out may cost, in money: by relative stand-alone prices, and if everybody redeemed at once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from denizen.insight.central_bank.models import Assumption
from denizen.insight.central_bank.queries.assumptions import assumption_now, terms_of
from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.cohorts import CohortLine, Cohorts, cohorts
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.wealth import cell_of
from denizen.insight.central_bank.rules import expected, liability, rounded


@dataclass(frozen=True, slots=True)
class LiabilityLine:
    """One month of issue: points still expected to be redeemed, what is owed for them, and all of it at full value."""

    line: CohortLine
    expected: Fraction
    minor: int
    full_minor: int


@dataclass(frozen=True, slots=True)
class Liability:
    """``minor`` is rounded once, from the exact sum; ``full_minor``: everybody redeems everything at full value."""

    assumption: Assumption
    cohorts: Cohorts
    lines: tuple[LiabilityLine, ...]
    outstanding: Cell
    reserved: Cell
    expected: Fraction
    minor: int
    full_minor: int

    @property
    def months_to_serve(self) -> Fraction | None:
        """How many months the shops need to serve everybody, at their limit."""
        most = self.assumption.month_points_max
        return Fraction(self.outstanding.amount, most) if most else None


def liability_of(scope: Scope, clocks: Clocks) -> Liability | None:
    """As of the scope's end; None: nothing is assumed, so nothing can be said in money."""
    assumption = assumption_now()
    if assumption is None:
        return None
    terms = terms_of(assumption)
    known = cohorts(scope, clocks)
    lines = tuple(
        LiabilityLine(
            line,
            expected(line.cohort, terms),
            rounded(liability([line.cohort], terms)),
            rounded(line.outstanding.amount * terms.value),
        )
        for line in known.lines
    )
    outstanding = sum(line.outstanding.amount for line in known.lines)
    return Liability(
        assumption,
        known,
        lines,
        Cell(outstanding, "outstanding", Scope(until=scope.until)),
        cell_of("reserved", Scope(until=scope.until), clocks),
        sum((line.expected for line in lines), Fraction(0)),
        rounded(liability(known.cohorts(), terms)),
        rounded(outstanding * terms.value),
    )
