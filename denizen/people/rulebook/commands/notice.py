"""The notice period: what takes value away is announced before it takes force, or it does not take force."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from denizen.ground.chronicle.queries import has_waiting_sources
from denizen.kit.explained import DEFAULT_LANGUAGE, Explained
from denizen.people.rulebook.models import BookVersion
from denizen.people.rulebook.queries.law import Lawfulness, lawfulness, taken_backwards
from denizen.people.rulebook.queries.versions import book_of
from denizen.people.rulebook.rules import Book, Taking

_NAMED_MAX = 6
"""Takings named in the sentence of a refusal; the page of the comparison lists them all."""


class UnableToApprove(Exception):
    """The approval is not allowed: own proposal, no permission, already approved, or too soon."""


class UnableToTakeSoSoon(UnableToApprove, Explained):
    """The version takes value away from what was promised, and its notice would not be kept. ``law`` says it all."""

    sentences = {
        "notice": {
            "en": "Version {number} takes value away compared with version {against}, so it is announced {days} days"
            " ahead: it can be in force from {lawful_from} at the earliest. {takings}",
            "zh": "与第 {against} 版相比，第 {number} 版会减少用户的所得，须提前 {days} 天公告："
            "最早可于 {lawful_from} 生效。{takings}",
        },
    }

    def __init__(self, number: int, law: Lawfulness, time_zone: str) -> None:
        self.law = law
        first = law.objections[0]
        super().__init__(
            "notice", number=number, against=first.number, days=first.notice_days, takings="",
            lawful_from=_minute(law.lawful_from, time_zone),
        )  # fmt: skip

    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        self.facts["takings"] = told(self.law.objections[0].takings, lang)
        return super().message(lang)


def require_notice(version: BookVersion, *, effective_from: datetime, moment: datetime) -> None:
    """Refuse with ``UnableToTakeSoSoon`` when the version takes from what is promised for ``effective_from``.

    The default begins at ``moment`` at the earliest. A span in the past holds for sources without decisions: where
    entries of such a source wait already, it takes nothing from what was promised when they were done.
    """
    book = book_of(version)
    law = lawfulness(book, effective_from=effective_from, moment=moment, number=version.number)
    if law.overtaken_by:
        raise UnableToApprove(
            _("Version %(number)s begins at that very moment, so this one would never rule: choose another moment.")
            % {"number": law.overtaken_by}
        )
    if law.objections:
        raise UnableToTakeSoSoon(version.number, law, book.time_zone)
    if effective_from < moment and has_waiting_sources():
        _refuse_taking_backwards(book, effective_from, moment)


def _refuse_taking_backwards(book: Book, effective_from: datetime, moment: datetime) -> None:
    """What waits to be decided was done under the versions of its day: a version in the past may only give more."""
    if number := taken_backwards(book, begins_at=effective_from, until=moment):
        raise UnableToApprove(
            _("Entries wait that were done under version %(number)s, which gives more: choose a moment from now on.")
            % {"number": number}
        )


def told(takings: tuple[Taking, ...], lang: str) -> str:
    """The takings in sentences, and how many more there are."""
    named = [each.message(lang) for each in takings[:_NAMED_MAX]]
    more = len(takings) - len(named)
    if lang.startswith("zh"):
        return "".join([*named, f"另有 {more} 处。" if more else ""])
    return " ".join([*named, f"And {more} more." if more else ""]).rstrip()


def _minute(moment: datetime, time_zone: str) -> str:
    """The first full minute not before ``moment``, on the clocks of the book."""
    local = moment.astimezone(ZoneInfo(time_zone))
    if local.second or local.microsecond:
        local = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return f"{local:%Y-%m-%d %H:%M} ({time_zone})"
