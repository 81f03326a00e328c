"""Numbers and moments as people read them. Amounts are integers; moments are aware, shown in the city's time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext, ngettext

MINUS = "\u2212"
HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400


def grouped(amount: int) -> str:
    """``12480`` as ``12,480``; no decimals, a true minus sign."""
    return f"{amount:,}".replace("-", MINUS)


def signed(amount: int) -> str:
    """Like ``grouped``, with a plus for gains: ``+6,000``; nothing gained is plain ``0``."""
    return f"+{amount:,}" if amount > 0 else grouped(amount)


def day(when: date | datetime) -> str:
    """A day in words: ``22 Nov 2026`` or ``2026年11月22日``."""
    local = in_city(when) if isinstance(when, datetime) else when
    pattern = "Y年n月j日" if in_chinese() else "j M Y"
    return formats.date_format(local, pattern)


def month_name(when: date) -> str:
    """A month in words: ``Nov 2026`` or ``2026年11月``."""
    return formats.date_format(when, "Y年n月" if in_chinese() else "M Y")


def moment(when: datetime) -> str:
    """A day and the minute on the city's clocks."""
    local = in_city(when)
    return f"{day(local)} {local:%H:%M}"


def since(when: datetime, now: datetime) -> str:
    """Relative under a day, absolute beyond."""
    seconds = int((now - when).total_seconds())
    if not 0 <= seconds < DAY_SECONDS:
        return moment(when)
    if seconds < 60:
        return gettext("just now")
    if seconds < HOUR_SECONDS:
        minutes = seconds // 60
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    hours = seconds // HOUR_SECONDS
    return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}


def in_city(when: datetime) -> datetime:
    return when.astimezone(ZoneInfo(settings.CITY_TIME_ZONE))


def in_chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")
