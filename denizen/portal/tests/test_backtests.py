"""Backtests at the desk: asked for, watched, stopped, read, taken home as files."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.kit import clock, queue
from denizen.people.growth.commands import run_backtest
from denizen.people.growth.models import Backtest
from denizen.people.growth.testing import behave
from denizen.people.rulebook.commands import start_draft
from denizen.people.rulebook.queries import reference_book_text
from denizen.portal.tests.conftest import browser_of, text_of
from denizen.shell.figures import in_city

pytestmark = pytest.mark.django_db

PAGES = "/desk/rules/backtests/"


@pytest.fixture
def history(ada, ben, now):
    for days in (9, 8, 2, 1):
        behave(ada.resident_id, community.CheckedIn(), now - timedelta(days=days))
    behave(ben.resident_id, community.CheckedIn(), now - timedelta(days=1))


def generous() -> str:
    head, before, tail = reference_book_text().partition("code: check_in_points")
    return head + before + tail.replace("amount: 5", "amount: 8", 1)


@pytest.fixture
def draft(odo, history, now):
    return start_draft(actor=odo, title="Winter", text=generous(), moment=now)


def asked(staff, draft, **days):
    answer = browser_of(staff).post(f"{PAGES}start/", {"book": f"draft:{draft.pk}", **days})
    assert answer.status_code == 302, text_of(answer)
    return Backtest.objects.get()


def done(run):
    run_backtest(key=str(run.key), clock=clock.now, leaving=lambda: False, left=queue.Leaving)
    run.refresh_from_db()
    assert run.state == "done", run.error
    return run


@pytest.mark.partial("A-36")
def test_a_draft_is_tried_and_its_page_tells_what_it_would_have_cost(odo, draft):
    run = done(asked(odo, draft))

    page = text_of(browser_of(odo).get(f"{PAGES}{run.key}/"))

    assert "40 instead of 25" in page
    assert "+15" in page
    assert "paid exactly the 10 payments that stand in the journal" in page
    assert "Ada" in page


def test_it_is_said_in_chinese_too(odo, draft):
    run = done(asked(odo, draft))

    page = text_of(browser_of(odo, "zh-hans").get(f"{PAGES}{run.key}/"))

    assert "谁得益" in page
    assert "Who gains" not in page


def test_who_may_not_read_residents_sees_keys_instead_of_names(odo, draft):
    clerk = people.a_staff("Yu", email="yu@lakeside.example", permissions=[Permission.RULES_PROPOSE])
    run = done(asked(odo, draft))

    page = text_of(browser_of(clerk).get(f"{PAGES}{run.key}/"))

    assert "Resident " in page
    assert "Ada" not in page


def test_a_run_on_its_way_looks_again_by_itself_and_can_be_stopped(odo, draft):
    run = asked(odo, draft)
    browser = browser_of(odo)
    Backtest.objects.filter(pk=run.pk).update(state="running", entries_done=2)

    waiting = browser.get(f"{PAGES}{run.key}/")
    browser.post(f"{PAGES}{run.key}/cancel/")

    assert '<meta http-equiv="refresh"' in waiting.content.decode()
    assert "2 / 5" in text_of(waiting)
    assert "It was asked to stop" in text_of(browser.get(f"{PAGES}{run.key}/"))


def test_stopped_before_it_began_it_looks_no_more(odo, draft):
    run = asked(odo, draft)
    browser = browser_of(odo)

    page = browser.post(f"{PAGES}{run.key}/cancel/", follow=True)
    again = browser.post(f"{PAGES}{run.key}/cancel/", follow=True)

    assert "No figures were kept." in text_of(page)
    assert "refresh" not in page.content.decode()
    assert again.status_code == 200


def test_the_span_is_of_the_citys_days_and_the_last_is_meant_whole(odo, draft, now):
    today = in_city(now)
    run = asked(odo, draft, since=f"{today - timedelta(days=2):%Y-%m-%d}", last=f"{today:%Y-%m-%d}")

    assert done(run).figures["entries"] == 3


def test_it_refuses_a_span_that_ends_before_it_begins(odo, draft):
    answer = browser_of(odo).post(
        f"{PAGES}start/", {"book": f"draft:{draft.pk}", "since": "2026-05-02", "last": "2026-05-01"}
    )

    assert answer.status_code == 422
    assert "The span ends before it begins." in text_of(answer)
    assert not Backtest.objects.exists()


def test_it_refuses_a_book_that_is_not_offered(odo, draft):
    assert browser_of(odo).post(f"{PAGES}start/", {"book": "version:99"}).status_code == 422


def test_the_files_hold_what_the_page_shows(odo, draft):
    run = done(asked(odo, draft))
    browser = browser_of(odo)

    exact = browser.get(f"{PAGES}{run.key}/figures.json")
    table = browser.get(f"{PAGES}{run.key}/?csv=rules").content.decode("utf-8-sig")

    assert json.loads(exact.content)["totals"][0]["difference"] == 15
    assert "check_in_points,points,5,25,5,40,15" in table
    assert browser.get(f"{PAGES}{run.key}/?csv=nothing").status_code == 404


def test_it_is_nothing_for_residents_and_for_staff_without_the_permit(ada, fei, odo, draft):
    run = asked(odo, draft)

    for path in (PAGES, f"{PAGES}{run.key}/"):
        assert browser_of(ada).get(path).status_code == 404
        assert browser_of(fei).get(path).status_code == 403
    assert browser_of(fei).post(f"{PAGES}{run.key}/cancel/").status_code == 403
    run.refresh_from_db()
    assert run.cancel_asked_at is None


def test_an_unknown_run_is_not_found(odo, history):
    assert browser_of(odo).get(f"{PAGES}{uuid4()}/").status_code == 404


def test_a_failed_run_says_why(odo, draft):
    run = asked(odo, draft)
    Backtest.objects.filter(pk=run.pk).update(state="failed", error="OSError: the disk is full")

    assert "the disk is full" in text_of(browser_of(odo).get(f"{PAGES}{run.key}/"))
