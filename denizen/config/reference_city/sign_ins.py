"""Who can sign in to the reference city. Passwords are made for each city and told once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from denizen.config.reference_city.offices import DESKS
from denizen.config.reference_city.people import CAST
from denizen.ground.identity.models import User
from denizen.kit import db

DOMAIN = "example.org"
RESIDENTS = {0: "ada", 1: "ben", 2: "shen.zhiyuan", 3: "su.nian"}
"""First half of the address by number of the resident; who also works for the city has one sign-in for both."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A demo sign-in: whom it shows, by what address and password."""

    name: str
    what: str
    email: str
    password: str


def open_sign_ins() -> dict[str, User]:
    """A sign-in without a password for everybody who has one, by the first half of his address."""
    halves = {*RESIDENTS.values(), *(desk.sign_in for desk in DESKS if desk.sign_in)}
    return {half: User.objects.create_user(f"{half}@{DOMAIN}") for half in sorted(halves)}


def hand_out(password: str | None = None) -> list[SignIn]:
    """Give every demo sign-in this password, or a new one made for this city; who they are, to be told once."""
    told = password or secrets.token_urlsafe(9)
    shown = [(CAST[number].name, str(CAST[number].path), half) for number, half in RESIDENTS.items()]
    shown += [(desk.name, f"{desk.department}, {desk.position}", desk.sign_in) for desk in DESKS if desk.sign_in]
    sign_ins: dict[str, SignIn] = {}
    for name, what, half in shown:
        known = sign_ins.get(half)
        sign_ins[half] = SignIn(name, f"{known.what} + {what}" if known else what, f"{half}@{DOMAIN}", told)
    with db.opening():
        # One password, hashed once: hashing is slow on purpose.
        User.objects.filter(email__in=[each.email for each in sign_ins.values()]).update(password=make_password(told))
    return list(sign_ins.values())
