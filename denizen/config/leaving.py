"""Who signs out or changes the password also ends the live streams that the old sign-in had opened."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from denizen.config.live import SIGNED_OUT
from denizen.ground.identity.models import User
from denizen.ground.identity.queries import resident_of
from denizen.ground.identity.signin import SignInAdapter
from denizen.kit import db
from denizen.people.growth.pipeline import LIVE_CHANNEL


class CityAdapter(SignInAdapter):
    """Every device of the person is told to fetch a new ticket; one that is signed out gets none."""

    def logout(self, request: HttpRequest) -> None:
        leaving = resident_key(request.user)
        super().logout(request)
        end_streams(leaving)

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        end_streams(resident_key(user))


def resident_key(user: AbstractBaseUser | AnonymousUser) -> int | None:
    profile = resident_of(user)
    return profile.resident_id if profile else None


def end_streams(resident: int | None) -> None:
    """Tell every stream process, on commit."""
    if resident is not None:
        db.execute("SELECT pg_notify(%s, %s)", (LIVE_CHANNEL, f"{SIGNED_OUT}{resident}"))
