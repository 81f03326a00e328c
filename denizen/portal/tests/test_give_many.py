"""Goodwill for many: a little at once, more after a second person (A-27)."""

import pytest

from denizen.ground.ledger.models import Correction
from denizen.ground.ledger.queries import balance
from denizen.kit import clock
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/second/many/"


@pytest.fixture
def everybody(ada, ben):
    ids = f"{ada.resident.public_id}\n{ben.resident.public_id}\n{ada.resident.public_id}"
    return {"people": ids, "amount": "200", "envelope": "surprises", "reason": "You carried the lanterns all night"}


def held(profile) -> int:
    return balance(profile.resident_id, clock.now()).available


@pytest.mark.partial("A-27")
def test_a_little_reaches_everybody_at_once_and_each_only_once(ada, ben, fei, everybody):
    page = text_of(browser_of(fei).post(ADDRESS, everybody, follow=True))

    assert "Given to everybody in the list." in page
    assert (held(ada), held(ben)) == (200, 200)


@pytest.mark.partial("A-27")
def test_more_waits_for_a_second_person_who_sees_everybody_by_name(ada, ben, fei, odo, everybody):
    page = text_of(browser_of(fei).post(ADDRESS, everybody | {"amount": "2000"}, follow=True))
    assert "It takes effect when a second person agrees." in page

    waiting = text_of(browser_of(odo).get("/desk/second/"))
    browser_of(odo).post(f"/desk/second/{Correction.objects.get().pk}/", {"answer": "yes"})

    assert ">Ada</a>" in waiting
    assert ">Ben</a>" in waiting
    assert (held(ada), held(ben)) == (2000, 2000)


@pytest.mark.parametrize("people", ["", "not-an-id", "00000000-0000-7000-8000-000000000000"])
def test_it_refuses_who_is_nobody_and_gives_nobody_anything(ada, fei, everybody, people):
    both = f"{ada.resident.public_id} {people}" if people else ""

    assert browser_of(fei).post(ADDRESS, everybody | {"people": both}).status_code == 422
    assert held(ada) == 0


def test_it_refuses_who_may_not_decide_about_it(fei, ada, ben, everybody):
    browser_of(fei).post(ADDRESS, everybody | {"amount": "2000"})

    assert browser_of(fei).post(f"/desk/second/{Correction.objects.get().pk}/", {"answer": "yes"}).status_code == 403
    assert held(ada) == 0
