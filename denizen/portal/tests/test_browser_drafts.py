"""Tired staff change an amount in a real browser: by phone and desktop, with and without script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from denizen.ground.identity import testing as people
from denizen.kit import clock, db
from denizen.people.rulebook.queries import drafts, versions
from denizen.people.rulebook.queries.language import to_text
from denizen.people.rulebook.testing import checked
from denizen.portal.tests.conftest import give_laws
from denizen.portal.tests.test_browser_pages import opened, signs_in
from denizen.shell.browser_for_tests import DESKTOP, PHONE, in_a_browser

pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db: None, live_server: Any) -> Any:
    give_laws()
    with db.opening():
        people.odo()
    checked(clock.now())
    return live_server


def begins(page: Page) -> None:
    signs_in(page, "odo")
    page.goto("/desk/rules/drafts/")
    page.fill("#start input[name=title]", "Quiet days")
    page.get_by_role("button", name="Begin").click()


def chooses(page: Page, name: str, value: str) -> None:
    """Choose, and wait as a person would until the boxes that fit the choice are there."""
    page.select_option(f"select[name='{name}']", value)
    page.locator(f"select[name='{name}'] option[selected][value='{value}']").wait_for(state="attached")


@pytest.mark.row("A-35")
@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_an_amount_is_changed_understood_and_handed_over(browser: Browser, city: Any, scripted: bool) -> None:
    page = opened(browser, city, viewport=PHONE, java_script_enabled=scripted)
    begins(page)

    page.get_by_role("link", name="Daily check-in").first.click()
    page.fill("#amount-number", "6")
    page.get_by_role("button", name="Save").last.click()

    assert page.get_by_text("Saved: “Daily check-in” pays 6 points instead of 5 points.").is_visible()
    assert "gets 6 points; once a day" in page.locator("#preview .sentence").inner_text()
    page.get_by_role("link", name="Quiet days").click()
    assert page.get_by_text("changed", exact=True).is_visible()
    page.fill("#hand-over textarea", "More people by day")
    page.locator("#hand-over").get_by_role("button", name="Hand it over").click()
    assert page.get_by_text("Somebody else approves it.").first.is_visible()
    assert versions(clock.now())[0].note == "More people by day"
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_sentence_follows_the_boxes_while_one_writes(browser: Browser, city: Any) -> None:
    page = opened(browser, city, viewport=DESKTOP)
    begins(page)
    page.get_by_role("link", name="Daily check-in").first.click()
    page.evaluate("window.sameDocument = true")

    page.fill("#amount-number", "12")
    page.locator("#preview .sentence", has_text="12 points").wait_for()
    chooses(page, "amount-shape", "decision")
    chooses(page, "row-0-0-subject", "moment.weekday")
    chooses(page, "row-0-0-comparison", "at_least")
    page.select_option("select[name='row-0-0-value']", "6")
    page.fill("input[name='row-0-pays']", "2")
    page.locator("#preview", has_text="No row covers the case that").wait_for()
    assert page.evaluate("window.sameDocument") is True
    page.get_by_role("button", name="Save").last.click()
    page.get_by_text("is saved with its new table.").wait_for()

    book = drafts()[0].book
    assert book is not None
    rule = book.rule("check_in_points")
    assert rule is not None
    assert to_text(rule.amount) == "moment.weekday >= 6 ? 2 : 12"
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_a_draft_overflows_or_complains(browser: Browser, city: Any, viewport: Any, theme: str) -> None:
    page = opened(browser, city, viewport=viewport, color_scheme=theme)
    begins(page)
    root = f"/desk/rules/drafts/{drafts()[0].id}/"
    wider = []

    for address in ("", "rules/own_pile_points/", "rules/birthday_points/", "text/", "caps/basic_acts/",
                    "tables/profile_items/", "values/care/", "guidelines/", "new-rule/"):  # fmt: skip
        page.goto(root + address)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wider.append(address)

    assert wider == []
    assert page.complaints == []  # type: ignore[attr-defined]
