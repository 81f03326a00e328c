"""Staff: hiring, posts, permits, and the note of every act with the department it was done for (A-11, A-14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from denizen.ground.identity.constants import HOUSE, ActCode, House, Permission
from denizen.ground.identity.models import Department, Permit, Post, Staff, StaffAct, StaffActWords, User
from denizen.ground.identity.queries.staff import department_of, may_staff
from denizen.kit import db
from denizen.kit.explained import Explained

Actor = Staff | House
"""Who acts: a staff member, or the house itself from the command line."""


class UnableToAct(Explained):
    """A staff member without the permit, or without a post at that moment."""

    sentences = {
        "no_post": {
            "en": "{name} holds no post now, and every act names its department: assign a post first.",
            "zh": "{name} 目前没有岗位，而每项操作都须注明部门：请先分配岗位。",
        },
        "nobody": {
            "en": "Only staff can do this: sign in with a staff account.",
            "zh": "此操作仅限员工：请使用员工账号登录。",
        },
        "no_permit": {
            "en": "This needs the permit {permission}, which {name} does not hold now.",
            "zh": "此操作需要权限 {permission}，{name} 目前没有。",
        },
    }


class UnableToHire(Explained):
    """The sign-in or the resident already belongs to a staff member."""

    sentences = {
        "sign_in_taken": {
            "en": "This sign-in already belongs to a staff member: give the new one his own.",
            "zh": "该登录账号已属于一名员工：请为新员工使用单独的账号。",
        },
        "resident_taken": {
            "en": "This resident account is already linked to a staff member.",
            "zh": "该居民账号已关联一名员工。",
        },
    }


class UnableToAssign(Explained):
    """The post ends before it begins, or the staff member holds another one then."""

    sentences = {
        "ends_early": {
            "en": "A post ends after it begins.",
            "zh": "岗位的结束时间必须晚于开始时间。",
        },
        "overlaps": {
            "en": "{name} holds another post in that time: end that one first.",
            "zh": "{name} 在该时段已有岗位：请先结束原岗位。",
        },
    }


class UnableToPermit(Explained):
    """A permit for oneself, or one that ends before it begins."""

    sentences = {
        "oneself": {
            "en": "Nobody gives a permit to himself: ask somebody else who may.",
            "zh": "不能给自己授权：请由其他有权限的人办理。",
        },
        "ends_early": {
            "en": "A permit ends after it begins.",
            "zh": "权限的结束时间必须晚于开始时间。",
        },
    }


class UnableToEnd(Explained):
    """The post or permit is not running at that moment."""

    sentences = {
        "not_running": {
            "en": "This is not running now, so it cannot be ended.",
            "zh": "该项目前未生效，无法结束。",
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTerms:
    """What a post says: department, region, position, working field, from and until (None: open)."""

    department: Department
    region: str
    position: str
    field: str
    begins_at: datetime
    ends_at: datetime | None = None


def note_act(
    *,
    actor: Actor,
    act: str,
    subject_kind: str,
    subject_id: str,
    details: Mapping[str, Any],
    moment: datetime,
    words: str = "",
) -> StaffAct:
    """Note what ``actor`` did, on which subject, for the department of the post he holds at ``moment``.

    ``details`` are codes, keys and numbers, kept for ever; ``words`` can be erased (``erase_act_words``).
    Refused with ``UnableToAct`` when he holds none then. Needs an open transaction.
    """
    db.required()
    staff = _staff_behind(actor)
    department = department_of(staff, moment) if staff else None
    if staff and department is None:
        raise UnableToAct("no_post", name=staff.name)
    noted = StaffAct.objects.create(
        staff=staff,
        department=department,
        act=act,
        subject_kind=subject_kind,
        subject_id=subject_id,
        details=dict(details),
        happened_at=moment,
    )
    if words:
        StaffActWords.objects.create(act=noted, words=words)
    return noted


def erase_act_words(*, resident: int) -> int:
    """Drop the words of acts about a resident or one of his entries; how many. Needs an open transaction."""
    db.required()
    return db.execute(
        "DELETE FROM identity_staffactwords WHERE act_id IN ("
        " SELECT id FROM identity_staffact WHERE subject_kind = 'resident' AND subject_id = %s"
        " UNION ALL SELECT act.id FROM chronicle_entry AS entry JOIN identity_staffact AS act"
        " ON act.subject_kind = 'entry' AND act.subject_id = entry.id::text WHERE entry.resident_id = %s)",
        (str(resident), resident),
    )


def require_permit(*, actor: Actor, permission: Permission, moment: datetime) -> None:
    """Refuse with ``UnableToAct`` unless ``actor`` holds ``permission`` at ``moment``; the house may everything."""
    staff = _staff_behind(actor)
    if staff and not may_staff(staff, permission, moment):
        raise UnableToAct("no_permit", permission=permission, name=staff.name)


def found_department(*, actor: Actor, code: str, title_en: str, title_zh: str, moment: datetime) -> Department:
    """Found a department; asked again with the same code, answer the one that exists."""
    require_permit(actor=actor, permission=Permission.STAFF_MANAGE, moment=moment)
    department, founded = Department.objects.get_or_create(
        code=code, defaults={"title_en": title_en, "title_zh": title_zh}
    )
    if founded:
        _note(actor, ActCode.DEPARTMENT_FOUNDED, "department", department.pk, {"code": code}, moment)
    return department


def hire(
    *, actor: Actor, name: str, moment: datetime, user: User | None = None, resident_id: int | None = None
) -> Staff:
    """Make a person staff. ``user`` signs in as this staff member; ``resident_id`` is his own resident account."""
    db.required()
    require_permit(actor=actor, permission=Permission.STAFF_MANAGE, moment=moment)
    if user and Staff.objects.filter(user=user).exists():
        raise UnableToHire("sign_in_taken")
    if resident_id and Staff.objects.filter(resident_id=resident_id).exists():
        raise UnableToHire("resident_taken")
    staff = Staff.objects.create(name=name, user=user, resident_id=resident_id)
    _note(actor, ActCode.STAFF_HIRED, "staff", staff.pk, {}, moment)
    return staff


def assign(*, actor: Actor, staff: Staff, terms: PostTerms, moment: datetime) -> Post:
    """Give ``staff`` a post. He holds one at a time; the old one is ended first with ``end_post``."""
    db.required()
    require_permit(actor=actor, permission=Permission.STAFF_MANAGE, moment=moment)
    if terms.ends_at is not None and terms.ends_at <= terms.begins_at:
        raise UnableToAssign("ends_early")
    held = (terms.begins_at, terms.ends_at)
    Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
    if Post.objects.filter(staff=staff, held__overlap=held).exists():
        raise UnableToAssign("overlaps", name=staff.name)
    post = Post.objects.create(
        staff=staff,
        department=terms.department,
        region=terms.region,
        position=terms.position,
        field=terms.field,
        held=held,
    )
    _note(actor, ActCode.POST_ASSIGNED, "staff", staff.pk, {"post": post.pk}, moment)
    return post


def permit(
    *,
    actor: Actor,
    staff: Staff,
    permission: Permission,
    begins_at: datetime,
    ends_at: datetime | None,
    moment: datetime,
) -> Permit:
    """Allow ``staff`` something from/until. Nobody permits himself."""
    db.required()
    require_permit(actor=actor, permission=Permission.STAFF_MANAGE, moment=moment)
    if actor == staff:
        raise UnableToPermit("oneself")
    if ends_at is not None and ends_at <= begins_at:
        raise UnableToPermit("ends_early")
    given = Permit.objects.create(
        staff=staff, permission=Permission(permission), held=(begins_at, ends_at), given_by=_staff_behind(actor)
    )
    _note(actor, ActCode.PERMIT_GIVEN, "staff", staff.pk, {"permit": given.pk, "permission": permission}, moment)
    return given


def end_post(*, actor: Actor, post: Post, moment: datetime) -> Post:
    """End a running post at ``moment``."""
    _end(actor, post, moment)
    _note(actor, ActCode.POST_ENDED, "staff", post.staff_id, {"post": post.pk}, moment)
    return post


def end_permit(*, actor: Actor, permit: Permit, moment: datetime) -> Permit:
    """End a running permit at ``moment``."""
    _end(actor, permit, moment)
    _note(actor, ActCode.PERMIT_ENDED, "staff", permit.staff_id, {"permit": permit.pk}, moment)
    return permit


def _staff_behind(actor: Actor) -> Staff | None:
    """The staff member who acts, None for the house. A viewer who is no staff at all is refused, never the house."""
    if actor is HOUSE:
        return None
    if not isinstance(actor, Staff):
        raise UnableToAct("nobody")
    return actor


def _end(actor: Actor, holding: Post | Permit, moment: datetime) -> None:
    db.required()
    require_permit(actor=actor, permission=Permission.STAFF_MANAGE, moment=moment)
    holding = type(holding).objects.select_for_update().get(pk=holding.pk)
    begins_at, ends_at = holding.held.lower, holding.held.upper
    if moment <= begins_at or (ends_at is not None and ends_at <= moment):
        raise UnableToEnd("not_running")
    holding.held = (begins_at, moment)
    holding.save(update_fields=["held"])


def _note(
    actor: Actor, act: ActCode, subject_kind: str, subject: int, details: Mapping[str, Any], moment: datetime
) -> None:
    note_act(
        actor=actor,
        act=act,
        subject_kind=subject_kind,
        subject_id=str(subject),
        details=details,
        moment=moment,
    )
