"""Ways to earn: grouped by the four systems and the four classes, with what is left (B-04)."""

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.people.growth.testing import behave
from denizen.portal.tests.conftest import becomes_owner, browser_of, text_of

pytestmark = pytest.mark.django_db
SYSTEMS = ("Community points", "Points for using the car", "Care for owners", "Buying and inviting")


@pytest.mark.row("B-04")
def test_ways_are_grouped_by_the_four_systems_and_the_classes_of_contribution(ada):
    page = text_of(browser_of(ada).get("/ways/"))

    places = [page.index(f"<h2>{title}</h2>") for title in (*SYSTEMS, "Contribution: Community interaction")]
    assert places == sorted(places)


def test_what_is_left_goes_down_and_says_when_it_comes_back(ada, now):
    becomes_owner(ada)
    before = text_of(browser_of(ada).get("/ways/"))
    behave(ada.resident_id, community.CheckedIn(), now)
    after = text_of(browser_of(ada).get("/ways/"))

    assert after.count("again from") > before.count("again from")
    assert "done</span>" in after


@pytest.mark.row("B-13")
def test_who_owns_no_car_sees_his_common_limit(ada, now):
    behave(ada.resident_id, community.CheckedIn(), now)

    page = text_of(browser_of(ada).get("/ways/"))

    assert "Basic acts without a car" in page
    assert "95 of 100 left" in page
    assert page.count('aria-label="Basic acts without a car"') == 1


@pytest.mark.partial("A-35")
def test_each_way_says_whom_to_ask_and_marks_what_is_assumed(ada):
    page = text_of(browser_of(ada).get("/ways/"))

    assert "If you see it differently" in page
    assert "This amount is our assumption" in page


def test_the_group_that_is_asked_for_is_open_and_else_the_first(ada):
    first = text_of(browser_of(ada).get("/ways/"))
    asked = text_of(browser_of(ada).get("/ways/?open=owner_care"))

    assert 'id="community" open>' in first
    assert 'id="owner_care" open>' in asked
    assert asked.count(" open>") == first.count(" open>") == 1


def test_a_city_without_rules_says_so(db):
    from_nowhere = browser_of(None).get("/ways/")

    assert from_nowhere.status_code == 302


def test_it_speaks_chinese(ada):
    assert "用车积分" in text_of(browser_of(ada, "zh-hans").get("/ways/"))


def test_many_used_limits_take_no_more_queries(ada, now, queries):
    browser = browser_of(ada)
    few = queries(browser, "/ways/")
    behave(ada.resident_id, community.CheckedIn(), now)

    assert queries(browser, "/ways/") == few
