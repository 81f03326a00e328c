"""Corrections: a little by one person, more by two (A-27)."""

import pytest

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.ground.ledger.models import Correction
from denizen.ground.ledger.queries import balance
from denizen.kit import clock
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
CORRECTION = {
    "correction-amount": "500", "correction-envelope": "surprises", "correction-reason": "The visit of May was missed",
}  # fmt: skip


@pytest.fixture
def xu(laws):
    permissions = (Permission.RESIDENTS_READ, Permission.CORRECTIONS_PROPOSE, Permission.CORRECTIONS_APPROVE)
    return a_staff("Xu", email="xu@lakeside.example", permissions=permissions)


def corrects(staff, profile, **changes):
    address = f"/desk/residents/{profile.resident.public_id}/correct/"
    return browser_of(staff).post(address, CORRECTION | changes, follow=True)


def held(profile) -> int:
    return balance(profile.resident_id, clock.now()).available


@pytest.mark.partial("A-27")
def test_a_small_one_takes_effect_at_once(ada, xu):
    assert "Corrected." in text_of(corrects(xu, ada))
    assert held(ada) == 500


@pytest.mark.partial("A-27")
def test_a_large_one_waits_for_another_person(ada, xu, odo):
    page = text_of(corrects(xu, ada, **{"correction-amount": "5000"}))
    number = Correction.objects.get().pk
    assert "It takes effect when a second person agrees." in page
    assert held(ada) == 0

    assert "You proposed it, so somebody else decides." in text_of(browser_of(xu).get("/desk/second/"))
    answer = browser_of(odo).post(f"/desk/second/{number}/", {"answer": "yes"}, follow=True)

    assert "Agreed; it has taken effect." in text_of(answer)
    assert held(ada) == 5000


def test_it_refuses_the_author_as_second_person(ada, xu):
    corrects(xu, ada, **{"correction-amount": "5000"})

    answer = browser_of(xu, "zh-hans").post(
        f"/desk/second/{Correction.objects.get().pk}/", {"answer": "yes"}, follow=True
    )

    assert "须由另一人决定。" in text_of(answer)
    assert held(ada) == 0


def test_what_was_turned_down_moves_nothing_and_is_decided_once(ada, xu, odo):
    corrects(xu, ada, **{"correction-amount": "5000"})
    address = f"/desk/second/{Correction.objects.get().pk}/"
    browser = browser_of(odo)

    assert "Turned down; nothing moved." in text_of(browser.post(address, {"answer": "no"}, follow=True))
    assert "This is not waiting for a decision" in text_of(browser.post(address, {"answer": "yes"}, follow=True))
    assert held(ada) == 0


@pytest.mark.parametrize("wrong", [{"correction-amount": "0"}, {"correction-reason": "no"}])
def test_it_refuses_nothing_and_too_few_words(ada, xu, wrong):
    assert corrects(xu, ada, **wrong).status_code == 422
    assert not Correction.objects.exists()
