"""Movements of the ledger in words: why points came or went, who gave them, what he said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.identity.queries import names_of
from denizen.ground.ledger.queries import Code, Reason, Slot, StatementLine, reasons_of, statement
from denizen.kit import clock
from denizen.people.rulebook.queries import award_purpose, book_numbers, version_in_force
from denizen.people.standing.constants import CLASS_TITLES
from denizen.portal.words import chinese, of, spoken


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a statement. ``unit`` is empty for points; ``why`` is the human reason, where a person gave one."""

    posting: int
    entry: int | None
    title: str
    why: str
    amount: int
    unit: str
    at: datetime


def movements(resident: int, *, before: int | None, limit: int, slots: Iterable[Slot] = tuple(Slot)) -> list[Movement]:
    """A page of the statement of ``resident``, newest first. Five queries at most, whatever the page."""
    lines = statement(resident, before=before, limit=limit, slots=slots)
    reasons = reasons_of(line.posting for line in lines)
    names = names_of({person for line in lines for person in (line.other, line.named) if person is not None})
    rules = _rule_titles()
    return [_movement(line, reasons.get(line.posting), names, rules) for line in lines]


def _rule_titles() -> dict[str, str]:
    """Titles of the rules in force by the purpose of their postings; older rules are told in general words."""
    version = version_in_force(clock.now())
    book = book_numbers([version.number])[version.number] if version else None
    return {award_purpose(rule.code): spoken(rule.title) for rule in book.rules} if book else {}


def _movement(line: StatementLine, reason: Reason | None, names: dict[int, str], rules: dict[str, str]) -> Movement:
    classes = CLASS_TITLES.get(line.asset)
    return Movement(
        posting=line.posting,
        entry=line.entry,
        title=rules.get(line.purpose, title_of(line)) if line.code == Code.AWARD else title_of(line),
        why=_why(line, reason, names),
        amount=line.amount,
        unit=" n · " + classes[1 if chinese() else 0] if classes else "",
        at=line.effective_at,
    )


def title_of(line: StatementLine) -> str:
    if line.asset == "debt":
        return _("What was to be made up") if line.amount > 0 else _("To be made up later")
    return {
        Code.FUND: _("Budget"),
        Code.AWARD: _("Earned"),
        Code.GOODWILL: _("A surprise from the city") if line.purpose == "surprise" else _("Given by the city"),
        Code.SPEND: _("Used"),
        Code.TRANSFER: _("Received as a gift") if line.amount > 0 else _("Given away"),
        Code.EXPIRE: _("Ended"),
        Code.REVERSE: _("Taken back") if line.amount < 0 else _("Given back"),
        Code.CLAW_BACK: _("Taken back"),
        Code.REPAY: _("Made up for what was owed"),
        Code.CORRECTION: _("Corrected"),
        Code.REFUND: _("Refunded"),
    }[line.code]


def _why(line: StatementLine, reason: Reason | None, names: dict[int, str]) -> str:
    if reason is not None:
        by = _("%(name)s, %(department)s") % {"name": reason.staff_name, "department": of(reason, "department")}
        return f"{reason.words} — {by}" if reason.words else by
    person = line.other if line.other is not None else line.named
    if person is not None:
        return _("With %(name)s") % {"name": names.get(person, _("a resident"))}
    if line.code == Code.EXPIRE:
        return _("Their time was over.")
    return ""
