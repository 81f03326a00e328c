"""Residents at the desk: found by name, reference and id; read whole; entries with their trace in the drawer."""

import re

import pytest

from denizen.ground.chronicle.commands import declare_source, resolve_references
from denizen.ground.chronicle.kinds import community
from denizen.ground.identity.testing import a_resident
from denizen.kit import db
from denizen.people.growth.testing import behave
from denizen.portal.tests.conftest import becomes_owner, browser_of, text_of

pytestmark = pytest.mark.django_db


def found(page: str) -> list[str]:
    return re.findall(r'<a href="/desk/residents/[0-9a-f-]{36}/">([^<]+)</a>', page)


def test_a_resident_is_found_by_the_beginning_of_his_name_and_by_his_public_id(ada, ben, fei):
    browser = browser_of(fei)

    assert found(text_of(browser.get("/desk/residents/"))) == ["Ben", "Ada"]
    assert found(text_of(browser.get("/desk/residents/?q=ad"))) == ["Ada"]
    assert found(text_of(browser.get(f"/desk/residents/?q={ben.resident.public_id}"))) == ["Ben"]
    assert found(text_of(browser.get("/desk/residents/?q=nobody"))) == []


def test_a_resident_is_found_by_how_a_service_calls_him(fei, now):
    with db.opening():
        shop = declare_source(code="shop", lateness_seconds_max=None)
        resolve_references(source=shop, refs=["member-7"], create=True, now=now)

    page = text_of(browser_of(fei).get("/desk/residents/?q=member-7"))

    assert "shop:member-7" in page
    assert found(page) == ["without a name"]


def test_the_list_goes_on_by_key(fei):
    for number in range(55):
        a_resident(f"R{number:02}")
    browser = browser_of(fei)

    first = text_of(browser.get("/desk/residents/"))
    older = re.search(r'href="(/desk/residents/\?before=\d+)"', first)
    second = text_of(browser.get(older.group(1)))

    assert len(found(first)) == 50
    assert found(second) == [f"R{number:02}" for number in (4, 3, 2, 1, 0)]


def test_the_page_of_a_resident_shows_balances_grades_entries_and_postings(ada, fei, now):
    becomes_owner(ada)
    behave(ada.resident_id, community.CheckedIn(), now)

    page = text_of(browser_of(fei).get(f"/desk/residents/{ada.resident.public_id}/"))

    assert "Checked in" in page
    assert "Daily check-in" in page
    assert '<span class="what">Owner</span>' in page
    assert "Nobody of the staff has acted" in page


@pytest.mark.parametrize("way", ["?entry={entry}", "entries/{entry}/"])
def test_the_drawer_shows_the_trace_and_the_text_of_each_rule(ada, fei, now, way):
    entry = behave(ada.resident_id, community.CheckedIn(), now).entry_id

    page = text_of(browser_of(fei).get(f"/desk/residents/{ada.resident.public_id}/" + way.format(entry=entry)))

    assert '<dialog open class="drawer"' in page
    assert "<code>check_in_points</code>" in page
    assert "once a day" in page


def test_the_drawer_shows_no_entry_of_somebody_else(ada, ben, fei, now):
    entry = behave(ben.resident_id, community.CheckedIn(), now).entry_id
    browser = browser_of(fei)

    assert browser.get(f"/desk/residents/{ada.resident.public_id}/entries/{entry}/").status_code == 404
    page = text_of(browser.get(f"/desk/residents/{ada.resident.public_id}/?entry={entry}"))
    assert '<dialog open class="drawer"' not in page


def test_who_may_only_read_finds_no_forms(ada, fei, now):
    page = text_of(browser_of(fei).get(f"/desk/residents/{ada.resident.public_id}/"))

    assert "/grant/" in page
    assert "/correct/" not in page
    assert "/honour/" not in page


def test_nobody_is_behind_an_unknown_id(fei):
    address = "/desk/residents/00000000-0000-7000-8000-000000000000/"

    assert browser_of(fei).get(address).status_code == 404


def test_many_residents_take_no_more_queries_than_few(ada, fei, queries):
    browser = browser_of(fei)
    few = queries(browser, "/desk/residents/")
    for _ in range(20):
        a_resident()

    assert queries(browser, "/desk/residents/") == few


def test_a_long_history_takes_no_more_queries_than_a_short_one(ada, fei, now, queries):
    browser, address = browser_of(fei), f"/desk/residents/{ada.resident.public_id}/"
    behave(ada.resident_id, community.CheckedIn(), now)
    short = queries(browser, address)
    for number in range(20):
        behave(ada.resident_id, community.CheckedIn(), now, key=f"more-{number}")

    assert queries(browser, address) == short
