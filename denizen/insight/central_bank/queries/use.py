"""Whether points are of use: how fast they turn, who spends, what the same acts earn, what sleeps (P-28, guard 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from denizen.ground.ledger.queries.circulation import WALLET
from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.circulation import Circulation, circulation
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.summary import DAY, flow_sums, flow_tail
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


def balance_days(scope: Scope, clocks: Clocks) -> Cell:
    """What residents held at the end of every day of the scope, added up, from the kept sums."""
    first = scope.since or scope.until
    tail = flow_tail(clocks)
    held = flow_sums(clocks, since=None, until=first, tail=tail).amount(WALLET)
    moved = flow_sums(clocks, since=first, until=scope.until, step=DAY, tail=tail).by_step(WALLET)
    whole = 0
    for number in range(scope.days()):
        held += moved.get(first + timedelta(days=number), 0)
        whole += held
    return Cell(whole, "balance_days", scope)


def use(scope: Scope, clocks: Clocks) -> Use:
    sums = circulation(scope, clocks)
    end = replace(scope, since=None)
    return Use(
        sums,
        sums.cell("issued"),
        sums.cell("spent"),
        sums.cell("outstanding"),
        balance_days(scope, clocks),
        cell_of("residents", end, clocks),
        cell_of("spenders", end, clocks),
        dead_balances(end, clocks),
        scope.days(),
    )
