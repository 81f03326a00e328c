"""Every page in a real browser: on a phone, by keyboard, with and without script, in the dark, under the policy."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from denizen.ground.chronicle.kinds import community
from denizen.ground.identity import testing as people
from denizen.ground.identity.testing import PASSWORD
from denizen.kit import clock, db
from denizen.people.growth.testing import behave
from denizen.portal.tests.conftest import becomes_owner, give_laws, the_worker_decides
from denizen.shell.browser_for_tests import DESKTOP, PHONE, in_a_browser

OPEN_PAGES = (
    "/",
    "/rules/",
    "/rules/?open=all",
    "/rules/1/",
    "/rules/history/",
    "/rules/pilots/",
    "/levels/",
    "/proof/",
)
GUEST_PAGES = (*OPEN_PAGES, "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/")
RESIDENT_PAGES = (*OPEN_PAGES, "/me/", "/me/history/", "/me/moved/", "/ways/", "/ways/?open=owner_care", "/proof/mine/",
                  "/accounts/password/change/", "/accounts/email/")  # fmt: skip
DESK_PAGES = ("/desk/", "/desk/residents/", "/desk/rules/", "/desk/acts/", "/desk/budgets/", "/desk/second/",
              "/desk/late/", "/desk/keys/", "/desk/health/", "/desk/years/")  # fmt: skip
RULE_DESK_PAGES = ("/desk/rules/board/", "/desk/rules/board/1/", "/desk/rules/1/", "/desk/rules/drafts/",
                   "/desk/rules/backtests/", "/desk/rules/compare/", "/desk/rules/pilots/", "/desk/rules/stop/",
                   "/desk/rehearsal/")  # fmt: skip
BANK_PAGES = ("/desk/bank/", "/desk/bank/circulation/", "/desk/bank/use/", "/desk/bank/cohorts/",
              "/desk/bank/liability/", "/desk/bank/concentration/", "/desk/bank/stages/", "/desk/bank/envelopes/",
              "/desk/bank/grants/", "/desk/bank/communication/", "/desk/bank/closes/", "/desk/risk/",
              "/desk/risk/signals/", "/desk/risk/fairness/")  # fmt: skip

pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db: None, live_server: Any) -> Any:
    """A served city in which Ada, an owner, and Odo, the operator, can sign in."""
    give_laws()
    with db.opening():
        ada = people.ada()
        people.odo()
    becomes_owner(ada)
    comment = community.Commented(comment="c-1", subject="s-1", length=80, fingerprint="f-1")
    behave(ada.resident_id, comment, clock.now())
    return live_server


SMALL_TARGETS = """() =>
[...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), textarea")].filter((target) => {
  const box = (target.type === "checkbox" ? target.closest("label") : target).getBoundingClientRect();
  const inText = target.closest(".skip, p:not(.under, .group-tools, .law-links), .segments, .inside, .sub");
  return target.checkVisibility() && box.width && !inText && (box.height < 43.5 || box.width < 43.5);
}).map((target) => target.textContent.trim())
"""
"""What a thumb would miss. Links in a sentence are as high as their line; segments reach beyond their box."""


def opened(browser: Browser, city: Any, language: str = "en", **options: Any) -> Page:
    """A page that speaks ``language`` and remembers what its console complained about."""
    # Without motion: a transition that a quick next step cuts short would be told as an error.
    context = browser.new_context(base_url=city.url, reduced_motion="reduce", **options)
    context.add_cookies([{"name": "django_language", "value": language, "url": city.url}])
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda line: line.type == "error" and page.complaints.append(line.text))  # type: ignore[attr-defined]
    page.route("**/live/?*", lambda route: route.fulfill(body="retry: 60000\n\n", content_type="text/event-stream"))
    return page


def signs_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", f"{name}@lakeside.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/")


def test_check_in_works_without_script(browser: Browser, city: Any) -> None:
    page = opened(browser, city, java_script_enabled=False, viewport=PHONE)
    signs_in(page, "ada")

    page.get_by_role("button", name="Light it").click()

    assert page.get_by_text("Your window is lit.").is_visible()
    assert page.get_by_text("Yours is one of them.").is_visible()


def test_check_in_with_script_stays_on_the_page_and_a_change_renews_the_points(browser: Browser, city: Any) -> None:
    page = opened(browser, city, viewport=PHONE)
    signs_in(page, "ada")
    page.evaluate("window.sameDocument = true")

    page.get_by_role("button", name="Light it").click()
    page.get_by_text("Yours is one of them.").wait_for()
    the_worker_decides()
    before = page.locator("#pulse data.value").first.inner_text()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('denizen:change', {bubbles: true, detail: {}}))")
    page.locator("#pulse .blooming, #pulse [data-bloom]").first.wait_for()

    assert page.evaluate("window.sameDocument") is True
    assert page.locator("#pulse data.value").first.inner_text() != before
    assert "Checked in" in page.locator("#pulse").inner_text()
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(
    ("name", "addresses"),
    [("ada", RESIDENT_PAGES), ("odo", DESK_PAGES), ("odo", RULE_DESK_PAGES), ("odo", BANK_PAGES)],
    ids=["resident", "desk", "rule desk", "bank and reviews"],
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_overflows_or_complains(
    browser: Browser, city: Any, viewport: Any, name: str, addresses: tuple[str, ...], theme: str
) -> None:
    page = opened(browser, city, viewport=viewport, color_scheme=theme)
    signs_in(page, name)
    wider = []
    for address in addresses:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wider.append(address)

    assert wider == []
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("name", "addresses"), [("", GUEST_PAGES), ("ada", RESIDENT_PAGES)], ids=["guest", "resident"])
def test_no_page_in_chinese_overflows_and_every_target_on_a_phone_is_as_large_as_a_thumb(
    browser: Browser, city: Any, viewport: Any, name: str, addresses: tuple[str, ...]
) -> None:
    page = opened(browser, city, "zh-hans", viewport=viewport)
    if name:
        signs_in(page, name)
    wider, small = [], []
    for address in addresses:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wider.append(address)
        if viewport is PHONE:
            small += [(address, words) for words in page.evaluate(SMALL_TARGETS)]

    assert wider == []
    assert small == []
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_rules_print_whole_and_light_though_the_screen_is_dark_and_folded(browser: Browser, city: Any) -> None:
    page = opened(browser, city, viewport=DESKTOP, color_scheme="dark")
    page.goto("/rules/")
    height, paper = "document.documentElement.scrollHeight", "getComputedStyle(document.body).backgroundColor"
    folded, dark = page.evaluate(height), page.evaluate(paper)

    page.emulate_media(media="print")

    assert page.evaluate(height) > 4 * folded
    assert page.evaluate(paper) != dark


def test_a_way_leads_to_its_rule_in_the_opened_group(browser: Browser, city: Any) -> None:
    page = opened(browser, city, java_script_enabled=False, viewport=PHONE)
    signs_in(page, "ada")
    page.goto("/ways/")

    page.locator("#check_in_points summary").click()
    page.locator("#check_in_points").get_by_role("link", name="The rule in the book").click()

    assert page.locator("#check_in_points").is_visible()
    assert page.locator("details.group[open]").count() == 1


def test_the_keyboard_reaches_the_check_in(browser: Browser, city: Any) -> None:
    page = opened(browser, city, viewport=PHONE)
    signs_in(page, "ada")

    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Light it":
            break
    page.keyboard.press("Enter")

    page.get_by_text("Yours is one of them.").wait_for()


def test_the_dark_theme_is_dark(browser: Browser, city: Any) -> None:
    page = opened(browser, city, viewport=PHONE)
    signs_in(page, "ada")
    page.goto("/me/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.locator(".foot button[value=dark]").click()

    assert page.url.endswith("/me/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_the_drawer_opens_over_the_list_and_closes(browser: Browser, city: Any) -> None:
    page = opened(browser, city, viewport=DESKTOP)
    signs_in(page, "odo")
    page.goto("/desk/residents/?q=Ada")
    page.get_by_role("link", name="Ada").click()
    page.wait_for_url("**/desk/residents/*/")
    page.wait_for_load_state("networkidle")

    page.get_by_role("link", name="Commented").click()
    drawer = page.locator("dialog.drawer")
    drawer.wait_for()
    box = drawer.bounding_box()

    assert box is not None
    assert round(box["x"] + box["width"]) == DESKTOP["width"]
    page.wait_for_load_state("networkidle")
    drawer.get_by_role("button", name="Close").click()
    drawer.wait_for(state="hidden")
    assert page.complaints == []  # type: ignore[attr-defined]
