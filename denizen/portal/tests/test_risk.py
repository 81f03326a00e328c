"""Reviews at the desk and on the resident's page: read, spoken to, decided once, never about oneself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import StaffAct
from denizen.ground.identity.testing import a_staff
from denizen.ground.ledger.queries import balance
from denizen.kit import clock
from denizen.people.growth.testing import behave, behave_all
from denizen.people.risk.commands import sweep
from denizen.people.risk.models import Case, Quarantine, Statement
from denizen.people.risk.testing import a_case
from denizen.portal.tests.conftest import browser_of, text_of, the_worker_decides

pytestmark = pytest.mark.django_db

WHY = "All of them within half an hour, and all the same."


def comment(number: int) -> community.Commented:
    return community.Commented(comment=f"c{number}", subject="s1", length=20, fingerprint=f"f{number}")


@pytest.fixture
def flood(ada, now):
    """Ada writes eighty comments within half an hour, and the worker looks."""
    begins = now - timedelta(hours=2)
    behave_all([(ada.resident_id, comment(n), begins + n * timedelta(seconds=20), f"flood-{n}") for n in range(80)])
    assert sweep(moment=now).cases == 1
    return Case.objects.get()


@pytest.mark.partial("P-04")
def test_the_list_says_what_waits_and_the_case_why(ada, odo, flood):
    browser = browser_of(odo)

    listed = text_of(browser.get("/desk/risk/"))
    shown = text_of(browser.get(f"/desk/risk/{flood.public_id}/"))

    assert "Far more than usual" in listed
    assert "Ada" in shown
    assert "80 times within one hour" in shown
    assert "Points kept apart" in shown
    assert "Nobody concerned has said anything yet." in shown


def test_whoever_is_concerned_reads_why_is_heard_and_reads_the_answer(ada, odo, flood):
    mine = browser_of(ada)
    card = text_of(mine.get("/me/"))
    assert "Some of your entries are being looked at" in card
    assert "80 times within one hour" in card
    assert "nothing is blocked" in card
    assert "Being looked at" in card
    assert "Held for an order" not in card
    kept = Quarantine.objects.values_list("entry_id", flat=True)[0]
    assert "kept apart: somebody is looking at it" in text_of(mine.get(f"/me/history/{kept}/"))
    assert "being looked at" in text_of(mine.get("/me/history/"))

    mine.post(f"/me/review/{flood.pk}/", {"words": "It was the evening of the launch, we all wrote along."})
    at_desk = text_of(browser_of(odo).get(f"/desk/risk/{flood.public_id}/"))
    assert "evening of the launch" in at_desk

    browser_of(odo).post(
        f"/desk/risk/{flood.public_id}/decide/", {"outcome": "released", "reason": "It was the launch."}
    )
    ended = text_of(mine.get("/me/"))
    assert "The review has ended in your favour" in ended
    assert "It was the launch." in ended
    assert StaffAct.objects.filter(act="risk.released", subject_id=str(flood.pk)).count() == 1


def test_voided_it_takes_back_what_was_brought_and_later_entries_read_why(ada, odo, flood, now):
    later = behave(ada.resident_id, comment(99), now)
    waiting = text_of(browser_of(ada).get(f"/me/history/{later.entry_id}/"))

    answer = browser_of(odo).post(
        f"/desk/risk/{flood.public_id}/decide/", {"outcome": "voided", "reason": WHY}, follow=True
    )
    the_worker_decides()

    assert "It waits while a person looks at entries like it." in waiting
    assert "Paused" not in waiting
    assert "Voided." in text_of(answer)
    assert balance(ada.resident_id, clock.now()).available == 0
    assert WHY in text_of(browser_of(ada).get("/me/"))
    assert "ended without admitting it" in text_of(browser_of(ada).get(f"/me/history/{later.entry_id}/"))


def test_it_refuses_an_answer_without_reason_and_a_second_answer(odo, flood):
    browser = browser_of(odo)
    address = f"/desk/risk/{flood.public_id}/decide/"

    assert browser.post(address, {"outcome": "voided", "reason": ""}).status_code == 422
    assert browser.post(address, {"reason": WHY}).status_code == 422
    assert browser.post(address, {"outcome": "released", "reason": WHY}).status_code == 302
    assert "This case is decided already." in text_of(browser.post(address, {"outcome": "voided", "reason": WHY}))


def test_it_refuses_whom_it_concerns_to_decide(ada, flood):
    herself = a_staff(
        "Ada", email="ada@office.example", permissions=[Permission.RISK_REVIEW], resident_id=ada.resident_id
    )
    browser = browser_of(herself)

    assert "This case is about yourself" in text_of(browser.get(f"/desk/risk/{flood.public_id}/"))
    answer = browser.post(f"/desk/risk/{flood.public_id}/decide/", {"outcome": "released", "reason": WHY})
    assert "another person decides" in text_of(answer)
    assert Case.objects.get().state == "open"


def test_a_stranger_finds_no_case_and_cannot_speak_in_one(ada, ben, fei, flood):
    assert browser_of(fei).get("/desk/risk/").status_code == 403
    assert browser_of(ben).get("/desk/risk/").status_code == 404
    answer = browser_of(ben).post(f"/me/review/{flood.pk}/", {"words": "Let me in."}, follow=True)
    assert "There is no such review of yours." in text_of(answer)
    assert "being looked at" not in text_of(browser_of(ben).get("/me/"))
    assert not Statement.objects.exists()


def test_two_who_are_in_one_case_do_not_read_of_each_other(ada, ben, odo, now):
    entry = behave(ada.resident_id, comment(1), now)
    a_case(ada.resident_id, ben.resident_id, entries=[entry.entry_id], moment=now, code="mutual_invitation")

    assert "Ben" not in text_of(browser_of(ada).get("/me/"))
    assert "Ada" not in text_of(browser_of(ben).get("/me/"))
    case = Case.objects.get()
    assert browser_of(odo).get(f"/desk/risk/{case.public_id}/").content.count(b"<svg") > 1


@pytest.mark.row("P-04")
def test_the_desk_compares_groups_no_pattern_looks_at(odo, flood):
    browser = browser_of(odo)

    for by in ("grade", "city_tier", "city", "tenure"):
        assert browser.get(f"/desk/risk/fairness/?by={by}").status_code == 200
    assert "Fan" in text_of(browser.get("/desk/risk/fairness/"))
    assert browser.get("/desk/risk/fairness/?by=nose").status_code == 404


def test_every_number_that_is_looked_at_is_told(odo, flood):
    page = text_of(browser_of(odo).get("/desk/risk/signals/"))

    assert "Burst: entries of one kind within an hour, at least" in page
    assert "Hit rate" in page
