"""Service keys at the desk: shown once, revoked at once."""

import re

import pytest

from denizen.ground.chronicle.commands import declare_source
from denizen.ground.chronicle.models import ServiceKey
from denizen.ground.chronicle.queries import recognised_key
from denizen.ground.identity.models import StaffAct
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
KEY = {"title": "Till of the shop", "source": "shop", "kinds": ["checked_in"]}


@pytest.fixture(autouse=True)
def _shop(laws):
    declare_source(code="shop", lateness_seconds_max=60)


def test_a_key_is_shown_once_and_works(odo):
    browser = browser_of(odo)

    token = re.search(r"dz_\w+?_[\w-]+", text_of(browser.post("/desk/keys/issue/", KEY))).group()

    assert recognised_key(token=token)
    assert token not in text_of(browser.get("/desk/keys/"))
    assert StaffAct.objects.filter(act="keys.issue").count() == 1


def test_a_revoked_key_opens_nothing_and_is_revoked_once(odo):
    browser = browser_of(odo)
    token = re.search(r"dz_\w+?_[\w-]+", text_of(browser.post("/desk/keys/issue/", KEY))).group()
    address = f"/desk/keys/{ServiceKey.objects.get().pk}/revoke/"

    assert "Revoked." in text_of(browser.post(address, follow=True))
    assert "revoked before" in text_of(browser.post(address, follow=True))
    assert recognised_key(token=token) is None


@pytest.mark.parametrize("wrong", [{"kinds": []}, {"kinds": ["unheard_of"]}, {"source": "nobody"}, {"title": ""}])
def test_it_refuses_a_key_without_title_source_or_kinds(odo, wrong):
    assert browser_of(odo).post("/desk/keys/issue/", KEY | wrong).status_code == 422
    assert not ServiceKey.objects.exists()


def test_issuing_does_not_change_how_late_the_source_may_be(odo):
    browser_of(odo).post("/desk/keys/issue/", KEY)

    assert ServiceKey.objects.select_related("source").get().source.lateness_seconds_max == 60


def test_it_refuses_who_may_not(fei):
    assert browser_of(fei).post("/desk/keys/issue/", KEY).status_code == 403
    assert not ServiceKey.objects.exists()
