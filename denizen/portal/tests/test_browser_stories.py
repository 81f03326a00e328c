"""Two stories of the rule desk in a real browser, each from its first click to what residents read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from denizen.ground.chronicle.kinds import community
from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.kit import clock, db, queue
from denizen.people.growth.commands import run_backtest
from denizen.people.growth.models import Backtest
from denizen.people.growth.testing import behave
from denizen.people.rulebook.testing import checked
from denizen.portal.tests.conftest import give_laws, the_worker_decides
from denizen.portal.tests.test_browser_pages import opened, signs_in
from denizen.shell.browser_for_tests import DESKTOP, PHONE, in_a_browser
from denizen.shell.figures import in_city

pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]

LATER = timedelta(days=90)


@pytest.fixture
def city(transactional_db: None, live_server: Any) -> Any:
    """A city with some history, in which Odo, Ida who may approve, Tess who speaks for users, and Ada can sign in."""
    give_laws()
    with db.opening():
        ada = people.ada()
        people.odo()
        people.a_staff(
            "Ida", email="ida@lakeside.example", permissions=(Permission.RULES_APPROVE, Permission.CORRECTIONS_APPROVE)
        )
        people.a_staff("Tess", email="tess@lakeside.example", permissions=(Permission.RULES_SPEAK,))
    for days in (3, 2, 1):
        behave(ada.resident_id, community.CheckedIn(), clock.now() - timedelta(days=days))
    checked(clock.now())
    return live_server


def desk_of(browser: Browser, city: Any, name: str, **options: Any) -> Page:
    page = opened(browser, city, viewport=DESKTOP, **options)
    signs_in(page, name)
    return page


def changes_check_in(page: Page, title: str, amount: str) -> None:
    """From the rule book to a draft that pays another amount."""
    page.goto("/desk/rules/")
    page.get_by_role("link", name="Change a rule").click()
    page.fill("#start input[name=title]", title)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Daily check-in").first.click()
    page.fill("#amount-number", amount)
    page.get_by_role("button", name="Save").last.click()


def hands_over(page: Page, why: str) -> None:
    page.fill("#hand-over textarea", why)
    page.locator("#hand-over").get_by_role("button", name="Hand it over").click()


def in_the_form(days: timedelta) -> str:
    return f"{in_city(clock.now() + days):%Y-%m-%dT00:00}"


@pytest.mark.row("A-35", "A-38", "A-40")
def test_a_change_goes_from_an_idea_to_what_residents_read(browser: Browser, city: Any) -> None:
    odo = desk_of(browser, city, "odo")
    changes_check_in(odo, "Two more", "7")
    assert odo.get_by_text("pays 7 points instead of 5 points").is_visible()
    assert odo.get_by_text("What residents read still says 5.").is_visible()
    odo.fill("[name=incentive_en]", "7 points for the first check-in of a day.")
    odo.fill("[name=incentive_zh]", "每天首次签到得 7 积分。")
    odo.get_by_role("button", name="Save").last.click()
    assert odo.get_by_text("What residents read still says").count() == 0
    odo.get_by_role("link", name="Two more").click()

    odo.get_by_role("link", name="Try it on history").click()
    odo.get_by_role("button", name="Replay").click()
    assert odo.get_by_role("heading", name="In line").is_visible()
    run = Backtest.objects.get()
    run_backtest(key=str(run.key), clock=clock.now, leaving=lambda: False, left=queue.Leaving)
    odo.reload()
    assert odo.get_by_role("heading", name="Draft: Two more").is_visible()
    assert odo.get_by_text("1 residents would have got more, 0 less.").is_visible()
    odo.get_by_role("link", name="Go on with it").click()
    hands_over(odo, "Those who come find 5 too little")
    assert odo.get_by_text("You proposed this version, so somebody else has to approve it").is_visible()

    tess = desk_of(browser, city, "tess")
    tess.goto("/desk/")
    tess.locator("main").get_by_role("link", name="Say what users think").first.click()
    tess.get_by_text("for it", exact=True).first.click()
    tess.locator("textarea[name=words]").first.fill("Nobody will mind.")
    tess.get_by_role("button", name="State this position").click()

    ida = desk_of(browser, city, "ida")
    ida.goto("/desk/")
    ida.get_by_role("link", name="Look and sign").first.click()
    ida.fill("#id_effective_from", in_the_form(LATER))
    ida.get_by_role("button", name="Approve version 2").click()
    assert ida.get_by_text("Two people have signed this version now.").is_visible()
    ida.get_by_role("link", name="As residents read it").click()
    assert ida.get_by_text("7 points for the first check-in of a day.").count()

    for page in (opened(browser, city, viewport=PHONE), desk_of(browser, city, "ada")):
        page.goto("/rules/")
        assert page.get_by_text("Daily check-in pays 7 instead of 5").first.is_visible()
    assert [page.complaints for page in (odo, tess, ida)] == [[], [], []]  # type: ignore[attr-defined]


@pytest.mark.row("A-36")
@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_what_takes_is_refused_too_soon_and_a_lawful_day_is_offered(
    browser: Browser, city: Any, scripted: bool
) -> None:
    odo = desk_of(browser, city, "odo", java_script_enabled=scripted)
    changes_check_in(odo, "One less", "4")
    odo.get_by_role("link", name="One less").click()
    hands_over(odo, "We save")
    ida = desk_of(browser, city, "ida", java_script_enabled=scripted)
    ida.goto("/desk/rules/2/")
    offered = ida.input_value("#id_effective_from")
    ida.fill("[name=untried]", "A small one")
    ida.fill("[name=unheard]", "He is away")
    ida.fill("#id_effective_from", in_the_form(timedelta(days=2)))
    ida.get_by_role("button", name="Approve version 2").click()

    assert ida.get_by_text("Daily check-in may pay less").first.is_visible()
    assert ida.get_by_text("30 days").first.is_visible()
    ida.fill("[name=untried]", "A small one")
    ida.fill("[name=unheard]", "He is away")
    ida.fill("#id_effective_from", offered)
    ida.get_by_role("button", name="Approve version 2").click()
    assert ida.get_by_text("Two people have signed this version now.").is_visible()


@pytest.mark.row("A-36")
@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_rule_is_paused_by_two_and_repaired_while_a_resident_is_told(
    browser: Browser, city: Any, scripted: bool
) -> None:
    odo = desk_of(browser, city, "odo", java_script_enabled=scripted)
    odo.goto("/desk/rules/stop/")
    odo.select_option("select[name=rule]", "check_in_points")
    odo.fill("[name=reason_en]", "It paid twice.")
    odo.fill("[name=reason_zh]", "重复发放。")
    odo.get_by_role("button", name="Ask for the pause").click()
    ida = desk_of(browser, city, "ida", java_script_enabled=scripted)
    ida.goto("/desk/")
    ida.get_by_role("link", name="Paused rules").first.click()
    ida.get_by_role("button", name="Confirm: pause it now").click()
    assert ida.get_by_text("No approved version repairs it yet.").is_visible()

    ada = opened(browser, city, viewport=PHONE, java_script_enabled=scripted)
    signs_in(ada, "ada")
    ada.get_by_role("button", name="Light it").click()
    ada.get_by_text("Yours is one of them.").wait_for()
    the_worker_decides()
    ada.goto("/me/history/")
    assert ada.get_by_text("Paused, it waits").is_visible()
    assert ada.get_by_text("It paid twice.").first.is_visible()

    odo.goto("/desk/rules/stop/")
    odo.get_by_role("link", name="Work on the repair").click()
    odo.fill("#start input[name=title]", "Repair")
    odo.get_by_role("button", name="Begin").click()
    odo.get_by_role("link", name="Daily check-in").first.click()
    odo.fill("#amount-number", "6")
    odo.get_by_role("button", name="Save").last.click()
    odo.get_by_role("link", name="Repair").first.click()
    hands_over(odo, "Counts once, and a little more")
    ida.goto("/desk/rules/2/")
    ida.fill("[name=untried]", "Harm goes on")
    ida.fill("[name=unheard]", "Harm goes on")
    ida.get_by_role("button", name="Approve version 2").click()
    the_worker_decides()
    ada.goto("/me/history/")
    assert ada.get_by_text("Version 2 of the rules decided it.").is_visible()

    odo.goto("/desk/rules/stop/")
    odo.get_by_role("link", name="Daily check-in").click()
    odo.get_by_role("button", name="Compute it").click()
    assert odo.get_by_text("1 resident was paid too little").is_visible()
    odo.locator("#owed select").select_option(index=1)
    odo.locator("#owed textarea").fill("Made good.")
    odo.get_by_role("button", name="Propose the correction").click()
    assert odo.get_by_text("A correction of this pause was proposed").is_visible()
