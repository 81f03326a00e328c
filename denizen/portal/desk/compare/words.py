"""Two books side by side: the sentences, what is taken, and the text of everything that differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from django.conf import settings

from denizen.ground.chronicle.kinds import SHAPES
from denizen.people.rulebook.queries import Book, Lawfulness, differences, dump_rule, takings
from denizen.portal.law_words import ChangeTold, changes_told, takings_told
from denizen.portal.words import spoken

Marked = tuple[tuple[str, str], ...]
"""Lines with their mark: ``-`` gone, ``+`` new, empty for what stays."""

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class BookTold:
    """A book beside another; the names are those the parts for changes read."""

    before: bool
    changes: tuple[ChangeTold, ...]
    takings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextTold:
    """One rule as text under both books; a side is empty where the rule is not there."""

    title: str
    code: str
    old: Marked
    new: Marked


def book_told(before: Book | None, after: Book) -> BookTold:
    """What differs from ``before``, which is None for the first book of a city."""
    if before is None:
        return BookTold(False, (), ())
    found = takings(before, after, shapes=SHAPES)
    return BookTold(True, changes_told(differences(before, after), before, after), takings_told(found))


def texts_told(before: Book, after: Book) -> tuple[TextTold, ...]:
    """The text of every rule that differs, in the order of the new book, then those that are gone."""
    codes = dict.fromkeys(rule.code for book in (after, before) for rule in book.rules)
    found = []
    for code in codes:
        old, new = before.rule(code), after.rule(code)
        if old == new:
            continue
        sides = _marked(dump_rule(old).splitlines() if old else [], dump_rule(new).splitlines() if new else [])
        titles = [spoken(rule.title) for rule in (new, old) if rule is not None]
        found.append(TextTold(titles[0], code, *sides))
    return tuple(found)


def offered(law: Lawfulness) -> datetime | None:
    """The moment offered to an approver, on the city's clocks: the first midnight that is surely late enough.

    None when the change may be in force at once.
    """
    if law.lawful_from <= law.moment:
        return None
    zone = ZoneInfo(settings.CITY_TIME_ZONE)
    local = (law.lawful_from + HOUR).astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=1), time(), zone)


def _marked(old: list[str], new: list[str]) -> tuple[Marked, Marked]:
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for what, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        stays = what == "equal"
        left += [("" if stays else "-", line) for line in old[from_old:to_old]]
        right += [("" if stays else "+", line) for line in new[from_new:to_new]]
    return tuple(left), tuple(right)
