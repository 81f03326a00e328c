"""Which part of a measure: days, purposes, an envelope, a cohort, a stage. And the city's clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from denizen.ground.ledger.queries.circulation import Span
from denizen.kit.clock import MOMENT_MIN


@dataclass(frozen=True, slots=True)
class Clocks:
    """The city's time zone, and the present moment as the entrance read it."""

    zone: str
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def midnight(self, day: date) -> datetime:
        """When ``day`` begins in the city."""
        return datetime.combine(day, time(), ZoneInfo(self.zone))

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Scope:
    """``since <= day < until``; what is counted as of a day ignores ``since``.

    ``system``: one of the four systems of points (B-04); ``account``: an envelope; ``cohort``: the first of a month;
    ``topic``: a group of behaviours; ``stage``: a stage of life with the brand (B-03). ``known_since`` and
    ``known_until`` bound the day of recording instead, for the statements of finance.
    """

    until: date
    since: date | None = None
    purpose: str = ""
    system: str = ""
    account: int | None = None
    cohort: date | None = None
    grade: str = ""
    topic: str = ""
    stage: str = ""
    known_since: date | None = None
    known_until: date | None = None

    @property
    def begins(self) -> date:
        """The first day of a step, which always has one."""
        assert self.since is not None
        return self.since

    def on(self, since: date, until: date) -> Scope:
        return replace(self, since=since, until=until)

    def span(self, clocks: Clocks, *, cumulative: bool = False) -> Span:
        since = None if cumulative or self.since is None else clocks.midnight(self.since)
        return Span(
            clocks.midnight(self.until),
            since,
            clocks.midnight(self.known_since) if self.known_since else None,
            clocks.midnight(self.known_until) if self.known_until else None,
        )

    def as_of(self, clocks: Clocks) -> datetime | None:
        """None when the scope reaches the present: then stored balances tell."""
        return None if self.until > clocks.today else clocks.midnight(self.until)

    def days(self) -> int:
        return (self.until - (self.since or self.until)).days


def last_months(clocks: Clocks, count: int) -> Scope:
    """The last ``count`` calendar months including the present one, up to and with today."""
    until = clocks.today + timedelta(days=1)
    place = clocks.today.year * 12 + clocks.today.month - count
    return Scope(until=until, since=max(date(place // 12, place % 12 + 1, 1), MOMENT_MIN.date()))
