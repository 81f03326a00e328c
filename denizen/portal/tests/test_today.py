"""The front page: for residents, guests and staff, in both languages, with few queries."""

from datetime import UTC, datetime

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.people.growth.testing import behave
from denizen.portal.tests.conftest import browser_of, text_of
from denizen.portal.words import greeting

pytestmark = pytest.mark.django_db


def test_a_resident_is_greeted_by_name_in_his_language(ada):
    english, chinese = text_of(browser_of(ada).get("/")), text_of(browser_of(ada, "zh-hans").get("/"))

    assert "Ada" in english
    assert "No contribution yet" in english
    assert "你的窗还暗着" in chinese
    assert "还没有贡献值" in chinese


def test_a_guest_reads_what_the_city_is_and_finds_the_doors(laws):
    page = text_of(browser_of(None).get("/"))

    assert "Points are for using" in page
    assert 'href="/accounts/signup/"' in page
    assert 'href="/accounts/login/"' in page
    assert 'href="/rules/"' in page
    assert "data-live-ticket-url" not in page


def test_staff_without_a_resident_account_come_to_the_desk(odo):
    assert browser_of(odo).get("/").url == "/desk/"


def test_what_changes_is_a_fragment_that_blooms_only_for_more_points(ada, now):
    behave(ada.resident_id, community.CheckedIn(), now)
    browser = browser_of(ada)

    more, same = text_of(browser.get("/pulse/?known=0")), text_of(browser.get("/pulse/?known=5"))

    assert more.lstrip().startswith('<div id="pulse"')
    assert "denizen:change from:body" in more
    assert "data-bloom" in more
    assert "data-bloom" not in same


def test_a_fragment_is_not_for_strangers(laws):
    assert browser_of(None).get("/pulse/").status_code == 302


def test_the_page_asks_as_much_of_the_database_for_a_long_history_as_for_a_short_one(ada, now, queries):
    browser = browser_of(ada)
    behave(ada.resident_id, community.CheckedIn(), now)
    short = queries(browser, "/")

    for number in range(12):
        behave(ada.resident_id, community.CheckedIn(), now, key=f"more-{number}")

    assert queries(browser, "/") == short


@pytest.mark.parametrize(
    ("hour", "words"),
    [(6, "Good morning"), (12, "Good day"), (15, "Good afternoon"), (20, "Good evening"), (2, "Still up")],
)
def test_the_greeting_follows_the_clocks_of_the_city(hour, words, settings):
    settings.CITY_TIME_ZONE = "UTC"

    assert greeting("Ada", datetime(2026, 5, 4, hour, tzinfo=UTC)).startswith(words)
