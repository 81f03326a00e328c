"""By which day a book is looked at again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from denizen.people.rulebook.rules.model import Book


def review_day(moment: datetime, book: Book) -> date:
    """The local day, ``review_months`` after ``moment``, by which the book is looked at again (A-38).

    A day the month does not have becomes its last one.
    """
    local = moment.astimezone(ZoneInfo(book.time_zone)).date()
    months = local.year * 12 + local.month - 1 + book.review_months
    first = date(months // 12, months % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=local.day - 1), last)
