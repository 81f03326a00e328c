"""Guessing, forging and coming back at the gate: who is a resident, whose password it is, whose stream."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from denizen.config.live import TOPIC
from denizen.ground.identity import testing as identity
from denizen.ground.identity.models import Profile, Staff, User
from denizen.kit.tickets import read_ticket
from tests.flow.attackers import signed_in

pytestmark = pytest.mark.django_db

ADA = "ada@lakeside.example"
NEW_PASSWORD = "another-lantern-by-the-lake-7"


@pytest.fixture(autouse=True)
def _nobody_has_tried_before() -> None:
    cache.clear()


@pytest.fixture
def ada() -> Profile:
    return identity.ada()


def guess(client: Client, email: str, password: str, **headers: str) -> int:
    answer = client.post("/accounts/login/", {"login": email, "password": password}, headers=headers)
    return answer.status_code


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(ada: Profile) -> None:
    known, unknown = (
        Client(headers={"accept-language": "en"}).post("/accounts/login/", {"login": email, "password": "wrong-one"})
        for email in (ADA, "nobody@lakeside.example")
    )

    assert known.status_code == unknown.status_code == 200
    words = [answer.text.replace("nobody@", "ada@") for answer in (known, unknown)]
    told = [text.partition('class="error"')[2].partition("</")[0] for text in words]
    assert told[0] == told[1]


def test_claiming_to_come_from_elsewhere_buys_no_further_guess(ada: Profile) -> None:
    for number in range(6):
        guess(Client(), ADA, "wrong-one", **{"x-forwarded-for": f"10.0.0.{number}", "x-real-ip": f"10.0.1.{number}"})

    assert guess(Client(), ADA, identity.PASSWORD, **{"x-forwarded-for": "10.0.0.99"}) != 302


def test_many_addresses_from_one_place_are_bounded(ada: Profile) -> None:
    statuses = [guess(Client(), f"guess-{number}@lakeside.example", "wrong-one") for number in range(40)]

    assert 429 in statuses or guess(Client(), ADA, identity.PASSWORD) != 302


def test_sign_ups_from_one_place_are_bounded() -> None:
    def sign_up(number: int) -> int:
        told = {"name": "Bot", "email": f"bot-{number}@lakeside.example", "password1": identity.PASSWORD}
        return Client().post("/accounts/signup/", told).status_code

    statuses = [sign_up(number) for number in range(30)]

    assert 429 in statuses
    assert User.objects.count() < 30


def test_letters_about_a_new_password_are_bounded(ada: Profile, mailoutbox: list[object]) -> None:
    for _ in range(30):
        Client().post("/accounts/password/reset/", {"email": ADA})

    assert 0 < len(mailoutbox) <= 20


def test_forged_fields_of_signing_up_make_nobody_more_than_a_resident(ada: Profile) -> None:
    told = {
        "name": "Eve", "email": "eve@lakeside.example", "password1": identity.PASSWORD, "is_staff": "1",
        "is_superuser": "1", "resident": str(ada.resident_id), "resident_id": str(ada.resident_id), "staff": "1",
        "is_active": "1", "user": str(ada.user_id), "joined_at": "1990-01-01",
    }  # fmt: skip
    browser = Client()

    assert browser.post("/accounts/signup/", told).status_code == 302

    eve = Profile.objects.get(user__email="eve@lakeside.example")
    assert eve.resident_id != ada.resident_id
    assert not Staff.objects.exists()
    assert browser.get("/desk/").status_code == 404


def test_who_signs_up_under_the_address_of_staff_is_not_staff() -> None:
    identity.odo()

    Client().post("/accounts/signup/", {"name": "Eve", "email": "ODO@lakeside.example", "password1": identity.PASSWORD})

    assert User.objects.filter(email__iexact="odo@lakeside.example").count() == 1
    assert not Profile.objects.exists()


def test_a_ticket_is_for_who_asks_whatever_he_writes(ada: Profile) -> None:
    ben = identity.ben()

    told = signed_in(ADA).post("/live/ticket/", {"resident": ben.resident_id, "topic": "all"}).json()

    assert read_ticket(told["ticket"], topic=TOPIC).resident == ada.resident_id


def test_a_closed_account_and_a_changed_password_end_every_session(ada: Profile) -> None:
    thief, owner = signed_in(ADA), signed_in(ADA)
    told = {"oldpassword": identity.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    owner.post("/accounts/password/change/", told)

    assert thief.get("/me/").status_code == 302
    assert owner.get("/me/").status_code == 200
    User.objects.filter(pk=ada.user_id).update(is_active=False)
    assert owner.get("/me/").status_code == 302
    assert owner.post("/live/ticket/").status_code == 401


def test_pages_of_a_person_are_kept_by_no_cache(ada: Profile) -> None:
    identity.odo()

    for email, pages in (
        (ADA, ("/", "/me/", "/me/history/", "/me/moved/", "/me/points/", "/pulse/", "/ways/")),
        ("odo@lakeside.example", ("/desk/", "/desk/residents/", "/desk/second/", "/desk/keys/", "/desk/late/")),
    ):
        browser = signed_in(email)
        for page in pages:
            assert "no-store" in browser.get(page).headers.get("Cache-Control", ""), page


def test_somebody_elses_receipt_is_like_one_that_never_was(ada: Profile) -> None:
    ben = identity.ben()
    browser = signed_in("ben@lakeside.example")
    signed_in(ADA).post("/check-in/")
    browser.post("/check-in/")
    own = browser.get("/me/history/").text
    numbers = [int(part.partition("/")[0]) for part in own.split("/me/history/")[1:] if part[:1].isdigit()]

    assert numbers
    for near in range(min(numbers) - 3, max(numbers) + 4):
        assert browser.get(f"/me/history/{near}/").status_code == (200 if near in numbers else 404)
    assert ben.resident_id != ada.resident_id
