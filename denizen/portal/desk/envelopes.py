"""Envelopes with the words of the rule book in force: their names, what they are good for, when to be told."""

from __future__ import annotations

from dataclasses import dataclass

from denizen.ground.ledger.queries import BudgetLine, budget_codes, budget_report
from denizen.kit import clock
from denizen.people.rulebook.queries import Book, book_numbers, version_in_force
from denizen.portal.words import spoken


@dataclass(frozen=True, slots=True)
class EnvelopeTold:
    """One budget for its readers. ``state``: ``over`` (overrun), ``due`` (alarm reached) or empty."""

    line: BudgetLine
    title: str
    benefit: str
    alarm_at: int | None

    @property
    def state(self) -> str:
        if self.line.overrun and self.line.limited | bool(self.line.funded):
            return "over"
        return "due" if self.alarm_at is not None and self.line.left <= self.alarm_at else ""


def book_now() -> Book | None:
    version = version_in_force(clock.now())
    return book_numbers([version.number])[version.number] if version else None


def envelope_choices() -> list[tuple[str, str]]:
    """Code and title of every envelope of points."""
    book = book_now()
    titles = {budget.code: spoken(budget.title) for budget in book.budgets} if book else {}
    return [(code, titles.get(code, code)) for code in budget_codes()]


def envelopes() -> list[EnvelopeTold]:
    """All envelopes of points with what went in and out."""
    book = book_now()
    known = {budget.code: budget for budget in book.budgets} if book else {}
    return [
        EnvelopeTold(
            line,
            spoken(known[line.code].title) if line.code in known else line.code,
            spoken(known[line.code].benefit) if line.code in known else "",
            known[line.code].alarm_at if line.code in known else None,
        )
        for line in budget_report()
        if line.asset == "points"
    ]
