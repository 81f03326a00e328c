"""The figures of circulation, from the kept sums: what moved in each step, and what stood at its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.measures import MEASURES
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.summary import MONTH, WHOLE, FlowSums, flow_sums, flow_tail, step_of
from denizen.insight.central_bank.rules import months_on

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Circulation:
    """Sums before the span and in it, step by step. Every number is a cell."""

    scope: Scope
    step: str
    before: FlowSums
    within: FlowSums

    def steps(self) -> list[Scope]:
        """The scopes of the steps: whole months or weeks, cut at both ends of the span."""
        found, first = [], step_of(self.scope.since or self.scope.until, self.step)
        while first < self.scope.until:
            following = next_step(first, self.step)
            since = max(first, self.scope.since or first)
            found.append(self.scope.on(since, min(following, self.scope.until)))
            first = following
        return found

    def cell(
        self,
        measure: str,
        scope: Scope | None = None,
        *,
        purposes: frozenset[str] | None = None,
        account: int | None = None,
        narrowed: Scope | None = None,
    ) -> Cell:
        """The measure in one step of the span, or in all of it. ``narrowed`` is what the address of its rows says."""
        where = scope or self.scope
        known = MEASURES[measure]
        weights = known.weights
        if weights is None:
            raise LookupError(f"{measure} is not kept by day")
        if known.as_of:
            amount = self.before.amount(weights, purposes=purposes, account=account) + sum(
                self.within.amount(
                    weights, step=step_of(each.since or each.until, self.step), purposes=purposes, account=account
                )
                for each in self.steps()
                if each.until <= where.until
            )
        elif scope is None:
            amount = self.within.amount(weights, purposes=purposes, account=account)
        else:
            amount = self.within.amount(
                weights, step=step_of(where.since or where.until, self.step), purposes=purposes, account=account
            )
        shown = replace(narrowed, since=where.since, until=where.until) if narrowed else where
        return Cell(amount, measure, replace(shown, account=account if account is not None else shown.account))

    def opening(self, measure: str, scope: Scope) -> Cell:
        """A measure counted as of a day, before the span began."""
        return Cell(self.before.amount(MEASURES[measure].weights or {}), measure, scope)


def next_step(first: date, step: str) -> date:
    return months_on(first, 1) if step == MONTH else first + timedelta(days=WEEK_DAYS)


def circulation(scope: Scope, clocks: Clocks, *, step: str = MONTH) -> Circulation:
    """Four queries, whatever is asked of it."""
    tail = flow_tail(clocks)
    before = flow_sums(clocks, since=None, until=scope.since or scope.until, step=WHOLE, tail=tail)
    within = flow_sums(clocks, since=scope.since or scope.until, until=scope.until, step=step, tail=tail)
    return Circulation(scope, step, before, within)
