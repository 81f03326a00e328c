"""Texts the city keeps in both languages, in the reader's; and sentences several pages share."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denizen.shell.figures import in_city

MORNING, NOON, AFTERNOON, EVENING, NIGHT = 5, 11, 13, 18, 23


class Bilingual(Protocol):
    """Anything with the same text in English and Chinese."""

    @property
    def en(self) -> str: ...

    @property
    def zh(self) -> str: ...


def chinese() -> bool:
    return (get_language() or settings.LANGUAGE_CODE).startswith("zh")


def language() -> str:
    """The language the reader reads, and so writes in: ``zh-hans`` or ``en``."""
    return "zh-hans" if chinese() else "en"


def spoken(text: Bilingual) -> str:
    """A text in the reader's language."""
    return text.zh if chinese() else text.en


def of(record: Any, field: str) -> str:
    """``of(level, "title")``: the field of a record that keeps ``title_en`` and ``title_zh``."""
    return str(getattr(record, f"{field}_{'zh' if chinese() else 'en'}"))


def greeting(name: str, moment: datetime) -> str:
    """By name and by the hour of the city's clocks."""
    hour = in_city(moment).hour
    if MORNING <= hour < NOON:
        words = _("Good morning, %(name)s")
    elif NOON <= hour < AFTERNOON:
        words = _("Good day, %(name)s")
    elif AFTERNOON <= hour < EVENING:
        words = _("Good afternoon, %(name)s")
    elif EVENING <= hour < NIGHT:
        words = _("Good evening, %(name)s")
    else:
        words = _("Still up, %(name)s?")
    return words % {"name": name}


def today_in_words(moment: datetime) -> str:
    """``Sunday, 22 November`` or ``11月22日 · 周日``."""
    local = in_city(moment)
    days = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    months = (
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"),
        _("September"), _("October"), _("November"), _("December"),
    )  # fmt: skip
    # Translators: a day without its year, such as "Sunday, 22 November".
    return _("%(weekday)s, %(day)s %(month)s") % {
        "weekday": days[local.weekday()], "day": local.day, "month": months[local.month - 1],
    }  # fmt: skip
