"""People who mean no good, at the doors of the whole city: every address is tried, not a list of them."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from denizen.ground.identity import testing as identity
from denizen.ground.identity.models import Profile, Staff
from tests.flow.attackers import ODD_TEXTS, addresses, signed_in

pytestmark = pytest.mark.django_db

FREE = ("/api/", "/accounts/", "/static/")
"""Addresses with doors of their own: service keys, the gate, files."""

OURS = [address for address in addresses() if not address.startswith(FREE)]
ASKED = ("q", "words", "older", "before", "after", "known", "next", "page", "from", "table", "state", "name", "to")
"""Words that pages read from their address."""

DESK = [address for address in OURS if address.startswith("/desk")]
GATE = [address for address in addresses() if address.startswith("/accounts/")]


@pytest.fixture(autouse=True)
def _nobody_has_tried_before() -> None:
    cache.clear()


@pytest.fixture
def ada() -> Profile:
    return identity.ada()


@pytest.fixture
def nobody_special() -> Staff:
    """Staff with a post and no permit."""
    return identity.a_staff("Noor", email="noor@lakeside.example")


def test_there_are_addresses_to_attack() -> None:
    assert len(OURS) > 20
    assert len(DESK) > 10
    assert "/accounts/login/" in GATE


@pytest.mark.parametrize("address", [*OURS, *GATE])
def test_no_form_of_another_site_is_taken(ada: Profile, address: str) -> None:
    client = signed_in("ada@lakeside.example")
    client.handler.enforce_csrf_checks = True

    status = client.post(address, {"amount": "1"}).status_code

    assert status in (403, 404, 405)


@pytest.mark.parametrize("address", DESK)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_resident_finds_no_desk(ada: Profile, address: str, method: str) -> None:
    client = signed_in("ada@lakeside.example")

    assert getattr(client, method)(address).status_code in (404, 405)


@pytest.mark.parametrize("address", DESK)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_guest_is_sent_to_the_gate_and_nowhere_else(address: str, method: str) -> None:
    answer = getattr(Client(), method)(address)

    assert answer.status_code in (302, 405)
    assert answer.status_code == 405 or answer.headers["Location"].startswith("/accounts/login/?next=/desk")


@pytest.mark.parametrize("address", DESK)
def test_staff_without_a_permit_change_nothing(nobody_special: Staff, address: str) -> None:
    client = signed_in("noor@lakeside.example")

    assert client.post(address, {"amount": "10", "reason": "because I can do it"}).status_code in (403, 404, 405)


@pytest.mark.parametrize("address", [*OURS, *GATE])
def test_every_answer_carries_the_policy_and_forbids_framing(ada: Profile, address: str) -> None:
    for client in (Client(), signed_in("ada@lakeside.example")):
        answer = client.get(address)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.status_code < 500


@pytest.mark.parametrize("address", OURS)
def test_odd_words_in_an_address_break_no_page(ada: Profile, address: str) -> None:
    identity.odo()

    for client in (signed_in("ada@lakeside.example"), signed_in("odo@lakeside.example")):
        for text in ODD_TEXTS:
            assert client.get(address, dict.fromkeys(ASKED, text)).status_code < 500, text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "", "a" * 300])
def test_another_host_is_not_this_city(host: str) -> None:
    answer = Client(headers={"host": host}).get("/accounts/password/reset/")

    assert answer.status_code == 400
    assert host == "" or host not in answer.text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "///evil.example", "javascript:alert(1)", "http:///x",
     "\thttps://evil.example", "https:evil.example"],
)  # fmt: skip
def test_no_way_back_leads_to_another_site(ada: Profile, elsewhere: str) -> None:
    told = {"login": "ada@lakeside.example", "password": identity.PASSWORD, "next": elsewhere}

    ways = [
        Client().post("/accounts/login/", told),
        Client().post(f"/accounts/login/?next={elsewhere}", told),
        Client().post("/language/", {"language": "en", "next": elsewhere}),
        Client().post("/theme/", {"theme": "dark", "next": elsewhere}),
        signed_in("ada@lakeside.example").post("/accounts/logout/", {"next": elsewhere}),
    ]

    assert {way.status_code for way in ways} == {302}
    assert all(way.headers["Location"].startswith("/") for way in ways)
    assert not any("evil" in way.headers["Location"] for way in ways)


def test_a_session_from_before_is_worth_nothing_after_signing_in(ada: Profile) -> None:
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = session.session_key

    client.post("/accounts/login/", {"login": "ada@lakeside.example", "password": identity.PASSWORD})

    assert client.cookies["sessionid"].value != session.session_key
    stranger = Client()
    stranger.cookies["sessionid"] = session.session_key
    assert stranger.get("/me/").status_code == 302


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(ada: Profile) -> None:
    client = signed_in("ada@lakeside.example")
    client.post("/theme/", {"theme": "dark"})
    client.post("/language/", {"language": "en"})
    client.get("/accounts/password/change/")

    assert {"sessionid", "csrftoken"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key


@pytest.mark.parametrize("odd", ["%0aFORGED", "%0d%0aFORGED", "%1b[31mFORGED", "%e2%80%aeFORGED"])
def test_nobody_writes_lines_of_his_own_into_the_log(odd: str, caplog: pytest.LogCaptureFixture) -> None:
    Client().get(f"/nowhere/{odd}")
    Client(headers={"host": "evil.example\nFORGED"}).get("/rules/")

    told = [record.getMessage() for record in caplog.records]
    assert told
    assert all(message.isprintable() for message in told)


def test_a_line_of_the_log_is_as_long_as_a_line() -> None:
    handlers = settings.LOGGING["handlers"]["console"]
    shape = logging.Formatter(settings.LOGGING["formatters"][handlers["formatter"]]["format"])
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", ("/" + "a" * 100_000,), None)

    assert len(shape.format(record)) == 1_000
