"""A city with laws and named people; pages are asked through the client, behaviour goes through the real pipeline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denizen.config.errands.deciding import drain
from denizen.ground.chronicle.kinds import purchase
from denizen.ground.identity import testing as people
from denizen.ground.identity.commands import publish_reference_levels
from denizen.ground.identity.models import Profile, Staff, User
from denizen.kit import clock, db
from denizen.people.growth.testing import behave
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text
from denizen.shell.catalogues import compile_catalogues

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="session", autouse=True)
def _spoken() -> None:
    """Compiled catalogues are not kept in the repository; Chinese pages need them."""
    compile_catalogues()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A slow hash protects real passwords and only delays tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    cache.clear()


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def laws(db: None) -> None:
    """Levels and the reference rule book, in force since long ago."""
    give_laws()


@pytest.fixture
def ada(laws: None) -> Profile:
    return people.ada()


@pytest.fixture
def ben(laws: None) -> Profile:
    return people.ben()


@pytest.fixture
def odo(laws: None) -> Staff:
    return people.odo()


@pytest.fixture
def fei(laws: None) -> Staff:
    return people.fei()


def give_laws() -> None:
    with db.opening():
        publish_reference_levels(moment=people.LONG_AGO)
    publish_first_book(text=reference_book_text(), moment=people.LONG_AGO, effective_from=people.LONG_AGO)


def browser_of(person: Profile | Staff | None, language: str = "en") -> Client:
    """The browser of somebody who is signed in, or of a guest."""
    client = Client()
    client.cookies["django_language"] = language
    if person is not None:
        client.force_login(User.objects.get(pk=person.user_id), backend=BACKEND)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def the_worker_decides() -> int:
    """Play the worker until nothing is left to decide; how many entries."""
    return drain()


def becomes_owner(profile: Profile, days_ago: int = 30) -> None:
    """Through the pipeline, so that grade, points and receipt are all there."""
    car = purchase.VehicleDelivered(model="l1", vehicle=f"car-{profile.pk}", founder_edition=False, channel="new")
    behave(profile.resident_id, car, clock.now() - timedelta(days=days_ago))


@pytest.fixture
def queries() -> Callable[[Client, str], int]:
    """How many queries a page takes, once the process knows what it learns only once."""

    def asked(client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    return asked
