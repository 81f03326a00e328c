"""A rule is paused by two persons, its entries wait in view of everybody concerned, and the pause ends by two."""

import csv
import re
from datetime import timedelta

import pytest

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.ground.ledger.models import Correction
from denizen.ground.ledger.queries import balance, budget_codes
from denizen.kit import clock
from denizen.people.rulebook.commands import approve_book, propose_book
from denizen.people.rulebook.queries import (
    book_numbers,
    paused_rules,
    reference_book_text,
    suspensions,
    version_in_force,
)
from denizen.people.rulebook.testing import WAIVED, checked
from denizen.portal.tests.conftest import browser_of, text_of, the_worker_decides

pytestmark = pytest.mark.django_db

REASONS = {"reason_en": "It paid twice", "reason_zh": "重复发放"}


@pytest.fixture
def ida():
    """The second colleague who may approve rules."""
    return a_staff("Ida", email="ida@lakeside.example", permissions=tuple(Permission))


@pytest.fixture
def paused(odo, ida):
    """The number of a pause of the check-in's points."""
    browser_of(odo).post("/desk/rules/stop/ask/", {"rule": rule_of_check_in(), **REASONS})
    number = suspensions(clock.now())[0].id
    browser_of(ida).post(f"/desk/rules/stop/{number}/answer/", {"answer": "confirm"})
    return number


def rule_of_check_in():
    book = book_numbers([version_in_force(clock.now()).number])
    return next(rule.code for rule in next(iter(book.values())).rules if rule.kind == "checked_in")


def checked_in(resident):
    browser_of(resident).post("/check-in/")
    the_worker_decides()


@pytest.mark.partial("A-36")
def test_one_asks_and_another_confirms_and_residents_read_why(odo, ida, ada, paused):
    checked_in(ada)
    today, ways = text_of(browser_of(ada).get("/")), text_of(browser_of(ada).get("/ways/"))
    history, me = text_of(browser_of(ada).get("/me/history/")), text_of(browser_of(ada).get("/me/"))

    assert list(paused_rules(clock.now())) == [rule_of_check_in()]
    for page in (today, history, me):
        assert "It paid twice." in page
        assert "One of your entries waits in its place; nothing is lost." in page
    assert "What you do meanwhile is kept in its order" in ways
    assert "It paid twice." in text_of(browser_of(ada).get("/ways/"))


def test_the_desk_shows_who_waits_and_a_file_lists_everybody(odo, ada, paused):
    checked_in(ada)

    page = text_of(browser_of(odo).get(f"/desk/rules/stop/{paused}/"))
    file = browser_of(odo).get(f"/desk/rules/stop/{paused}/affected.csv").content.decode()

    assert "1 entry waits" in page
    assert "Ada" in page
    rows = list(csv.DictReader(file.splitlines()))
    assert [(row["resident"], row["what"]) for row in rows] == [(str(ada.resident.public_id), "held")]


def test_it_refuses_the_same_person_twice_and_a_pause_of_what_is_paused(odo, ida, paused):
    again = browser_of(odo).post("/desk/rules/stop/ask/", {"rule": rule_of_check_in(), **REASONS})
    repeat = browser_of(ida).post(f"/desk/rules/stop/{paused}/answer/", {"answer": "confirm"}, follow=True)
    browser_of(odo).post(f"/desk/rules/stop/{paused}/answer/", {"answer": "alarm"})
    alone = browser_of(odo).post(f"/desk/rules/stop/{paused}/answer/", {"answer": "lift"}, follow=True)

    assert again.status_code == 422
    assert "does not wait for a second person" in text_of(repeat)
    assert "Another person confirms what you asked for." in text_of(alone)
    assert paused_rules(clock.now())


def test_who_asked_may_withdraw_and_nothing_was_paused(odo, ada):
    browser_of(odo).post("/desk/rules/stop/ask/", {"rule": rule_of_check_in(), **REASONS})
    number = suspensions(clock.now())[0].id
    confirmed = browser_of(odo).post(f"/desk/rules/stop/{number}/answer/", {"answer": "confirm"}, follow=True)
    browser_of(odo).post(f"/desk/rules/stop/{number}/answer/", {"answer": "refuse"})
    checked_in(ada)

    assert "Another person confirms what you asked for." in text_of(confirmed)
    assert suspensions(clock.now())[0].state == "refused"
    assert balance(ada.resident_id, clock.now()).available > 0


def test_a_false_alarm_of_two_persons_pays_what_waited(odo, ida, ada, paused):
    checked_in(ada)
    held = balance(ada.resident_id, clock.now()).available
    browser_of(ida).post(f"/desk/rules/stop/{paused}/answer/", {"answer": "alarm"})
    browser_of(odo).post(f"/desk/rules/stop/{paused}/answer/", {"answer": "lift"})
    the_worker_decides()

    assert held == 0
    assert balance(ada.resident_id, clock.now()).available > 0
    receipt = text_of(browser_of(ada).get("/me/history/"))
    assert "It waited while a rule for this was paused: It paid twice." in receipt


def test_what_the_repair_would_have_paid_more_is_proposed_as_a_correction(odo, ida, ada):
    checked_in(ada)
    browser_of(odo).post("/desk/rules/stop/ask/", {"rule": rule_of_check_in(), **REASONS})
    number = suspensions(clock.now())[0].id
    browser_of(ida).post(f"/desk/rules/stop/{number}/answer/", {"answer": "confirm"})
    now = clock.now()
    checked(now)
    head, rule, tail = reference_book_text().partition(f"code: {rule_of_check_in()}")
    more = head + rule + re.sub(r"amount: [^,}\n]*", 'amount: "9"', tail, count=1)
    version = propose_book(actor=odo, text=more, note="Mended", moment=now)
    announced = now + timedelta(days=31)  # more for one means less of a shared limit for others: it keeps its notice
    approve_book(actor=ida, number=version.number, effective_from=announced, moment=now, **WAIVED)
    since = f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}"

    page = text_of(browser_of(odo).get(f"/desk/rules/stop/{number}/?since={since}&owed=1"))
    browser_of(odo).post(
        f"/desk/rules/stop/{number}/mend/",
        {"since": since, "envelope": budget_codes()[0], "reason": "The check-in paid too little, here is the rest."},
    )

    assert "1 resident was paid too little" in page
    correction = Correction.objects.get()
    assert (correction.state, correction.needs_second) == ("proposed", True)


def test_it_refuses_who_may_not(fei, paused):
    assert browser_of(fei).post("/desk/rules/stop/ask/", REASONS).status_code == 403
    assert browser_of(fei).post(f"/desk/rules/stop/{paused}/answer/", {"answer": "alarm"}).status_code == 403
    assert browser_of(fei).get(f"/desk/rules/stop/{paused}/").status_code == 200
