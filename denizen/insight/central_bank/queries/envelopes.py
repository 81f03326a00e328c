"""Envelopes: what each is good for, how fast it is used, when it will be used up (A-43, P-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from denizen.ground.ledger.queries import budget_accounts_known
from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.circulation import Circulation, circulation
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.words import Text
from denizen.insight.central_bank.rules import exhausted_on, ratio
from denizen.people.rulebook.queries import book_numbers, version_in_force

PACE_DAYS = 90


@dataclass(frozen=True, slots=True)
class EnvelopeLine:
    """One envelope as of the scope's end. ``pace``: what it gave, net, in the last 90 days; ``ends_on``: at that pace.

    ``benefit`` names what a resident has of it; empty: the rule book does not say.
    """

    account: int
    code: str
    title: Text
    benefit: Text
    limited: bool
    alarm_at: int | None
    funded: Cell
    granted: Cell
    returned: Cell
    pace: Cell
    drawn: Cell
    ends_on: date | None

    @property
    def left(self) -> int:
        return self.funded.amount - self.granted.amount + self.returned.amount

    @property
    def has_limit(self) -> bool:
        return self.limited or self.funded.amount > 0

    @property
    def state(self) -> str:
        """``over``, ``due`` (its alarm rings), ``calm``, or ``open`` where nothing was ever put in."""
        if not self.has_limit:
            return "open"
        if self.left < 0:
            return "over"
        return "due" if self.alarm_at is not None and self.left <= self.alarm_at else "calm"


@dataclass(frozen=True, slots=True)
class Envelopes:
    lines: tuple[EnvelopeLine, ...]
    sums: Circulation

    @property
    def named_share(self) -> Fraction | None:
        """What of the net expense of the span names the benefit a resident has of it."""
        named = sum(line.drawn.amount for line in self.lines if line.benefit.en)
        return ratio(named, sum(line.drawn.amount for line in self.lines))

    @property
    def ringing(self) -> list[EnvelopeLine]:
        return [line for line in self.lines if line.state in {"over", "due"}]


def envelopes(scope: Scope, clocks: Clocks) -> Envelopes:
    """All envelopes of points, in the order in which they were opened."""
    sums = circulation(scope, clocks)
    recent = circulation(Scope(until=scope.until, since=scope.until - timedelta(days=PACE_DAYS)), clocks)
    version = version_in_force(clocks.now)
    book = book_numbers([version.number])[version.number] if version else None
    words = {budget.code: budget for budget in book.budgets} if book else {}
    lines = []
    for account, code, limited in budget_accounts_known():
        cells = {name: sums.cell(name, account=account) for name in ("funded", "granted", "returned", "drawn")}
        pace = recent.cell("drawn", account=account)
        told = words.get(code)
        left = cells["funded"].amount - cells["granted"].amount + cells["returned"].amount
        lines.append(
            EnvelopeLine(
                account, code,
                Text(told.title.en, told.title.zh) if told else Text(code, code),
                Text(told.benefit.en, told.benefit.zh) if told else Text("", ""),
                limited, told.alarm_at if told else None,
                cells["funded"], cells["granted"], cells["returned"], pace, cells["drawn"],
                exhausted_on(left, pace.amount, PACE_DAYS, scope.until - timedelta(days=1))
                if limited or cells["funded"].amount else None,
            )
        )  # fmt: skip
    return Envelopes(tuple(lines), sums)
