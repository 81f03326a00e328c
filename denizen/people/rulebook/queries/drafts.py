"""Drafts of the rule desk, with the problems that keep them from being proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import models

from denizen.ground.chronicle.kinds import SHAPES
from denizen.people.rulebook.models import Draft, DraftEnd
from denizen.people.rulebook.rules import Book, Problem, Reading, Rule, read_book

DRAFTS_MAX = 100


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its readers see it. ``version`` is the number it was handed over as; what has ended is only read.

    ``faults``: how many problems it had when it was saved, so that a list need not read every text again.
    """

    id: int
    title: str
    based_on: int | None
    text: str
    digest: str
    revision: int
    author: str
    started_at: datetime
    saved_by: str
    saved_at: datetime
    ended_at: datetime | None
    ended_by: str
    version: int | None
    faults: int

    @property
    def book(self) -> Book | None:
        """The book of the text; None while it cannot be read, then it is mended as text."""
        return read_draft(self.text).book

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong now, each with its line."""
        return read_draft(self.text).problems

    @property
    def open(self) -> bool:
        return self.ended_at is None

    @property
    def sound(self) -> bool:
        """Whether it can be tried, compared and handed over."""
        return bool(self.digest) and not self.faults


def draft_for(number: int) -> DraftView | None:
    """One draft, or nothing. Two queries."""
    found = _drafts().filter(pk=number).first()
    return _view(found, _endings([found]).get(number)) if found else None


def drafts(*, ended: bool = False) -> list[DraftView]:
    """Drafts that are worked on, or those that are done with, a hundred at most; newest saving first. Two queries."""
    ending = models.Exists(DraftEnd.objects.filter(draft=models.OuterRef("pk")))
    found = list(_drafts().filter(ending if ended else ~ending).order_by("-saved_at", "-pk")[:DRAFTS_MAX])
    endings = _endings(found)
    return [_view(draft, endings.get(draft.pk)) for draft in found]


def draft_book(number: int) -> Book | None:
    """The book of a draft when it is sound, for whoever tries or compares it."""
    found = draft_for(number)
    return found.book if found is not None and found.sound else None


def read_draft(text: str) -> Reading:
    """What a text of rules says, with every problem. Remembered, since a page reads the same text several times."""
    return _reading(text)


def unserving_rules(book: Book) -> tuple[Rule, ...]:
    """Rules that serve none of the three clauses of a user enterprise (A-03)."""
    return tuple(rule for rule in book.rules if not rule.clauses)


@lru_cache(maxsize=16)
def _reading(text: str) -> Reading:
    return read_book(text, SHAPES)


def _drafts() -> models.QuerySet[Draft]:
    return Draft.objects.select_related("author", "saved_by")


def _endings(found: list[Draft]) -> dict[int, DraftEnd]:
    return {end.draft_id: end for end in DraftEnd.objects.filter(draft__in=found).select_related("ended_by")}


def _view(draft: Draft, ending: DraftEnd | None) -> DraftView:
    return DraftView(
        id=draft.pk, title=draft.title, based_on=draft.based_on_id, text=draft.text, digest=draft.digest,
        revision=draft.revision, author=draft.author.name, started_at=draft.started_at, saved_by=draft.saved_by.name,
        saved_at=draft.saved_at, ended_at=ending.ended_at if ending else None,
        ended_by=ending.ended_by.name if ending else "", version=ending.version_id if ending else None,
        faults=draft.faults,
    )  # fmt: skip
