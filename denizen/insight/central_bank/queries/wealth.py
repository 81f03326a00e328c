"""Concentration and dead balances as of a day: exact fractions, each of rows that add up to its parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from denizen.ground.ledger.queries import Asset
from denizen.ground.ledger.queries.circulation import count, kept, tenths, total
from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.measures import MEASURES
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.rules import gini, ratio

CODES = {Asset.POINTS: "points", Asset.CONTRIBUTION: "contribution"}


@dataclass(frozen=True, slots=True)
class Concentration:
    """How unevenly one asset is held among all ``residents``; ``holders`` of them hold some."""

    residents: int
    holders: int
    held: Cell
    top: Cell
    numerator: Cell
    tenths: tuple[Cell, ...]

    @property
    def gini(self) -> Fraction | None:
        return gini(self.numerator.amount, self.residents, self.held.amount)

    @property
    def top_share(self) -> Fraction | None:
        return ratio(self.top.amount, self.held.amount)


def cell_of(code: str, scope: Scope, clocks: Clocks) -> Cell:
    """A measure that is not kept by day, summed from its rows. One query."""
    return Cell(total(MEASURES[code].rows(scope, clocks)), code, scope)


def concentration(asset: Asset, scope: Scope, clocks: Clocks) -> Concentration:
    """Four queries."""
    there = kept(asset, scope.as_of(clocks))
    word = CODES[asset]
    return Concentration(
        there.residents,
        there.holders,
        Cell(there.amount, f"{word}_held", scope),
        cell_of(f"{word}_top", scope, clocks),
        cell_of(f"{word}_gini", scope, clocks),
        tuple(
            Cell(amount, f"{word}_tenth", replace(scope, topic=str(tenth)))
            for tenth, amount in sorted(tenths(asset, scope.as_of(clocks)).items())
        ),
    )


@dataclass(frozen=True, slots=True)
class DeadBalances:
    points: Cell
    residents: int


def dead_balances(scope: Scope, clocks: Clocks) -> DeadBalances:
    lines = MEASURES["dead"].rows(scope, clocks)
    return DeadBalances(Cell(total(lines), "dead", scope), count(lines))
