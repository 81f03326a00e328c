"""Versions of the rule book: what was proposed, approved and is in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import zip_longest

from denizen.ground.chronicle.kinds import SHAPES
from denizen.people.rulebook.models import Approval, BookVersion, Force, ResultCheck
from denizen.people.rulebook.rules import Book, CompiledBook, compile_book, from_data


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version as its readers see it. ``state`` is ``proposed``, ``announced``, ``in_force`` or ``replaced``."""

    number: int
    title: str
    digest: str
    note: str
    state: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime | None
    effective_from: datetime | None
    review_on: date | None
    review_overdue: bool


def has_any_version() -> bool:
    return BookVersion.objects.exists()


def book_of(version: BookVersion) -> Book:
    """The book of a version, read back from its canonical form."""
    return from_data(version.document)


def compiled_of(version: BookVersion) -> CompiledBook:
    """The book of a version, made ready to decide."""
    return compile_book(book_of(version), SHAPES)


def book_numbers(numbers: Iterable[int]) -> dict[int, Book]:
    """Books by version number, remembered by the process: a version never changes. At most one query."""
    wanted = set(numbers)
    digests = dict(BookVersion.objects.filter(number__in=wanted).values_list("number", "digest"))
    return {number: _book_by_digest(number, digest) for number, digest in digests.items()}


@lru_cache(maxsize=32)
def _book_by_digest(number: int, digest: str) -> Book:
    return book_of(BookVersion.objects.get(number=number, digest=digest))


def version_for(number: int) -> BookVersion:
    return BookVersion.objects.select_related("proposed_by").get(number=number)


def version_in_force(moment: datetime) -> BookVersion | None:
    """The version whose default span contains ``moment``."""
    force = (
        Force.objects.filter(source__isnull=True, effective_from__lte=moment)
        .select_related("book")
        .order_by("-effective_from", "-book_id")
        .first()
    )
    return force.book if force else None


def versions(moment: datetime) -> list[VersionView]:
    """All versions, newest first, each with its state at ``moment``. Four queries.

    ``review_on`` is the day named at approval, or the later one of the last check of its result (A-38).
    """
    current = version_in_force(moment)
    reviews = dict(ResultCheck.objects.order_by("id").values_list("book_id", "review_on"))
    approvals = {approval.book_id: approval for approval in Approval.objects.select_related("approved_by")}
    return [
        _view(version, approvals.get(version.number), reviews.get(version.number), current, moment)
        for version in BookVersion.objects.select_related("proposed_by").order_by("-number")
    ]


def _view(
    version: BookVersion,
    approval: Approval | None,
    checked: date | None,
    current: BookVersion | None,
    moment: datetime,
) -> VersionView:
    review_on = max(approval.review_on, checked or approval.review_on) if approval else None
    in_force = current is not None and current.number == version.number
    return VersionView(
        number=version.number,
        title=version.title,
        digest=version.digest,
        note=version.note,
        state=_state(approval, in_force, moment),
        proposed_by=version.proposed_by.name if version.proposed_by else "",
        proposed_at=version.proposed_at,
        approved_by=approval.approved_by.name if approval and approval.approved_by else "",
        approved_at=approval.approved_at if approval else None,
        effective_from=approval.effective_from if approval else None,
        review_on=review_on,
        review_overdue=bool(in_force and review_on and review_on <= moment.date()),
    )


def _state(approval: Approval | None, in_force: bool, moment: datetime) -> str:
    if approval is None:
        return "proposed"
    if in_force:
        return "in_force"
    return "announced" if approval.effective_from > moment else "replaced"


def ruling_spans() -> list[tuple[int, Book, datetime, datetime | None]]:
    """The versions that rule, ruled or are announced to rule everybody, in order: number, book, from, until before.

    A version that another one replaces at the same moment never rules. One query, plus one for each book not met yet.
    """
    rows = list(
        Force.objects.filter(source__isnull=True)
        .order_by("effective_from", "book_id")
        .values_list("book_id", "effective_from")
    )
    books = book_numbers(number for number, _starts in rows)
    ends = (starts for _number, starts in rows[1:])
    return [
        (number, books[number], starts, until)
        for (number, starts), until in zip_longest(rows, ends)
        if until is None or starts < until
    ]
