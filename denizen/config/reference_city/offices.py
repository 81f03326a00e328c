"""The staff of the reference city: departments, posts, permits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from denizen.ground.identity.commands import PostTerms, assign, found_department, hire, permit
from denizen.ground.identity.constants import HOUSE, Permission
from denizen.ground.identity.models import Staff, User

DEPARTMENTS = (
    ("user-relations", "User relations", "用户关系部"),
    ("service", "Service", "服务部"),
    ("power", "Power", "加电部"),
    ("sales", "Sales and delivery", "销售与交付部"),
)

MAKERS_OF_RULES = (
    Permission.RULES_PROPOSE,
    Permission.RESIDENTS_READ,
    Permission.GRANTS_GOODWILL,
    Permission.GRANTS_SURPRISE,
    Permission.HONOURS_GIVE,
    Permission.ENTRIES_REVIEW,
    Permission.CORRECTIONS_PROPOSE,
    Permission.BANK_READ,
)
SECOND_PERSON = (*MAKERS_OF_RULES, Permission.RULES_APPROVE, Permission.CORRECTIONS_APPROVE)
"""Beside the head of the office: it takes two to approve a change or a correction of either, and to pause a rule."""

SPOKESPERSON = (*MAKERS_OF_RULES, Permission.RULES_SPEAK, Permission.RULES_CHECK)
FRONT_LINE = (Permission.RESIDENTS_READ, Permission.GRANTS_GOODWILL)


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody's post. ``sign_in``: the first half of his address, empty for who does not sign in.

    ``resident``: the number of his own resident account.
    """

    name: str
    department: str
    region: str
    position: str
    field: str
    permissions: tuple[Permission, ...] = FRONT_LINE
    sign_in: str = ""
    resident: int | None = None


DESKS = (
    Desk("欧阳朵", "user-relations", "全国", "用户关系负责人", "community", tuple(Permission), "odo"),
    Desk("许念", "user-relations", "华东", "用户关系经理", "rules", SECOND_PERSON, "xu.nian"),
    Desk("唐礼", "user-relations", "华北", "用户代言人", "content", SPOKESPERSON, "tang.li"),
    Desk("费可", "sales", "华东", "专属伙伴", "delivery", FRONT_LINE, "fei"),
    Desk("苏念", "service", "华东", "服务顾问", "repair", FRONT_LINE, "su.nian", resident=3),
    Desk("周正", "power", "华南", "加电运营", "stations"),
    Desk("高原", "power", "西部", "能源工程师", "battery"),
    Desk("陆遥", "service", "华中", "服务中心主管", "repair"),
    Desk("程诺", "sales", "华南", "交付专员", "delivery"),
    Desk("白露", "sales", "西部", "体验顾问", "test_drive"),
)


def take_up_posts(*, moment: datetime, users: dict[str, User], residents: dict[int, int]) -> list[Staff]:
    """Found the departments and hire everybody, in force from ``moment``. Needs an open transaction.

    ``users``: sign-ins by the first half of the address. ``residents``: keys of linked residents by number.
    """
    founded = {
        code: found_department(actor=HOUSE, code=code, title_en=title_en, title_zh=title_zh, moment=moment)
        for code, title_en, title_zh in DEPARTMENTS
    }
    hired = []
    for desk in DESKS:
        linked = residents[desk.resident] if desk.resident is not None else None
        staff = hire(actor=HOUSE, name=desk.name, user=users.get(desk.sign_in), resident_id=linked, moment=moment)
        terms = PostTerms(
            department=founded[desk.department], region=desk.region, position=desk.position, field=desk.field,
            begins_at=moment,
        )  # fmt: skip
        assign(actor=HOUSE, staff=staff, terms=terms, moment=moment)
        for permission in desk.permissions:
            permit(actor=HOUSE, staff=staff, permission=permission, begins_at=moment, ends_at=None, moment=moment)
        hired.append(staff)
    return hired
