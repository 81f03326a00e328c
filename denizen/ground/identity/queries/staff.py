"""What staff are and may do at a moment (A-11, A-14, D-05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Department, Permit, Post, Staff


@dataclass(frozen=True, slots=True)
class StaffCard:
    """What everybody may see of a staff member: name, department, region, position and working field (D-05)."""

    name: str
    department_en: str
    department_zh: str
    region: str
    position: str
    field: str


def staff_of(user: AbstractBaseUser | AnonymousUser) -> Staff | None:
    """The staff member who signs in as ``user``; None for a resident or a guest."""
    return Staff.objects.filter(user_id=user.pk).first() if user.is_authenticated else None


def may_staff(staff: Staff, permission: Permission, moment: datetime) -> bool:
    """Whether ``staff`` holds a permit at ``moment``."""
    return Permit.objects.filter(staff=staff, permission=permission, held__contains=moment).exists()


def permits_of(staff: Staff, moment: datetime) -> frozenset[Permission]:
    """Everything ``staff`` may do at ``moment``; none while he holds no post, for nobody could say for whom he acts."""
    held = Permit.objects.filter(staff=staff, held__contains=moment).values_list("permission", flat=True)
    return frozenset(map(Permission, held)) if post_of(staff, moment) else frozenset()


def post_of(staff: Staff, moment: datetime) -> Post | None:
    """The post held at ``moment``; there is never more than one."""
    return Post.objects.select_related("department").filter(staff=staff, held__contains=moment).first()


def department_of(staff: Staff, moment: datetime) -> Department | None:
    """The department ``staff`` works for at ``moment``."""
    post = post_of(staff, moment)
    return post.department if post else None


def staff_card(staff: Staff, moment: datetime) -> StaffCard | None:
    """How ``staff`` presents himself at ``moment``; None for who holds no post, and so speaks for nobody."""
    post = post_of(staff, moment)
    if post is None:
        return None
    department = post.department
    return StaffCard(staff.name, department.title_en, department.title_zh, post.region, post.position, post.field)


def is_own_matter(staff: Staff, beneficiaries: Iterable[int]) -> bool:
    """Whether one of ``beneficiaries`` (residents' keys) is the staff member himself: then others must judge."""
    return staff.resident_id is not None and staff.resident_id in set(beneficiaries)
