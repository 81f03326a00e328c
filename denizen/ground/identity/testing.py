"""Named people for tests: Ada and Ben live in the city, Odo and Fei work for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count

from denizen.ground.identity.commands import (
    Particulars,
    PostTerms,
    assign,
    found_department,
    hire,
    permit,
    register,
)
from denizen.ground.identity.constants import HOUSE, Permission
from denizen.ground.identity.models import Profile, Staff, User

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
"""The moment of tests that need one."""

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "lake-side-lantern-42"

_numbers = count(1)


def a_resident(
    name: str = "", *, email: str = "", moment: datetime = LONG_AGO, particulars: Particulars | None = None
) -> Profile:
    """A registered resident; with ``email`` he can sign in with ``PASSWORD``."""
    user = User.objects.create_user(email, PASSWORD) if email else None
    told = particulars or Particulars(name=name or f"Resident {next(_numbers)}")
    return register(particulars=told, user=user, moment=moment)


def a_staff(
    name: str = "",
    *,
    email: str = "",
    permissions: Iterable[Permission] = (),
    department: str = "user-operation",
    since: datetime = LONG_AGO,
    resident_id: int | None = None,
) -> Staff:
    """A staff member with a post in ``department`` and permits, all since ``since``."""
    user = User.objects.create_user(email, PASSWORD) if email else None
    founded = found_department(
        actor=HOUSE, code=department, title_en=department.title(), title_zh=f"{department} 部", moment=since
    )
    staff = hire(actor=HOUSE, name=name or f"Staff {next(_numbers)}", user=user, resident_id=resident_id, moment=since)
    terms = PostTerms(department=founded, region="lake", position="adviser", field="community", begins_at=since)
    assign(actor=HOUSE, staff=staff, terms=terms, moment=since)
    for permission in permissions:
        permit(actor=HOUSE, staff=staff, permission=permission, begins_at=since, ends_at=None, moment=since)
    return staff


def ada() -> Profile:
    """A resident who signs in."""
    return a_resident("Ada", email="ada@lakeside.example")


def ben() -> Profile:
    """Another resident who signs in."""
    return a_resident("Ben", email="ben@lakeside.example")


def odo() -> Staff:
    """The operator: he holds every permission."""
    return a_staff("Odo", email="odo@lakeside.example", permissions=tuple(Permission))


def fei() -> Staff:
    """A fellow: she reads residents and gives goodwill."""
    permissions = (Permission.RESIDENTS_READ, Permission.GRANTS_GOODWILL)
    return a_staff("Fei", email="fei@lakeside.example", permissions=permissions, department="fellows")
