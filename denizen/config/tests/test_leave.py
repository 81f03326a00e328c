"""Signing out and changing the password end the streams that were open."""

from __future__ import annotations

import psycopg
import pytest
from django.test import Client

from denizen.config.live import SIGNED_OUT
from denizen.config.wires import conninfo
from denizen.ground.identity import testing as identity
from denizen.ground.identity.models import Profile
from denizen.kit import db
from denizen.people.growth.pipeline import LIVE_CHANNEL

NEW_PASSWORD = "another-lantern-by-the-lake-7"


@pytest.fixture
def ada(transactional_db: None) -> Profile:
    with db.opening():
        return identity.ada()


@pytest.fixture
def at_home(ada: Profile, client: Client) -> Client:
    told = {"login": "ada@lakeside.example", "password": identity.PASSWORD}
    assert client.post("/accounts/login/", told).status_code == 302
    return client


def heard(listener: psycopg.Connection) -> list[str]:
    return [told.payload for told in listener.notifies(timeout=2, stop_after=1)]


def test_signing_out_is_told_to_the_streams(ada: Profile, at_home: Client) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as listener:
        listener.execute(f"LISTEN {LIVE_CHANNEL}")

        at_home.post("/accounts/logout/")

        assert heard(listener) == [f"{SIGNED_OUT}{ada.resident_id}"]
        assert at_home.post("/live/ticket/").status_code == 401


def test_a_new_password_is_told_to_the_streams(ada: Profile, at_home: Client) -> None:
    told = {"oldpassword": identity.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    with psycopg.connect(conninfo(), autocommit=True) as listener:
        listener.execute(f"LISTEN {LIVE_CHANNEL}")

        at_home.post("/accounts/password/change/", told)

        assert heard(listener) == [f"{SIGNED_OUT}{ada.resident_id}"]
