"""Points by the month in which they were issued: what became of them, how fast, and what that says of the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.measures import MEASURES
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.summary import CohortSums, cohort_sums
from denizen.insight.central_bank.rules import (
    Cohort,
    age_in_months,
    is_finished,
    months_on,
    ratio,
    redeemed_between,
)

PARTS = ("cohort_issued", "cohort_redeemed", "cohort_expired", "cohort_settled", "cohort_outstanding")


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One month of issue as of the scope's end. ``ages``: shares redeemed by the end of each month of age."""

    month: date
    issued: Cell
    redeemed: Cell
    expired: Cell
    settled: Cell
    outstanding: Cell
    age: int
    ages: tuple[Fraction | None, ...]

    @property
    def cohort(self) -> Cohort:
        return Cohort(self.issued.amount, self.redeemed.amount, self.outstanding.amount)

    @property
    def between(self) -> tuple[Fraction, Fraction] | None:
        """The share that will have been redeemed in the end lies between these, whatever happens."""
        return redeemed_between(self.issued.amount, self.redeemed.amount, self.outstanding.amount)


@dataclass(frozen=True, slots=True)
class Cohorts:
    lines: tuple[CohortLine, ...]

    def cohorts(self) -> list[Cohort]:
        return [line.cohort for line in self.lines]

    @property
    def finished(self) -> int:
        """How many months have next to nothing left."""
        return sum(is_finished(line.cohort) for line in self.lines)

    def experience(self) -> tuple[Fraction, Fraction] | None:
        """Between which shares finished months were redeemed; None: none is finished, it is too young to tell."""
        shares = [Fraction(line.redeemed.amount, line.issued.amount) for line in self.lines if is_finished(line.cohort)]
        return (min(shares), max(shares)) if shares else None


def cohorts(scope: Scope, clocks: Clocks) -> Cohorts:
    """All months of issue, the oldest first, with whatever happened before the scope ends. Three queries."""
    sums = cohort_sums(clocks, until=scope.until)
    return Cohorts(tuple(_line(sums, month, scope.until) for month in sums.cohorts()))


def _line(sums: CohortSums, month: date, until: date) -> CohortLine:
    cells = {code: Cell(_amount(sums, code, month), code, Scope(until=until, cohort=month)) for code in PARTS}
    last = until - timedelta(days=1)
    age = age_in_months(month, last)
    issued = cells["cohort_issued"].amount
    ages = tuple(
        ratio(_amount(sums, "cohort_redeemed", month, months_on(month, step)), issued) for step in range(age + 1)
    )
    return CohortLine(
        month, cells["cohort_issued"], cells["cohort_redeemed"], cells["cohort_expired"], cells["cohort_settled"],
        cells["cohort_outstanding"], age, ages,
    )  # fmt: skip


def _amount(sums: CohortSums, code: str, cohort: date, until_step: date | None = None) -> int:
    weights = MEASURES[code].weights
    return sums.amount(weights, cohort=cohort, until_step=until_step) if weights else 0
