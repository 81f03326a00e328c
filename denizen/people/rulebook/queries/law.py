"""What the city has promised: which version is announced for a moment, and from when a change may take force.

A promise is what people could read: at every moment ``s`` since a version was approved, the versions known at ``s``
say which of them will rule at a later moment ``t``. A change that takes value away from what was promised for ``t``
has to be announced as many days before ``t`` as the promised version says (``notice_days``). So an announced increase
cannot be withdrawn at short notice either, and what was lowered with notice can be lowered again by a later version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from denizen.ground.chronicle.kinds import SHAPES
from denizen.people.rulebook.models import Approval, Force
from denizen.people.rulebook.queries.versions import book_numbers
from denizen.people.rulebook.rules import Book, Difference, Taking, differences, takings


@dataclass(frozen=True, slots=True)
class Announcement:
    """A version as it was announced: since when people knew of it, and from when it rules."""

    number: int
    known_at: datetime
    effective_from: datetime


@dataclass(frozen=True, slots=True)
class Succession:
    """A version beside the one it follows: what differs, what that takes away, and how long it was announced.

    ``before`` is 0 and nothing differs for the first version. ``notice``: from the approval until it takes force.
    """

    number: int
    before: int
    effective_from: datetime
    notice: timedelta
    differences: tuple[Difference, ...]
    takings: tuple[Taking, ...]


@dataclass(frozen=True, slots=True)
class Objection:
    """What a change takes from version ``number``, which was promised, and from when it lawfully may."""

    number: int
    takings: tuple[Taking, ...]
    notice_days: int
    lawful_from: datetime


@dataclass(frozen=True, slots=True)
class Lawfulness:
    """Whether a book may be in force from ``effective_from`` when announced at ``moment``.

    ``takings``: what it takes from what is promised for that moment, lawfully announced or not. ``objections``: those
    promises whose notice is not kept. ``overtaken_by``: a later version that begins at that very moment, 0 if none.
    ``lawful_from``: the earliest lawful moment that is not before it.
    """

    moment: datetime
    effective_from: datetime
    takings: tuple[Taking, ...]
    objections: tuple[Objection, ...]
    lawful_from: datetime
    notice_days: int
    overtaken_by: int


def lawfulness(book: Book, *, effective_from: datetime, moment: datetime, number: int | None = None) -> Lawfulness:
    """Weigh ``book`` against everything promised for ``effective_from``. ``number``: the version itself, left out."""
    weighed = _Weighed(book, [each for each in announcements() if each.number != number], moment)
    begins_at = max(effective_from, moment)
    present = weighed.promised(begins_at)
    return Lawfulness(
        moment=moment,
        effective_from=begins_at,
        takings=weighed.taken(present.number, begins_at) if present else (),
        objections=tuple(weighed.objections(begins_at)),
        lawful_from=weighed.lawful_from(begins_at),
        notice_days=weighed.books[present.number].notice_days if present else book.notice_days,
        overtaken_by=present.number if present and number and _rules_instead(present, number, begins_at) else 0,
    )


def taken_backwards(book: Book, *, begins_at: datetime, until: datetime) -> int:
    """The earliest version that ruled between the two moments and from which ``book`` takes; 0 where it takes nothing.

    What was done then was done under its promise, whoever tells of it late.
    """
    ruling = sorted((each for each in announcements() if each.effective_from < until), key=_place)
    ends = [each.effective_from for each in ruling[1:]] + [until]
    books = book_numbers(each.number for each in ruling)
    for each, end in zip(ruling, ends, strict=True):
        since = max(each.effective_from, begins_at)
        if since < end and takings(books[each.number], book, shapes=SHAPES, since=since):
            return each.number
    return 0


def _place(announced: Announcement) -> tuple[datetime, int]:
    return announced.effective_from, announced.number


def _rules_instead(present: Announcement, number: int, begins_at: datetime) -> bool:
    """Whether a later version that begins at the same moment would rule in the place of version ``number``."""
    return present.effective_from == begins_at and present.number > number


def successions(numbers: Iterable[int] | None = None) -> list[Succession]:
    """Every version that rules, ruled or will rule, latest first; ``numbers``: only those. Three queries."""
    found = sorted(announcements(), key=lambda each: (each.effective_from, each.number))
    wanted = {each.number for each in found} if numbers is None else set(numbers)
    pairs = [(each, earlier) for earlier, each in pairwise([None, *found]) if each and each.number in wanted]
    books = book_numbers(each.number for pair in pairs for each in pair if each)
    return [_succession(each, earlier.number if earlier else 0, books) for each, earlier in reversed(pairs)]


def _succession(each: Announcement, before: int, books: Mapping[int, Book]) -> Succession:
    was, now = books.get(before), books[each.number]
    return Succession(
        number=each.number,
        before=before,
        effective_from=each.effective_from,
        notice=max(each.effective_from - each.known_at, timedelta()),
        differences=differences(was, now) if was else (),
        takings=takings(was, now, shapes=SHAPES, since=each.effective_from) if was else (),
    )


def announcements() -> list[Announcement]:
    """Every default version, in the order people came to know of them."""
    approved = dict(Approval.objects.values_list("book_id", "approved_at"))
    rows = Force.objects.filter(source__isnull=True).values_list("book_id", "effective_from")
    found = [Announcement(number, approved[number], effective_from) for number, effective_from in rows]
    return sorted(found, key=lambda each: (each.known_at, each.number))


class _Weighed:
    """A book beside everything announced; a comparison is made once for each moment."""

    def __init__(self, book: Book, known: list[Announcement], moment: datetime) -> None:
        self.book, self.known, self.moment = book, known, moment
        self.books = book_numbers(each.number for each in known)
        self._taken: dict[tuple[int, datetime], tuple[Taking, ...]] = {}

    def promised(self, when: datetime) -> Announcement | None:
        """What is promised now for ``when``."""
        return _latest([each for each in self.known if each.effective_from <= when])

    def taken(self, number: int, when: datetime) -> tuple[Taking, ...]:
        if (number, when) not in self._taken:
            self._taken[number, when] = takings(self.books[number], self.book, shapes=SHAPES, since=when)
        return self._taken[number, when]

    def objections(self, when: datetime) -> Iterator[Objection]:
        """The promises for ``when`` whose notice has not run out and from which the book takes."""
        for number, known_until in self.promises(when):
            notice = self.books[number].notice_days
            lawful_from = known_until + timedelta(days=notice)
            if lawful_from > when and (taken := self.taken(number, when)):
                yield Objection(number, taken, notice, lawful_from)

    def promises(self, when: datetime) -> Iterator[tuple[int, datetime]]:
        """Each version ever promised for ``when``, with the moment until which it was; the present one until now."""
        present: Announcement | None = None
        for each in self.known:
            if each.effective_from > when:
                continue
            winner = _latest([each] if present is None else [present, each])
            if present is not None and winner is not present:
                yield present.number, each.known_at
            present = winner
        if present is not None:
            yield present.number, self.moment

    def lawful_from(self, asked: datetime) -> datetime:
        """The earliest lawful moment from ``asked`` on: then, when another version begins, or a notice has run out."""
        ends = {asked}
        for each in self.known:
            notice = timedelta(days=self.books[each.number].notice_days)
            ends |= {each.effective_from, self.moment + notice} | {known.known_at + notice for known in self.known}
        return next(when for when in sorted(ends) if when >= asked and next(self.objections(when), None) is None)


def _latest(announced: list[Announcement]) -> Announcement | None:
    return max(announced, key=lambda each: (each.effective_from, each.number), default=None)
