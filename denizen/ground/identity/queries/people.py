"""Who is who: viewers, profiles behind their gate, and everything kept about one person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from denizen.ground.identity.constants import DEPOSIT_PLAN, Permission
from denizen.ground.identity.models import Fact, GradeSpan, Invitation, InviteCode, PlanSpan, Profile, Residence, Staff
from denizen.ground.identity.queries.levels import Label, labels_for
from denizen.ground.identity.queries.staff import may_staff, staff_of


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a resident, a staff member, both (linked sign-in) or a guest (neither)."""

    resident: int | None = None
    staff: Staff | None = None


@dataclass(frozen=True, slots=True)
class Particulars:
    """The part of a profile that only the person himself and permitted staff see."""

    email: str
    city: str
    city_tier: int | None
    born_on: date | None


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A profile as one viewer sees it. ``particulars`` None: this viewer sees the public part only."""

    resident: int
    public_id: uuid.UUID
    name: str
    about: str
    labels: list[Label]
    particulars: Particulars | None


@dataclass(frozen=True, slots=True)
class OpenDeposit:
    """A resident who has paid and not received yet. ``name`` is empty for who was erased or is known by key only."""

    resident: int
    name: str
    since: datetime

    @property
    def key(self) -> tuple[datetime, int]:
        """Where the next page goes on."""
        return self.since, self.resident


def resident_of(user: AbstractBaseUser | AnonymousUser) -> Profile | None:
    """The resident who signs in as ``user``; None for pure staff or a guest."""
    if not user.is_authenticated:
        return None
    return Profile.objects.select_related("resident").filter(user_id=user.pk).first()


def viewer_of(user: AbstractBaseUser | AnonymousUser) -> Viewer:
    """Who looks when ``user`` is signed in."""
    profile = resident_of(user)
    return Viewer(profile.resident_id if profile else None, staff_of(user))


def profile_for(viewer: Viewer, public_id: uuid.UUID, moment: datetime) -> ProfileView | None:
    """A resident's profile as ``viewer`` may see it at ``moment``; None when there is nobody behind the id."""
    found = Profile.objects.select_related("resident", "user").filter(resident__public_id=public_id).first()
    if found is None:
        return None
    labels = labels_for([found.resident_id], moment).get(found.resident_id, [])
    seen = _particulars(found) if _may_see_all(viewer, found, moment) else None
    return ProfileView(found.resident_id, found.resident.public_id, found.name, found.about, labels, seen)


def invite_code_of(resident: int) -> str:
    """The invitation code issued to a resident, empty for who has none yet."""
    return InviteCode.objects.filter(resident_id=resident).values_list("code", flat=True).first() or ""


def names_of(residents: Iterable[int]) -> dict[int, str]:
    """The names by which residents want to be called. One query; the erased are left out."""
    wanted = list(residents)
    return dict(Profile.objects.filter(resident_id__in=wanted).values_list("resident_id", "name")) if wanted else {}


def open_deposits_for(
    staff: Staff, moment: datetime, *, before: tuple[datetime, int] | None = None, limit: int = 50
) -> list[OpenDeposit]:
    """Who has a deposit open at ``moment``, the latest first, for sales and fellows who may read residents (D-02).

    ``before``: the ``key`` of the last one of the page read before. Staff without the permit see nobody.
    """
    if not may_staff(staff, Permission.RESIDENTS_READ, moment):
        return []
    spans = PlanSpan.objects.filter(plan=DEPOSIT_PLAN, held__contains=moment)
    if before is not None:
        since, resident = before
        spans = spans.filter(Q(held__startswith__lt=since) | Q(held__startswith=since, resident_id__lt=resident))
    found = list(spans.order_by("-held__startswith", "-resident_id")[:limit])
    names = names_of(span.resident_id for span in found)
    return [OpenDeposit(span.resident_id, names.get(span.resident_id, ""), span.held.lower) for span in found]


def export(resident_id: int) -> dict[str, Any]:
    """Everything identity keeps about one person, as JSON can carry it; moments in ISO 8601, UTC."""
    profile = Profile.objects.select_related("user").filter(resident_id=resident_id).first()
    code = InviteCode.objects.filter(resident_id=resident_id).first()
    invitation = Invitation.objects.filter(buyer_id=resident_id).first()
    return {
        "resident": resident_id,
        "profile": _profile_record(profile) if profile else None,
        "grades": _ranges(GradeSpan.objects.filter(resident_id=resident_id), "grade"),
        "plans": _ranges(PlanSpan.objects.filter(resident_id=resident_id), "plan"),
        "facts": [
            {"entry": fact.pk, "kind": fact.kind, "occurred_at": _written(fact.occurred_at), "details": fact.details}
            for fact in Fact.objects.filter(resident_id=resident_id).order_by("occurred_at", "pk")
        ],
        "lived_in": [
            {"city": lived.city, "city_tier": lived.city_tier, "since": _written(lived.since)}
            for lived in Residence.objects.filter(resident_id=resident_id).order_by("since")
        ],
        "invitation_code": code.code if code else None,
        "invited_by": invitation.inviter_id if invitation else None,
        "invited": list(Invitation.objects.filter(inviter_id=resident_id).order_by("pk").values_list("pk", flat=True)),
    }


def _may_see_all(viewer: Viewer, profile: Profile, moment: datetime) -> bool:
    if viewer.resident == profile.resident_id:
        return True
    return viewer.staff is not None and may_staff(viewer.staff, Permission.RESIDENTS_READ, moment)


def _particulars(profile: Profile) -> Particulars:
    email = profile.user.email if profile.user else ""
    return Particulars(email, profile.city, profile.city_tier, profile.born_on)


def _profile_record(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "about": profile.about,
        "city": profile.city,
        "city_tier": profile.city_tier,
        "born_on": profile.born_on and profile.born_on.isoformat(),
        "email": profile.user.email if profile.user else None,
        "joined_at": _written(profile.user.joined_at) if profile.user else None,
    }


def _ranges(spans: Any, code: str) -> list[dict[str, Any]]:
    return [
        {
            code: getattr(span, code),
            "since": _written(span.held.lower),
            "until": _written(span.held.upper),
            "entry": span.entry_id,
        }
        for span in spans.order_by("held", "pk")
    ]


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
