"""Who can sign in to the reference city. Passwords are made for each city and told once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from denizen.config.reference_city.offices import DEPARTMENTS, DESKS
from denizen.config.reference_city.people import CAST
from denizen.ground.identity.models import User
from denizen.kit import db

DOMAIN = "example.org"
RESIDENTS = {0: "ada", 1: "ben", 2: "shen.zhiyuan", 3: "su.nian"}
"""First half of the address by number of the resident; who also works for the city has one sign-in for both."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A demo sign-in: whose it is, what it shows in both languages, and how to come in."""

    name: str
    en: str
    zh: str
    email: str
    password: str


def open_sign_ins() -> dict[str, User]:
    """A sign-in without a password for everybody who has one, by the first half of his address."""
    halves = {*RESIDENTS.values(), *(desk.sign_in for desk in DESKS if desk.sign_in)}
    return {half: User.objects.create_user(f"{half}@{DOMAIN}") for half in sorted(halves)}


def hand_out(password: str | None = None) -> list[SignIn]:
    """Give every demo sign-in this password, or a new one made for this city; who they are, to be told once."""
    told = password or secrets.token_hex(8)
    titles = {code: (title_en, title_zh) for code, title_en, title_zh in DEPARTMENTS}
    sign_ins = {
        desk.sign_in: SignIn(
            desk.name, f"Staff: {titles[desk.department][0]}", f"员工：{titles[desk.department][1]} · {desk.position}",
            f"{desk.sign_in}@{DOMAIN}", told,
        )
        for desk in DESKS if desk.sign_in
    }  # fmt: skip
    for number, half in RESIDENTS.items():
        role = CAST[number]
        sign_ins[half] = SignIn(role.name, role.en, role.zh, f"{half}@{DOMAIN}", told)
    with db.opening():
        # One password, hashed once: hashing is slow on purpose.
        User.objects.filter(email__in=[each.email for each in sign_ins.values()]).update(password=make_password(told))
    return list(sign_ins.values())
