from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from denizen.shell import figures

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "plain", "with_sign"), [(12480, "12,480", "+12,480"), (0, "0", "0"), (-50, "\u221250", "\u221250")]
)
def test_amounts_are_grouped_and_signed(amount, plain, with_sign):
    assert figures.grouped(amount) == plain
    assert figures.signed(amount) == with_sign


def test_moments_stand_on_the_citys_clocks_in_both_languages(settings):
    settings.CITY_TIME_ZONE = "Asia/Shanghai"
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    with translation.override("en"):
        assert figures.moment(late) == "22 Nov 2026 07:30"
    with translation.override("zh-hans"):
        assert figures.moment(late) == "2026年11月22日 07:30"
        assert figures.day(date(2026, 1, 5)) == "2026年1月5日"


def test_a_month_is_said_in_the_language_of_the_page():
    with translation.override("en"):
        assert figures.month_name(date(2026, 1, 1)) == "Jan 2026"
    with translation.override("zh-hans"):
        assert figures.month_name(date(2026, 1, 1)) == "2026年1月"


@pytest.mark.parametrize(
    ("age", "english", "chinese"),
    [
        (timedelta(seconds=5), "just now", "刚刚"),
        (timedelta(minutes=1), "1 minute ago", "1 分钟前"),
        (timedelta(minutes=59), "59 minutes ago", "59 分钟前"),
        (timedelta(hours=23), "23 hours ago", "23 小时前"),
        (timedelta(hours=24), "21 Nov 2026 12:00", "2026年11月21日 12:00"),
        (-timedelta(hours=1), "22 Nov 2026 13:00", "2026年11月22日 13:00"),
    ],
)
def test_time_is_relative_under_a_day_and_absolute_beyond(settings, age, english, chinese):
    settings.CITY_TIME_ZONE = "Asia/Shanghai"

    with translation.override("en"):
        assert figures.since(NOW - age, NOW) == english
    with translation.override("zh-hans"):
        assert figures.since(NOW - age, NOW) == chinese
