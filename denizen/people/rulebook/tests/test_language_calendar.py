"""Windows of caps follow the local calendar of the book, over clock changes, leap days and the turn of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denizen.people.rulebook.rules import (
    MomentParts,
    UnableToFindTimeZone,
    calendar_of,
    hold_ends_us,
    lot_expires_us,
    moment_us,
    window_end_us,
    window_start,
)
from denizen.people.rulebook.rules.windows import Calendar

from .language_samples import STEADY, us

BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def first_day(per: str, moment: datetime, zone: str) -> date:
    return date(2000, 1, 1) + timedelta(days=window_start(per, moment_us(moment), zone))  # type: ignore[arg-type]


def end(per: str, moment: datetime, zone: str) -> datetime:
    us_end = window_end_us(per, moment_us(moment), zone)  # type: ignore[arg-type]
    assert us_end is not None
    return (EPOCH + timedelta(microseconds=us_end)).astimezone(ZoneInfo(zone))


def local(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("per", "zone", "moment", "first", "after"),
    [
        ("day", SHANGHAI, (2026, 3, 9, 15, 59, 59), (2026, 3, 9), (2026, 3, 10)),
        ("day", SHANGHAI, (2026, 3, 9, 16), (2026, 3, 10), (2026, 3, 11)),
        ("day", BERLIN, (2026, 3, 28, 22, 59, 59), (2026, 3, 28), (2026, 3, 29)),
        ("day", BERLIN, (2026, 3, 28, 23), (2026, 3, 29), (2026, 3, 30)),
        ("day", BERLIN, (2026, 3, 29, 21, 59, 59), (2026, 3, 29), (2026, 3, 30)),
        ("day", BERLIN, (2026, 3, 29, 22), (2026, 3, 30), (2026, 3, 31)),
        ("day", BERLIN, (2026, 10, 24, 22), (2026, 10, 25), (2026, 10, 26)),
        ("day", BERLIN, (2026, 10, 25, 22, 59, 59), (2026, 10, 25), (2026, 10, 26)),
        ("day", BERLIN, (2026, 10, 25, 23), (2026, 10, 26), (2026, 10, 27)),
        ("week", BERLIN, (2026, 3, 29, 21, 59), (2026, 3, 23), (2026, 3, 30)),
        ("week", SHANGHAI, (2026, 12, 31, 12), (2026, 12, 28), (2027, 1, 4)),
        ("week", SHANGHAI, (2027, 1, 3, 15, 59), (2026, 12, 28), (2027, 1, 4)),
        ("week", SHANGHAI, (2027, 1, 3, 16), (2027, 1, 4), (2027, 1, 11)),
        ("month", SHANGHAI, (2026, 1, 31, 15, 59), (2026, 1, 1), (2026, 2, 1)),
        ("month", SHANGHAI, (2026, 1, 31, 16), (2026, 2, 1), (2026, 3, 1)),
        ("month", SHANGHAI, (2028, 2, 29, 1), (2028, 2, 1), (2028, 3, 1)),
        ("day", SHANGHAI, (2028, 2, 29, 1), (2028, 2, 29), (2028, 3, 1)),
        ("month", BERLIN, (2026, 12, 31, 23), (2027, 1, 1), (2027, 2, 1)),
        ("year", SHANGHAI, (2026, 12, 31, 15, 59), (2026, 1, 1), (2027, 1, 1)),
        ("year", BERLIN, (2027, 12, 31, 23), (2028, 1, 1), (2029, 1, 1)),
        ("day", "America/Sao_Paulo", (2018, 11, 4, 2, 59), (2018, 11, 3), (2018, 11, 4)),
        ("day", "America/Sao_Paulo", (2018, 11, 4, 3), (2018, 11, 4), (2018, 11, 5)),
        ("day", "Pacific/Apia", (2011, 12, 30, 9, 59), (2011, 12, 29), (2011, 12, 31)),
        ("day", "Pacific/Apia", (2011, 12, 30, 10), (2011, 12, 31), (2012, 1, 1)),
    ],
)
def test_a_moment_falls_into_its_local_window(
    per: str, zone: str, moment: tuple[int, ...], first: tuple[int, int, int], after: tuple[int, int, int]
) -> None:
    at = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]

    assert first_day(per, at, zone) == date(*first)
    assert end(per, at, zone).date() == date(*after)
    assert (end(per, at, zone) - timedelta(microseconds=1)).astimezone(UTC) >= at


def test_days_of_a_clock_change_have_23_and_25_hours() -> None:
    spring, autumn = local(BERLIN, 2026, 3, 29), local(BERLIN, 2026, 10, 25)

    lengths = [end("day", day, BERLIN).astimezone(UTC) - day.astimezone(UTC) for day in (spring, autumn)]

    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


def test_both_passes_of_a_repeated_hour_are_known_apart_and_share_a_day() -> None:
    first, second = us(2026, 10, 25, 0, 30), us(2026, 10, 25, 1, 30)
    calendar = calendar_of(BERLIN)

    assert calendar.moment(first) == calendar.moment(second) == MomentParts(7, 2, 25, 10, 2026)
    assert window_start("day", first, BERLIN) == window_start("day", second, BERLIN)


def test_a_lifetime_has_one_window_without_end() -> None:
    assert window_start("lifetime", us(1999, 5, 5), SHANGHAI) == window_start("lifetime", us(2040, 5, 5), BERLIN) == 0
    assert window_end_us("lifetime", us(2026, 5, 5), SHANGHAI) is None


@STEADY
@given(
    st.datetimes(datetime(1985, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([BERLIN, SHANGHAI, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_the_remembered_offsets_are_those_of_the_time_zone_database(moment: datetime, zone: str) -> None:
    there = moment.astimezone(ZoneInfo(zone))

    parts = calendar_of(zone).moment(moment_us(moment))

    assert parts == MomentParts(there.isoweekday(), there.hour, there.day, there.month, there.year)
    assert first_day("week", moment, zone).isoformat() == date.fromisocalendar(*there.isocalendar()[:2], 1).isoformat()


@pytest.mark.parametrize("change", [us(2026, 3, 29, 1), us(2026, 10, 25, 1), us(2005, 3, 27, 1)])
def test_a_clock_change_is_exact_to_the_microsecond(change: int) -> None:
    calendar = Calendar(BERLIN)

    jump = calendar.local_us(change) - calendar.local_us(change - 1)

    assert abs(jump - 1) == 3_600_000_000


def test_a_clock_change_in_the_middle_of_an_hour_is_exact_too() -> None:
    calendar, change = Calendar("Australia/Lord_Howe"), us(2026, 10, 3, 15, 30)

    jump = calendar.local_us(change) - calendar.local_us(change - 1)

    assert jump - 1 == 1_800_000_000


def test_its_memory_is_emptied_rather_than_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("denizen.people.rulebook.rules.windows._DAYS_KEPT_MAX", 10)
    calendar = Calendar(SHANGHAI)

    for day in range(100):
        calendar.moment(us(2026, 1, 1) + day * 86_400_000_000)
        calendar.window_end_us("day", day)

    assert max(len(calendar._offsets), len(calendar._days), len(calendar._ends)) <= 11


def test_lots_and_holds_last_whole_days_of_86400_seconds() -> None:
    eve = moment_us(local(BERLIN, 2026, 3, 28, 12))

    assert lot_expires_us(eve, 1) == moment_us(local(BERLIN, 2026, 3, 29, 13))
    assert lot_expires_us(eve, None) is None
    assert hold_ends_us(eve, 0) == eve
    assert hold_ends_us(eve, 2) == eve + 172_800_000_000


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "a\x00b", "x" * 999])
def test_it_refuses_a_time_zone_that_does_not_exist(name: str) -> None:
    with pytest.raises(UnableToFindTimeZone):
        calendar_of(name)
