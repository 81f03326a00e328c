"""Calendar of a book: local days, weeks, months and years of its time zone, proof against clock changes.

Moments are integers, microseconds since 2000-01-01 UTC. Days are integers, days since 2000-01-01 of the local
calendar. The offsets of each UTC day are looked up once and kept, so that a moment costs one dictionary look-up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .inputs import MomentParts

Per = Literal["day", "week", "month", "year", "lifetime"]
PERS: tuple[Per, ...] = ("day", "week", "month", "year", "lifetime")

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
DAY_US = 24 * HOUR_US
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = EPOCH.toordinal()
_DAYS_KEPT_MAX = 20_000
"""Some 55 years; beyond it the memory is emptied rather than grown."""


class UnableToFindTimeZone(ValueError):
    """The name is none of the time zones of the IANA database."""


class LocalDay(NamedTuple):
    """A local day: its parts and the first days of its windows, in the order of ``PERS`` (lifetime is 0)."""

    weekday: int
    day: int
    month: int
    year: int
    starts: tuple[int, int, int, int, int]


class Calendar:
    """The calendar of one time zone. Safe to share: it only remembers what is always true."""

    def __init__(self, time_zone: str) -> None:
        try:
            self.zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise UnableToFindTimeZone(time_zone) from error
        self._offsets: dict[int, int | tuple[tuple[int, int], ...]] = {}
        self._days: dict[int, LocalDay] = {}
        self._ends: dict[tuple[Per, int], int] = {}

    def local_us(self, occurred_us: int) -> int:
        """The same moment on the local clock, in microseconds since 2000-01-01 of that clock."""
        utc_day = occurred_us // DAY_US
        offset = self._offsets.get(utc_day)
        if offset is None:
            offset = self._remember_offsets(utc_day)
        if isinstance(offset, int):
            return occurred_us + offset
        return occurred_us + next(us for start, us in reversed(offset) if start <= occurred_us)

    def local_day(self, day: int) -> LocalDay:
        """Parts and window starts of a local day."""
        found = self._days.get(day)
        return found if found is not None else self._remember_day(day)

    def moment(self, occurred_us: int) -> MomentParts:
        local = self.local_us(occurred_us)
        day = self.local_day(local // DAY_US)
        return MomentParts(day.weekday, local % DAY_US // HOUR_US, day.day, day.month, day.year)

    def starts_at(self, occurred_us: int) -> dict[Per, int]:
        """The first local day of every window that contains a moment."""
        return dict(zip(PERS, self.local_day(self.local_us(occurred_us) // DAY_US).starts, strict=True))

    def window_end_us(self, per: Per, start_day: int) -> int | None:
        """The first moment after the window that begins on ``start_day``; a lifetime has none."""
        if per == "lifetime":
            return None
        found = self._ends.get((per, start_day))
        return found if found is not None else self._remember_end(per, start_day)

    def _remember_end(self, per: Per, start_day: int) -> int:
        start = date.fromordinal(start_day + _EPOCH_ORDINAL)
        midnight = datetime.combine(_next_start(per, start), datetime.min.time(), self.zone)
        if len(self._ends) > _DAYS_KEPT_MAX:
            self._ends.clear()
        found = self._ends[per, start_day] = (midnight.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)
        return found

    def _offset_us(self, occurred_us: int) -> int:
        offset = (EPOCH + timedelta(microseconds=occurred_us)).astimezone(self.zone).utcoffset()
        assert offset is not None
        return offset // timedelta(microseconds=1)

    def _remember_offsets(self, utc_day: int) -> int | tuple[tuple[int, int], ...]:
        """One offset for an ordinary day; for a day on which the clocks change, each offset with its first moment."""
        start = utc_day * DAY_US
        steps = [(start, self._offset_us(start))]
        for hour in range(1, 25):
            moment = start + hour * HOUR_US
            if self._offset_us(moment) != steps[-1][1]:
                steps.append(self._change_between(moment - HOUR_US, moment))
        if len(self._offsets) > _DAYS_KEPT_MAX:
            self._offsets.clear()
        found = steps[0][1] if len(steps) == 1 else tuple(steps)
        self._offsets[utc_day] = found
        return found

    def _change_between(self, before_us: int, after_us: int) -> tuple[int, int]:
        """The first second in which the later offset holds, with that offset."""
        offset = self._offset_us(after_us)
        while after_us - before_us > SECOND_US:
            middle = (before_us + after_us) // 2 // SECOND_US * SECOND_US
            if self._offset_us(middle) == offset:
                after_us = middle
            else:
                before_us = middle
        return after_us, offset

    def _remember_day(self, day: int) -> LocalDay:
        local = date.fromordinal(day + _EPOCH_ORDINAL)
        month, year = local.replace(day=1), local.replace(month=1, day=1)
        starts = (day, day - local.weekday(), _day_number(month), _day_number(year), 0)
        if len(self._days) > _DAYS_KEPT_MAX:
            self._days.clear()
        found = LocalDay(local.isoweekday(), local.day, local.month, local.year, starts)
        self._days[day] = found
        return found


@lru_cache(maxsize=64)
def calendar_of(time_zone: str) -> Calendar:
    """The shared calendar of a time zone. Raises :class:`UnableToFindTimeZone`."""
    return Calendar(time_zone)


def window_start(per: Per, occurred_us: int, time_zone: str) -> int:
    """First local day of the window a moment falls into. Weeks begin on Monday; a lifetime begins on day 0."""
    calendar = calendar_of(time_zone)
    return calendar.local_day(calendar.local_us(occurred_us) // DAY_US).starts[PERS.index(per)]


def window_end_us(per: Per, occurred_us: int, time_zone: str) -> int | None:
    """The moment the window of a moment is over and its cap begins anew; a lifetime never is."""
    return calendar_of(time_zone).window_end_us(per, window_start(per, occurred_us, time_zone))


def lot_expires_us(occurred_us: int, lot_days: int | None) -> int | None:
    """When points earned at a moment expire: whole days of 86,400 seconds later; without lot days, never."""
    return None if lot_days is None else occurred_us + lot_days * DAY_US


def hold_ends_us(occurred_us: int, hold_days: int) -> int:
    """From when points earned at a moment may be spent: whole days of 86,400 seconds later."""
    return occurred_us + hold_days * DAY_US


def moment_us(moment: datetime) -> int:
    """An aware datetime as microseconds since 2000-01-01 UTC."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _next_start(per: Per, start: date) -> date:
    match per:
        case "day":
            return start + timedelta(days=1)
        case "week":
            return start + timedelta(days=7)
        case "month":
            return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        case _:
            return start.replace(year=start.year + 1)


def _day_number(local: date) -> int:
    return local.toordinal() - _EPOCH_ORDINAL
