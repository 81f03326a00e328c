"""Changes of the rule book for their readers: what differs, what it takes, how long it was announced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from denizen.ground.chronicle.kinds import SHAPES
from denizen.people.rulebook.queries import (
    Book,
    Change,
    Difference,
    Succession,
    Taking,
    Text,
    Voice,
    book_numbers,
    sentence,
)
from denizen.portal.words import chinese, language, spoken
from denizen.shell.figures import day

SHARED = ("table", "shared_cap", "budget")
"""Parts that several rules draw on: a change of one names them."""


@dataclass(frozen=True, slots=True)
class ChangeTold:
    """One difference as a sentence; ``rules`` are those it touches, named where the sentence does not name them."""

    words: str
    rules: tuple[str, ...]
    only_words: bool


@dataclass(frozen=True, slots=True)
class VersionTold:
    """A version with the way it came about. ``days``: whole days between its approval and its beginning."""

    number: int
    before: int
    effective_from: datetime
    approved_at: datetime | None
    days: int
    changes: tuple[ChangeTold, ...]
    takings: tuple[str, ...]
    note: str
    proposed: str
    approved: str
    positions: tuple[Voice, ...]


def changes_told(found: Iterable[Difference], *books: Book, since: datetime | None = None) -> tuple[ChangeTold, ...]:
    """Differences in sentences; with ``since``, from that day on. ``books``: whose rules are named."""
    titles = {rule.code: spoken(rule.title) for book in books for rule in book.rules}
    when = Text(day(since), f"自{day(since)}") if since is not None else None
    return tuple(
        ChangeTold(
            spoken(sentence(each, since=when, shapes=SHAPES)),
            tuple(titles.get(code, code) for code in each.rules) if each.part in SHARED else (),
            each.only_words,
        )
        for each in found
    )


def takings_told(found: Iterable[Taking]) -> tuple[str, ...]:
    return tuple(each.message(language()) for each in found)


def version_told(succession: Succession, change: Change) -> VersionTold:
    """A version beside the one it follows. The note is the proposer's, so it is told in the words he wrote."""
    return VersionTold(
        number=succession.number,
        before=succession.before,
        effective_from=succession.effective_from,
        approved_at=change.approved.at if change.approved else None,
        days=succession.notice.days,
        changes=changes_told(succession.differences, *_books(succession), since=succession.effective_from),
        takings=takings_told(succession.takings),
        note=change.note,
        proposed=signature(change.proposed.name, change.proposed.department_en, change.proposed.department_zh),
        approved=signature(change.approved.name, change.approved.department_en, change.approved.department_zh)
        if change.approved
        else "",
        positions=change.positions,
    )


def _books(succession: Succession) -> list[Book]:
    """Both books, the later one last, so that its titles count."""
    found = book_numbers([succession.before, succession.number])
    return [found[number] for number in sorted(found)]


def signature(name: str, department_en: str, department_zh: str) -> str:
    """Who signed, and for which department; empty for the house."""
    department = department_zh if chinese() else department_en
    if not name or not department:
        return name
    return f"{name}（{department}）" if chinese() else f"{name} ({department})"
