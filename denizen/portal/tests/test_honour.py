"""Honours given at the desk (D-20)."""

import pytest

from denizen.ground.identity.models import StaffAct
from denizen.people.standing.models import Honour
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
HONOUR = {
    "honour-title_zh": "守灯人", "honour-title_en": "Lantern keeper", "honour-reason": "Forty evenings at the lake",
}  # fmt: skip


def address_of(profile) -> str:
    return f"/desk/residents/{profile.resident.public_id}/honour/"


@pytest.mark.row("D-20")
def test_an_honour_is_signed_and_stands_on_the_residents_page(ada, odo):
    page = text_of(browser_of(odo).post(address_of(ada), HONOUR, follow=True))

    assert "The honour is given and signed." in page
    assert "守灯人" in text_of(browser_of(ada, "zh-hans").get("/me/"))
    assert "<code>honour.given</code>" in page
    assert StaffAct.objects.filter(act="honour.given").count() == 1


def test_pressed_twice_it_is_given_once(ada, odo):
    for _ in range(2):
        page = text_of(browser_of(odo).post(address_of(ada), HONOUR, follow=True))

    assert "The honour is given and signed." in page
    assert Honour.objects.count() == 1
    assert StaffAct.objects.filter(act="honour.given").count() == 1


@pytest.mark.parametrize("missing", sorted(HONOUR))
def test_it_refuses_an_honour_without_both_titles_and_a_reason(ada, odo, missing):
    answer = browser_of(odo).post(address_of(ada), HONOUR | {missing: ""})

    assert answer.status_code == 422
    assert not Honour.objects.exists()


def test_it_refuses_who_may_not(ada, fei):
    assert browser_of(fei).post(address_of(ada), HONOUR).status_code == 403
    assert not Honour.objects.exists()
