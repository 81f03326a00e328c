"""Whether points are of use: how fast they turn, who spends, what the same acts earn, what sleeps (P-28, guard 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.circulation import Circulation, circulation
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.wealth import DeadBalances, cell_of, dead_balances
from denizen.insight.central_bank.rules import ratio


@dataclass(frozen=True, slots=True)
class Use:
    """``balance_days``: the points outstanding at the end of each day, added up; over ``days`` it is the average."""

    sums: Circulation
    issued: Cell
    spent: Cell
    outstanding: Cell
    balance_days: Cell
    residents: Cell
    spenders: Cell
    dead: DeadBalances
    days: int

    @property
    def average(self) -> Fraction | None:
        return ratio(self.balance_days.amount, self.days)

    @property
    def velocity(self) -> Fraction | None:
        """Spent over the average outstanding: how often a point was used in the span."""
        average = self.average
        return self.spent.amount / average if average else None

    @property
    def spent_of_issued(self) -> Fraction | None:
        return ratio(self.spent.amount, self.issued.amount)

    @property
    def ever_spent(self) -> Fraction | None:
        return ratio(self.spenders.amount, self.residents.amount)

    @property
    def dead_share(self) -> Fraction | None:
        return ratio(self.dead.points.amount, self.outstanding.amount)


def use(scope: Scope, clocks: Clocks) -> Use:
    sums = circulation(scope, clocks)
    end = replace(scope, since=None)
    return Use(
        sums,
        sums.cell("issued"),
        sums.cell("spent"),
        sums.cell("outstanding"),
        cell_of("balance_days", scope, clocks),
        cell_of("residents", end, clocks),
        cell_of("spenders", end, clocks),
        dead_balances(end, clocks),
        scope.days(),
    )
