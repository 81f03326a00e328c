"""The desk's doors: strangers find nothing, staff without the permit learn which one it takes."""

import re
from typing import Any

import pytest
from django.test import Client

from denizen.ground.identity.commands import end_post
from denizen.ground.identity.constants import HOUSE
from denizen.ground.identity.queries import post_of
from denizen.ground.identity.testing import a_staff
from denizen.kit import db
from denizen.portal.tests.conftest import browser_of, text_of
from denizen.portal.urls import staff

pytestmark = pytest.mark.django_db
ACTS = {"grant", "correct", "honour", "approve", "propose_act", "fund", "decide", "admit", "dismiss", "issue_key"}
ACTS |= {"revoke_key", "many"}
ACTS |= {"change_speak", "change_answer", "change_check", "change_supervise", "change_report", "change_take_up"}
ACTS |= {"ask_stop", "answer_stop", "mend"}
PAGES = ["desk", "residents", "board", "books", "acts", "budgets", "second", "late", "keys", "health"]
PAGES += ["stop", "rehearsal"]


SAMPLES = {"uuid": "", "int": "1", "str": "check_in_points", "slug": "rules"}


def address_of(name: str, resident: object) -> str:
    route = next(str(each.pattern) for each in staff if each.name == name)
    samples = SAMPLES | {"uuid": str(resident)}
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: samples[found[1]], route)


def entered(browser: Client, address: str) -> Any:
    """The page, or the act where there is nothing to look at."""
    looked = browser.get(address)
    return browser.post(address) if looked.status_code == 405 else looked


@pytest.mark.parametrize("name", [each.name for each in staff])
def test_a_resident_finds_nothing_at_any_address_of_the_desk(ada, name):
    browser, address = browser_of(ada), address_of(name, ada.resident.public_id)

    answer = entered(browser, address)

    assert answer.status_code == 404


@pytest.mark.parametrize("name", [each.name for each in staff])
def test_a_guest_is_asked_to_sign_in(ada, name):
    browser, address = browser_of(None), address_of(name, ada.resident.public_id)

    answer = entered(browser, address)

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", sorted(ACTS))
def test_nothing_is_done_by_looking(ada, odo, name):
    assert browser_of(odo).get(address_of(name, ada.resident.public_id)).status_code == 405


@pytest.mark.parametrize("name", ["residents", "budgets", "second", "late", "keys"])
def test_staff_without_the_permit_learn_which_one_it_takes(laws, name):
    newcomer = a_staff("Nia", email="nia@lakeside.example")

    answer = browser_of(newcomer).get(address_of(name, ""))

    assert answer.status_code == 403
    assert "This page needs the permit" in text_of(answer)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_operator_opens_every_page_in_both_languages(odo, name, language):
    answer = browser_of(odo, language).get(address_of(name, ""))

    assert answer.status_code == 200
    assert ('lang="zh-Hans"' in text_of(answer)) == (language == "zh-hans")


def test_the_rail_shows_only_what_may_be_opened(fei):
    page = text_of(browser_of(fei).get("/desk/"))

    assert 'href="/desk/residents/"' in page
    assert 'href="/desk/keys/"' not in page
    assert 'href="/desk/late/"' not in page


def test_who_lost_his_post_may_do_nothing_any_more(odo, now):
    with db.opening():
        end_post(actor=HOUSE, post=post_of(odo, now), moment=now)

    assert browser_of(odo).get("/desk/residents/").status_code == 403
    assert "You hold no post now" in text_of(browser_of(odo).get("/desk/"))
