"""Budgets filled for the year, and points that colleagues give on their own judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from denizen.config.reference_city.people import Path, Person
from denizen.config.reference_city.plan import CityPlan
from denizen.ground.identity.models import Staff
from denizen.ground.ledger.commands import CorrectedLine, GrantKind, correct, fund_envelope, grant
from denizen.ground.ledger.models import Correction
from denizen.kit import db

FUNDS = {
    "community_life": 120_000,
    "power_up": 90_000,
    "car_use": 15_000,
    "service_worry_free": 900_000,
    "owner_care": 10_000,
    "purchases": 6_000_000,
    "invitations": 1_500_000,
    "surprises": 100_000,
}
"""Points for each thousand residents. What is given beyond them shows as an overrun, as owner care does."""

TREASURER, FELLOW, GIVER = "欧阳朵", "费可", "许念"
GRANT_LIFE_DAYS = 365

GOODWILL = (
    ("a-rain-night", 500, "雨夜在高速服务区等了我们两个小时，还安慰同事别着急。"),
    ("lost-toy", 200, "孩子把小熊落在代步车里，我们清洁时没有留意，给孩子赔个不是。"),
    ("wrong-hour", 300, "取送车迟到四十分钟，耽误了接老人，电话里没有说一句重话。"),
)
"""A key, the points and the reason, in the words of the colleague who was there."""

SURPRISES = (("newborn", 666, "听说家里添了小朋友，用户关系部全体同事祝母女平安。"),)
THANKS = "在门口从清晨五点站到散场的志愿者们，每人一份心意，等另一位同事确认。"
THANKS_POINTS, THANKED_MAX = 200, 12


def fill_budgets(plan: CityPlan, staff: Mapping[str, Staff]) -> None:
    """Fund the budgets without limit for the plan's residents; limited ones have theirs from the rule book."""
    funds = {code: amount * plan.residents // 1_000 for code, amount in FUNDS.items()}
    for code, amount in funds.items():
        fund_envelope(
            actor=staff[TREASURER], envelope=code, amount=amount, reason=f"年度预算：{code}，按居民人数拨付。",
            moment=plan.founded_at,
        )  # fmt: skip


def give_freely(plan: CityPlan, people: Sequence[Person], staff: Mapping[str, Staff]) -> None:
    """Goodwill and a surprise to owners, and thanks to many that wait for a second person (B-34, A-27)."""
    owners = [person for person in people if person.path == Path.OWNER and person.number > 3]
    given = [(GrantKind.GOODWILL, staff[FELLOW], *each) for each in GOODWILL]
    given += [(GrantKind.SURPRISE, staff[GIVER], *each) for each in SURPRISES]
    with db.opening():
        for owner, (kind, giver, key, amount, reason) in zip(owners, given, strict=False):
            grant(
                actor=giver, resident=owner.key, amount=amount, reason=reason, envelope="surprises", kind=kind,
                lot_days=GRANT_LIFE_DAYS, key=f"reference-city:{key}", moment=plan.ends_at,
            )  # fmt: skip
        if not Correction.objects.exists():
            thanked = [CorrectedLine(owner.key, THANKS_POINTS) for owner in owners[:THANKED_MAX]]
            correct(
                actor=staff[GIVER], lines=thanked, reason=THANKS, envelope="surprises", kind=Correction.Kind.BULK,
                moment=plan.ends_at,
            )  # fmt: skip
