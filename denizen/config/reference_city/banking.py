"""What the central bank shows: assumptions, what colleagues gave, gifts among residents, closed months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from denizen.config.reference_city.people import Path, Person
from denizen.config.reference_city.plan import APP, HERE, CityPlan, Planned
from denizen.config.reference_city.recording import live
from denizen.ground.chronicle.kinds import trade
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.queries import entries_by_key
from denizen.ground.identity.models import Staff
from denizen.ground.ledger.commands import GrantKind, grant, transfer
from denizen.ground.ledger.queries import balance
from denizen.insight.central_bank.commands import Values, close_month, refill_days, review_grant, set_assumption
from denizen.insight.central_bank.models import Assumption, GrantReview
from denizen.insight.central_bank.queries import Clocks, Scope, grants, next_to_close
from denizen.insight.central_bank.rules import months_on
from denizen.kit import db

ZONE = "Asia/Shanghai"
BANKER, FELLOW, GIVER, REVIEWER = "欧阳朵", "费可", "许念", "许念"
"""Colleagues by name: who closes months, who gives, who looks at grants afterwards."""

VALUES = Values(
    currency="CNY", value_per_thousand=10_000, sold_per_thousand=3_580_000, redeemed_permille=850,
    month_points_max=900_000, quiet_months=2, outlier_times=6,
)  # fmt: skip
REASON = "每积分可兑 0.10 元；随车发放的积分按整车零售价折算；兑换率先按行业经验估 85%，待第一批积分到期后校准。"

GIFT_WORDS = (150, 200, 250, 300, 300, 350, 400, 200, 250, 300, 500, 450, 300, 6_600)
"""What the fellow gave, day after day; the last one is far from the usual."""
FELLOW_REASON = "交付当天多跑了一趟，把充电卡和儿童座椅送到家，用户在群里道谢，心意一份。"
FAR_REASON = "新车途中抛锚，全家在高速等了四小时，当场承诺了一份大额补偿，先办后补说明。"
SMALL_SURPRISES = (128, 188, 168, 128, 266, 188)
SURPRISE_REASON = "听社群里说今天是结婚纪念日，送上小小惊喜。"
LESSON = "初心是对的：人困在路上先安顿。额度偏大，以后先安排住宿和代步，再按等待时长给积分。"
GRANT_LIFE_DAYS = 365

RESIDENTS_PER_GIFT, GIFTS_BEGIN_DAYS = 1_000, 60
"""Of so many residents, one sends a red packet on a day; since when."""
GIFT_AMOUNTS = (20, 50, 66, 88, 100, 188)


def keep_bank(
    plan: CityPlan, people: Sequence[Person], staff: Mapping[str, Staff], sources: Mapping[str, Source]
) -> None:
    """Everything of the central bank. Each part looks first whether it is there already."""
    _assume(plan, staff[BANKER])
    _give(plan, people, staff)
    _share(plan, people, sources)
    _close(plan, staff[BANKER])
    _review(plan, staff[REVIEWER])
    with db.opening():
        refill_days(zone=ZONE, moment=plan.ends_at)


def _assume(plan: CityPlan, banker: Staff) -> None:
    with db.opening():
        if not Assumption.objects.exists():
            set_assumption(actor=banker, values=VALUES, reason=REASON, moment=plan.founded_at)


def _give(plan: CityPlan, people: Sequence[Person], staff: Mapping[str, Staff]) -> None:
    """Goodwill and surprises over the watched days; a key names each for ever, so that repeating gives nothing."""
    owners = [person for person in people if person.path == Path.OWNER and person.number > 40]
    given = [
        (f"goodwill-{number}", GrantKind.GOODWILL, FELLOW, amount, FAR_REASON if amount > 1_000 else FELLOW_REASON)
        for number, amount in enumerate(GIFT_WORDS)
    ]
    given += [
        (f"surprise-{number}", GrantKind.SURPRISE, GIVER, amount, SURPRISE_REASON)
        for number, amount in enumerate(SMALL_SURPRISES)
    ]
    step = max(1, plan.days // (len(given) + 1))
    with db.opening():
        for number, ((key, kind, giver, amount, reason), owner) in enumerate(zip(given, owners, strict=False)):
            at = plan.ends_at - timedelta(days=min(plan.days - 1, 1 + step * (len(given) - number)), hours=3)
            grant(
                actor=staff[giver], resident=owner.key, amount=amount, reason=reason, envelope="surprises", kind=kind,
                lot_days=GRANT_LIFE_DAYS, key=f"reference-city:{key}", moment=at,
            )  # fmt: skip


def _share(plan: CityPlan, people: Sequence[Person], sources: Mapping[str, Source]) -> None:
    """Red packets among owners who talk: a message, and points with it."""
    chance = Random(f"{plan.seed}:gifts")
    owners = [person for person in people if person.bought_at and person.bought_at < plan.begins_at]
    days = min(GIFTS_BEGIN_DAYS, plan.days - 1)
    count = max(1, days * plan.residents // RESIDENTS_PER_GIFT) if len(owners) > 1 else 0
    for number in range(count):
        giver, taker = chance.sample(owners, 2)
        amount = chance.choice(GIFT_AMOUNTS)
        at = plan.ends_at - timedelta(days=days * chance.random(), minutes=number)
        _send(giver, taker, amount, at, f"red-packet-{number}", people, sources)


def _send(
    giver: Person, taker: Person, amount: int, at: datetime, name: str, people: Sequence[Person],
    sources: Mapping[str, Source],
) -> None:  # fmt: skip
    message = trade.MessageSent(receiver=f"resident-{taker.number}", conversation=name)
    if not live([Planned(APP, giver.number, message, at, name)], people, sources, at):
        return
    entry = entries_by_key([(sources[APP].pk, name)])[sources[APP].pk, name].id
    with db.opening():
        if balance(giver.key, at).available >= amount:
            transfer(giver=giver.key, taker=taker.key, amount=amount, purpose="gift", entry=entry, moment=at)


def _close(plan: CityPlan, banker: Staff) -> None:
    """Every month that is over, on the morning after its last day."""
    while (month := next_to_close(Clocks(ZONE, plan.ends_at))) is not None:
        after = months_on(month, 1)
        morning = datetime(after.year, after.month, after.day, 9, tzinfo=HERE)
        with db.opening():
            close_month(actor=banker, month=month, zone=ZONE, moment=min(morning, plan.ends_at))


def _review(plan: CityPlan, reviewer: Staff) -> None:
    """The largest unusual goodwill has been looked at; smaller ones wait."""
    if GrantReview.objects.exists():
        return
    clocks = Clocks(ZONE, plan.ends_at)
    since = (plan.ends_at - timedelta(days=plan.days)).date()
    found = grants(Scope(until=clocks.today + timedelta(days=1), since=since), clocks)
    for unusual in [each for each in found.unusual if each.purpose == GrantKind.GOODWILL][:1]:
        with db.opening():
            review_grant(
                actor=reviewer, posting=unusual.posting, meant_well=True, fitting=False, lesson=LESSON,
                moment=plan.ends_at,
            )  # fmt: skip
