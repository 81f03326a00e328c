"""What an address asks for: days, and a narrower scope. Whatever is no day counts as not asked."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest

from denizen.insight.central_bank.queries import Clocks, Scope, last_months
from denizen.kit import clock

MONTHS_SHOWN = 12
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


def clocks() -> Clocks:
    return Clocks(settings.CITY_TIME_ZONE, clock.now())


def scope_asked(request: HttpRequest, city: Clocks) -> Scope:
    """The days of the address, up to and with its last; the last twelve months where it names none."""
    usual = last_months(city, MONTHS_SHOWN)
    since, last = day_asked(request, "since"), day_asked(request, "last")
    until = last + timedelta(days=1) if last else usual.until
    since = since or usual.since
    return Scope(until=until, since=since) if since and since < until else usual


def rows_asked(request: HttpRequest, city: Clocks) -> Scope:
    """The scope of a figure whose rows are asked for."""
    told = request.GET
    account = told.get("account", "")
    return Scope(
        until=day_asked(request, "until") or city.today + timedelta(days=1),
        since=day_asked(request, "since"),
        purpose=_word(request, "purpose", 100),
        system=_word(request, "system", 40),
        account=int(account) if account.isascii() and account.isdigit() and len(account) < 10 else None,
        cohort=day_asked(request, "cohort"),
        grade=_word(request, "grade", 40),
        topic=_word(request, "topic", 40),
        stage=_word(request, "stage", 40),
        known_since=day_asked(request, "known_since"),
        known_until=day_asked(request, "known_until"),
    )


def _word(request: HttpRequest, name: str, longest: int) -> str:
    """A word of the address; one with a NUL, which the database takes in no text, names nothing."""
    found = request.GET.get(name, "")[:longest]
    return "" if "\x00" in found else found


def day_asked(request: HttpRequest, name: str) -> date | None:
    try:
        found = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None
