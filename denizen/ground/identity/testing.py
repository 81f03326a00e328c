"""Named people for tests: Ada and Ben live in the city, Odo and Fei work for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count

from denizen.ground.chronicle.commands import Fresh, declare_source, record_one
from denizen.ground.chronicle.kinds import purchase
from denizen.ground.identity.commands import (
    Particulars,
    PostTerms,
    assign,
    fold_facts,
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


def recorded(profile: Profile, what: object, moment: datetime, *, key: str = "", source: str = "shop") -> Fresh:
    """``what`` (an object of the vocabulary) as it stands in the chronicle; ``key``: the external id to undo it by."""
    answer = record_one(
        kind_object=what,
        resident=profile.resident_id,
        occurred_at=moment,
        external_id=key or f"told-{next(_numbers)}",
        source=declare_source(code=source, lateness_seconds_max=None),
        now=NOW,
    )
    if answer.fresh is None:
        raise ValueError(f"this was recorded before: {answer}")
    return answer.fresh


def lived(profile: Profile, what: object, moment: datetime, *, key: str = "") -> Fresh:
    """``what`` recorded and folded: the pipeline's first hop without the rest."""
    entry = recorded(profile, what, moment, key=key)
    fold_facts(entries=[entry], moment=NOW)
    return entry


def takes_delivery(
    profile: Profile, moment: datetime, *, vehicle: str = "car-1", founder_edition: bool = False, key: str = ""
) -> Fresh:
    """From ``moment`` on the resident is an owner."""
    car = purchase.VehicleDelivered(model="l1", vehicle=vehicle, founder_edition=founder_edition, channel="new")
    return lived(profile, car, moment, key=key)


def resells(profile: Profile, moment: datetime, *, vehicle: str = "car-1") -> Fresh:
    """From ``moment`` on the resident no longer holds the vehicle."""
    return lived(profile, purchase.VehicleResold(vehicle=vehicle, official=True), moment)
