"""Checking in on the front page: the window, the points, once a day (B-08, B-50)."""

import pytest

from denizen.ground.chronicle.models import Entry
from denizen.ground.ledger.queries import balance, contribution
from denizen.kit import clock
from denizen.portal.tests.conftest import browser_of, text_of, the_worker_decides

pytestmark = pytest.mark.django_db


@pytest.mark.row("B-08", "B-50")
def test_a_check_in_lights_the_window_and_brings_points_and_contribution(ada):
    browser = browser_of(ada)
    assert "Your window is still dark" in text_of(browser.get("/"))

    answer = browser.post("/check-in/", follow=True)
    the_worker_decides()
    page = text_of(browser.get("/"))

    assert answer.redirect_chain == [("/", 302)]
    assert "Your window is lit" in text_of(answer)
    assert "1 window is lit today" in page
    assert "+5" in page
    assert "+1 n" in page
    assert balance(ada.resident_id, clock.now()).available == 5
    assert contribution(ada.resident_id)["interaction"] == 1


@pytest.mark.row("B-08", "B-50")
def test_a_second_check_in_on_the_same_day_changes_nothing_and_says_so(ada):
    browser = browser_of(ada)
    browser.post("/check-in/")

    again = text_of(browser.post("/check-in/", follow=True))
    the_worker_decides()

    assert "lit already today" in again
    assert Entry.objects.count() == 1
    assert balance(ada.resident_id, clock.now()).available == 5


def test_htmx_gets_the_lit_window_alone(ada):
    answer = browser_of(ada).post("/check-in/", headers={"HX-Request": "true"})

    page = text_of(answer)
    assert page.lstrip().startswith('<section class="card dusk" id="check-in" data-bloom>')
    assert "Yours is one of them" in page
    assert "<html" not in page


def test_it_refuses_a_stranger_who_is_shown_the_way_in(laws):
    answer = browser_of(None).post("/check-in/")

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
    assert not Entry.objects.exists()


def test_it_refuses_staff_without_a_window(odo):
    answer = browser_of(odo).post("/check-in/")

    assert answer.url == "/desk/"
    assert not Entry.objects.exists()


def test_it_refuses_to_check_in_by_looking(ada):
    assert browser_of(ada).get("/check-in/").status_code == 405


def test_windows_of_others_are_counted_and_yesterday_is_not(ada, ben):
    browser_of(ben).post("/check-in/")

    page = text_of(browser_of(ada).get("/"))

    assert "1 window is lit today" in page
    assert "Your window is still dark" in page
