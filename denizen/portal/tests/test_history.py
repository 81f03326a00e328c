"""History: one's own record, the yes and the no, page by page; nobody else's (B-67)."""

import re

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.ground.ledger.commands import grant
from denizen.kit import db
from denizen.people.growth.testing import behave
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.row("B-67")
def test_a_resident_reads_his_own_record_with_the_yes_and_the_no(ada, now):
    yes = behave(ada.resident_id, community.CheckedIn(), now)
    no = behave(ada.resident_id, community.CheckedIn(), now, key="again")

    page = text_of(browser_of(ada).get("/me/history/"))

    assert f"/me/history/{yes.entry_id}/" in page
    assert f"/me/history/{no.entry_id}/" in page
    assert "Not this time" in page
    assert "Once a day: done for today." in page
    assert "Rule book" in page


@pytest.mark.row("B-67")
def test_a_receipt_shows_every_rule_that_was_asked_and_whom_to_tell(ada, now):
    entry = behave(ada.resident_id, community.CheckedIn(), now).entry_id

    page = text_of(browser_of(ada).get(f"/me/history/{entry}/"))

    assert "Daily check-in" in page
    assert "once a day" in page
    assert "If you see it differently" in page
    assert re.search(r'href="/rules/\d+/\?open=check_in_points#check_in_points"', page)


@pytest.mark.row("B-67")
def test_somebody_elses_receipt_is_not_there(ada, ben, now):
    entry = behave(ada.resident_id, community.CheckedIn(), now).entry_id

    assert browser_of(ben).get(f"/me/history/{entry}/").status_code == 404
    assert browser_of(None).get(f"/me/history/{entry}/").status_code == 302


def test_older_pages_follow_by_key_without_gap_or_repeat(ada, now):
    kept = {behave(ada.resident_id, community.CheckedIn(), now, key=f"c-{n}").entry_id for n in range(45)}
    browser, address, seen = browser_of(ada), "/me/history/", []

    while address:
        page = text_of(browser.get(address))
        seen += [int(entry) for entry in re.findall(r'href="/me/history/(\d+)/"', page)]
        older = re.search(r'href="([^"]+)"[^>]*rel="next"', page)
        address = older.group(1).replace("&amp;", "&") if older else ""

    assert len(seen) == len(set(seen)) == 45
    assert set(seen) == kept


def test_an_unreadable_key_begins_at_the_top(ada, now):
    behave(ada.resident_id, community.CheckedIn(), now)

    assert "Checked in" in text_of(browser_of(ada).get("/me/history/?older=nonsense"))


def test_what_a_person_gave_stands_there_with_name_department_and_reason(ada, odo, now):
    with db.opening():
        grant(
            actor=odo, resident=ada.resident_id, amount=50, reason="You waited in the rain", envelope="surprises",
            moment=now,
        )  # fmt: skip

    page = text_of(browser_of(ada).get("/me/moved/"))

    assert "Given by the city" in page
    assert "You waited in the rain — Odo, User-Operation" in page
    assert "+50" in page


def test_movements_by_a_rule_carry_its_title_and_lead_to_the_receipt(ada, now):
    entry = behave(ada.resident_id, community.CheckedIn(), now).entry_id

    page = text_of(browser_of(ada, "zh-hans").get("/me/moved/"))

    assert "每日签到" in page
    assert f"/me/history/{entry}/" in page


def test_a_long_page_takes_no_more_queries_than_a_short_one(ada, now, queries):
    browser = browser_of(ada)
    behave(ada.resident_id, community.CheckedIn(), now)
    short = queries(browser, "/me/history/"), queries(browser, "/me/moved/")

    for number in range(25):
        behave(ada.resident_id, community.CheckedIn(), now, key=f"more-{number}")

    assert (queries(browser, "/me/history/"), queries(browser, "/me/moved/")) == short
