"""What was said and decided about versions: positions, answers, checks, supervision, feedback."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from denizen.people.rulebook.cycle_models import OfficeRow
from denizen.people.rulebook.models import (
    Feedback,
    FeedbackTaken,
    Position,
    PositionAnswer,
    ResultCheck,
    Supervision,
    Trial,
    Waiver,
    Words,
)


@dataclass(frozen=True, slots=True)
class Office:
    """Who did something, for which department, when. ``staff`` is his key, 0 for the house."""

    staff: int
    name: str
    department_en: str
    department_zh: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wording:
    """Words with the language they were written in; ``text`` is empty where they were emptied."""

    id: int
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Answer:
    decision: str
    words: Wording | None
    office: Office


@dataclass(frozen=True, slots=True)
class Voice:
    """A position of the users' spokesperson (``for``, ``against``, ``conditions``) and what was decided about it."""

    id: int
    number: int
    stand: str
    words: Wording
    office: Office
    answer: Answer | None

    @property
    def overruled(self) -> bool:
        return self.answer is not None and self.answer.decision == PositionAnswer.Decision.OVERRULED

    @property
    def open(self) -> bool:
        """Whether somebody still has to decide about it."""
        return self.answer is None and self.stand != Position.Stand.FOR


@dataclass(frozen=True, slots=True)
class Check:
    number: int
    verdict: str
    words: Wording
    figures: Mapping[str, int]
    review_on: date
    office: Office


@dataclass(frozen=True, slots=True)
class Watch:
    """An act of supervision: what was seen, and what was told to whom."""

    number: int
    seen: Wording
    fed_back: Wording | None
    office: Office


@dataclass(frozen=True, slots=True)
class Heard:
    """A feedback, and the versions that took it up."""

    id: int
    number: int
    rule: str
    origin: str
    words: Wording
    office: Office
    taken_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    digest: str
    run: str
    summary: Mapping[str, int]
    office: Office


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was left out: ``trial`` or ``position``."""

    number: int
    missing: str
    words: Wording
    office: Office


def positions_for(numbers: Iterable[int]) -> dict[int, tuple[Voice, ...]]:
    """What the users' spokesperson said about each version and what was decided, oldest first (A-40). Two queries."""
    rows = list(_signed(Position, "words").filter(book__in=set(numbers)))
    answers = {
        row.position_id: Answer(row.decision, _wording(row.words) if row.words else None, _office(row))
        for row in _signed(PositionAnswer, "words", key="position_id").filter(position__in=[row.pk for row in rows])
    }
    return _grouped(
        (row.book_id, Voice(row.pk, row.book_id, row.stand, _wording(row.words), _office(row), answers.get(row.pk)))
        for row in rows
    )


def checks_for(numbers: Iterable[int]) -> dict[int, tuple[Check, ...]]:
    """Result checks of each version, oldest first. One query."""
    return _grouped(
        (row.book_id, Check(
            row.book_id, row.verdict, _wording(row.words), row.figures, row.review_on, _office(row)
        ))
        for row in _signed(ResultCheck, "words").filter(book__in=set(numbers))
    )  # fmt: skip


def supervision_for(numbers: Iterable[int]) -> dict[int, tuple[Watch, ...]]:
    """Acts of supervision over each version, oldest first. One query."""
    return _grouped(
        (row.book_id, Watch(
            row.book_id, _wording(row.seen), _wording(row.fed_back) if row.fed_back else None, _office(row)
        ))
        for row in _signed(Supervision, "seen", "fed_back").filter(book__in=set(numbers))
    )  # fmt: skip


def feedback_for(numbers: Iterable[int]) -> dict[int, tuple[Heard, ...]]:
    """What was said about each version, oldest first, with the versions that took it up (P-14). Two queries."""
    return _grouped((each.number, each) for each in _heard(Feedback.objects.filter(book__in=set(numbers))))


def feedback_taken_by(numbers: Iterable[int]) -> dict[int, tuple[Heard, ...]]:
    """The feedback that each version takes up (P-14), oldest first. Three queries."""
    wanted = set(numbers)
    taken = FeedbackTaken.objects.filter(book__in=wanted).values("feedback")
    return _grouped(
        (number, each)
        for each in _heard(Feedback.objects.filter(pk__in=taken))
        for number in each.taken_by
        if number in wanted
    )


def trials_of(digests: Iterable[str]) -> dict[str, tuple[Tried, ...]]:
    """Trials of each content, oldest first. One query."""
    return _grouped(
        (row.digest, Tried(row.digest, row.run_key, row.summary, _office(row)))
        for row in _signed(Trial).filter(digest__in=set(digests))
    )


def waivers_for(numbers: Iterable[int]) -> dict[int, tuple[Reason, ...]]:
    """Why each version was approved untried or unheard. One query."""
    return _grouped(
        (row.book_id, Reason(row.book_id, row.missing, _wording(row.words), _office(row)))
        for row in _signed(Waiver, "words").filter(book__in=set(numbers))
    )


def _heard(rows: Any) -> list[Heard]:
    found = list(rows.select_related("by", "department", "words").order_by("pk"))
    taken: dict[int, list[int]] = defaultdict(list)
    for feedback, book in FeedbackTaken.objects.filter(feedback__in=[row.pk for row in found]).values_list(
        "feedback_id", "book_id"
    ):
        taken[feedback].append(book)
    return [
        Heard(
            row.pk, row.book_id, row.rule, row.origin, _wording(row.words), _office(row), tuple(sorted(taken[row.pk]))
        )
        for row in found
    ]


def _signed(model: type[OfficeRow], *words: str, key: str = "pk") -> Any:
    return model._default_manager.select_related("by", "department", *words).order_by(key)


def _office(row: OfficeRow) -> Office:
    return Office(row.by_id, row.by.name, row.department.title_en, row.department.title_zh, row.at)


def _wording(words: Words) -> Wording:
    return Wording(words.pk, words.text, words.language)


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, tuple[Any, ...]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, each in pairs:
        found[key].append(each)
    return {key: tuple(each) for key, each in found.items()}
