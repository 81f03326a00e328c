"""The desk in a real browser where it holds something: pages drawn open, forms sent empty, and the way there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from denizen.ground.identity import testing as people
from denizen.kit import clock, db
from denizen.people.rulebook.queries import drafts
from denizen.people.rulebook.testing import checked
from denizen.portal.tests.conftest import becomes_owner, give_laws
from denizen.portal.tests.test_browser_pages import opened, signs_in
from denizen.shell.browser_for_tests import DESKTOP, PHONE, in_a_browser

pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (PHONE["width"], DESKTOP["width"])


@pytest.fixture
def city(transactional_db: None, live_server: Any) -> Any:
    """A served city in which Ada owns a car and Odo, the operator, can sign in."""
    give_laws()
    with db.opening():
        ada = people.ada()
        people.odo()
    becomes_owner(ada)
    checked(clock.now())
    return live_server


def wider_than_its_window(page: Page) -> list[tuple[str, int]]:
    """The widths at which what is shown now would scroll sideways; what still moves into its place has a second."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        try:
            page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=1_000)
        except PlaywrightTimeout:
            found.append((page.url, width))
    return found


def test_pages_that_hold_something_fit_both_widths_and_do_not_complain(browser: Browser, city: Any) -> None:
    page = opened(browser, city, viewport=DESKTOP)
    signs_in(page, "odo")
    page.goto("/desk/residents/?q=Ada")
    page.get_by_role("link", name="Ada").click()
    page.wait_for_url("**/desk/residents/*/")
    ada = page.url
    page.goto("/desk/rules/drafts/")
    page.fill("#start input[name=title]", "Quiet days")
    page.get_by_role("button", name="Begin").click()
    wider = wider_than_its_window(page)
    draft = drafts()[0].id

    for address in (
        ada, "/desk/bank/rows/issued/", "/desk/bank/rows/outstanding/", f"/desk/rules/compare/?a=1&draft={draft}",
        f"/desk/rules/backtests/?book=draft:{draft}", "/desk/rules/board/?show=mine", "/desk/residents/?q=nobody",
        "/desk/bank/circulation/?since=2020-01-01&last=2020-02-01", f"/desk/rules/drafts/{draft}/?q=nothing",
        "/desk/risk/fairness/?by=city_tier", "/desk/rehearsal/?q=Ada",
    ):  # fmt: skip
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true })")
        wider += wider_than_its_window(page)
    page.get_by_role("button", name="See what would happen").click()
    page.get_by_text("What would move in the ledger").first.wait_for()
    wider += wider_than_its_window(page)

    assert wider == []
    assert page.complaints == []  # type: ignore[attr-defined]


def test_forms_sent_empty_say_what_is_missing_and_fit_both_widths(browser: Browser, city: Any) -> None:
    page = opened(browser, city, viewport=DESKTOP)
    signs_in(page, "odo")
    wider, silent = [], []

    for address, action in (
        ("/desk/rules/drafts/", "/start/"), ("/desk/rules/stop/", "/ask/"), ("/desk/budgets/", "/fund/"),
        ("/desk/keys/", "/issue/"), ("/desk/acts/", "/propose/"), ("/desk/rules/board/1/", "/report/"),
    ):  # fmt: skip
        page.goto(address)
        with page.expect_navigation() as answer:
            page.locator(f"form[action$='{action}']").evaluate("(form) => { form.noValidate = true; form.submit() }")
        if answer.value.status != 422 or not page.locator(".field .error").count():
            silent.append(address)
        wider += wider_than_its_window(page)

    assert silent == []
    assert wider == []


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_on_a_phone_one_button_leads_to_every_place(browser: Browser, city: Any, scripted: bool) -> None:
    page = opened(browser, city, viewport=PHONE, java_script_enabled=scripted)
    signs_in(page, "odo")
    page.goto("/desk/")
    rail = page.get_by_role("navigation", name="Desk")
    assert not rail.get_by_role("link", name="Health").is_visible()

    rail.get_by_role("button", name="My desk").click()
    rail.get_by_role("link", name="Health").click()

    page.wait_for_url("**/desk/health/")
    assert rail.get_by_role("button", name="Health").is_visible()
    assert not rail.get_by_role("link", name="Envelopes").is_visible()


def test_a_row_of_tabs_begins_where_one_is(browser: Browser, city: Any) -> None:
    page = opened(browser, city, viewport=PHONE)
    signs_in(page, "odo")

    page.goto("/desk/bank/closes/")

    box = page.locator(".tabs [aria-current=page]").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= PHONE["width"] - box["width"]
