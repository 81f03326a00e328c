"""Points given freely at the desk: with a human reason, from a reported envelope, once (B-34)."""

import pytest

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import StaffAct
from denizen.ground.identity.testing import a_staff
from denizen.ground.ledger.models import PostingReason
from denizen.ground.ledger.queries import balance
from denizen.kit import clock
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
SURPRISE = {
    "grant-kind": "surprise", "grant-amount": "66", "grant-envelope": "surprises", "grant-lot_days": "",
    "grant-reason": "You waited in the rain for two hours", "grant-key": "desk:1",
}  # fmt: skip


def address_of(profile) -> str:
    return f"/desk/residents/{profile.resident.public_id}/grant/"


def held(profile) -> int:
    return balance(profile.resident_id, clock.now()).available


@pytest.mark.row("B-34")
def test_a_surprise_reaches_the_resident_with_its_reason_and_shows_in_the_envelope(ada, odo):
    browser = browser_of(odo)
    browser.post("/desk/budgets/fund/", {"envelope": "surprises", "amount": "50", "reason": "Budget of the quarter"})

    page = text_of(browser.post(address_of(ada), SURPRISE, follow=True))

    assert "Given. The resident reads your reason" in page
    assert held(ada) == 66
    assert "You waited in the rain for two hours — Odo" in text_of(browser_of(ada).get("/me/moved/"))
    assert StaffAct.objects.get(act="points.surprise").department.code == "user-operation"
    assert "overrun by 16" in text_of(browser.get("/desk/budgets/"))


@pytest.mark.row("B-34")
@pytest.mark.parametrize("reason", ["", "sorry"])
def test_it_refuses_to_give_without_a_human_reason_and_keeps_what_was_written(ada, odo, reason):
    answer = browser_of(odo).post(address_of(ada), SURPRISE | {"grant-reason": reason})

    page = text_of(answer)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'value="66"' in page
    assert held(ada) == 0


def test_the_button_pressed_twice_gives_once(ada, odo):
    browser = browser_of(odo)

    browser.post(address_of(ada), SURPRISE)
    browser.post(address_of(ada), SURPRISE)

    assert held(ada) == 66
    assert PostingReason.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"grant-amount": "0"}, {"grant-amount": "-5"}, {"grant-envelope": "nowhere"}, {"grant-envelope": ""}]
)
def test_it_refuses_a_wrong_amount_and_an_unknown_envelope(ada, odo, wrong):
    assert browser_of(odo).post(address_of(ada), SURPRISE | wrong).status_code == 422
    assert held(ada) == 0


@pytest.mark.row("B-34")
def test_it_refuses_a_surprise_from_who_may_only_give_goodwill(ada, fei):
    answer = browser_of(fei).post(address_of(ada), SURPRISE)

    assert answer.status_code in {403, 422}
    assert held(ada) == 0


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Nobody gives points to himself"), ("zh-hans", "不能给自己发放积分")]
)
def test_it_refuses_points_for_oneself_in_the_readers_language(ada, language, words):
    su = a_staff(
        "Su", email="su@lakeside.example", resident_id=ada.resident_id,
        permissions=(Permission.GRANTS_SURPRISE, Permission.RESIDENTS_READ),
    )  # fmt: skip

    answer = browser_of(su, language).post(address_of(ada), SURPRISE)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert held(ada) == 0


def test_goodwill_works_and_can_end(ada, fei):
    goodwill = SURPRISE | {"grant-kind": "goodwill", "grant-lot_days": "10"}

    browser_of(fei).post(address_of(ada), goodwill)

    assert held(ada) == 66
    assert balance(ada.resident_id, clock.now()).expiring[0].amount == 66
