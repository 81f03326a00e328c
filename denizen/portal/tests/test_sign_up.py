"""Signing up: the city greets who comes, once."""

import pytest

from denizen.ground.chronicle.models import Entry
from denizen.ground.identity.models import Profile
from denizen.ground.identity.testing import PASSWORD
from denizen.portal.tests.conftest import browser_of, text_of, the_worker_decides

pytestmark = pytest.mark.django_db
GRACE = {"name": "Grace", "email": "grace@lakeside.example", "password1": PASSWORD}


@pytest.mark.row("B-05")
def test_a_new_resident_finds_the_points_of_his_welcome(laws):
    guest = browser_of(None)

    answer = guest.post("/accounts/signup/", GRACE)
    the_worker_decides()
    page = text_of(guest.get("/me/history/"))

    assert answer.url == "/"
    assert "Registered" in page
    assert "+20" in page
    assert Entry.objects.get().resident_id == Profile.objects.get(name="Grace").resident_id


def test_it_refuses_a_second_sign_up_with_the_same_address_and_greets_nobody_twice(laws):
    browser_of(None).post("/accounts/signup/", GRACE)

    browser_of(None).post("/accounts/signup/", GRACE)

    assert Entry.objects.count() == 1
    assert Profile.objects.filter(name="Grace").count() == 1


def test_it_refuses_who_gives_no_name(laws):
    answer = browser_of(None).post("/accounts/signup/", GRACE | {"name": ""})

    assert answer.status_code == 200
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("language", "refusal"), [("en", "it needs at least 10 characters"), ("zh-hans", "密码太短，至少要 10 个字符")]
)
def test_it_refuses_a_short_password_in_the_language_of_the_page(laws, language, refusal):
    page = text_of(browser_of(None, language).post("/accounts/signup/", GRACE | {"password1": "k7!w"}))

    assert refusal in page
    assert not Entry.objects.exists()
