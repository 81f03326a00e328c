"""The way of each resident from the door to the car: registering, invitation, test drive, order, delivery, resale."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from denizen.config.reference_city import brand
from denizen.config.reference_city.people import Path, Person
from denizen.config.reference_city.plan import APP, SALES, CityPlan, Planned
from denizen.ground.chronicle.kinds import community, purchase

PROFILE_ITEMS = ("avatar", "gender", "name", "birthday", "city", "about", "interests", "information")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

STAGES = (
    (community.Registered, community.WechatBound, community.ProfileItemCompleted),
    (purchase.InvitationAccepted,),
    (purchase.TestDriveTaken, purchase.ReferralConfirmed),
    (purchase.DepositPaid,),
    (purchase.OrderPlaced,),
    (purchase.VehicleDelivered,),
)
"""History is recorded stage by stage, so that a batch speaks of each resident once; then each plan, then the rest."""


def stage_of(planned: Planned) -> int:
    """The stage in which a behaviour of the time before the watched days is recorded."""
    behaviour = planned.behaviour
    if isinstance(behaviour, purchase.PlanStarted):
        return len(STAGES) + ("energy", "service").index(behaviour.plan)
    return next((number for number, kinds in enumerate(STAGES) if isinstance(behaviour, kinds)), len(STAGES) + 2)


def journeys(plan: CityPlan, people: Sequence[Person]) -> list[Planned]:
    """Every step of everybody up to the end of the plan, in order of time."""
    steps: list[Planned] = []
    for person in people:
        chance = Random(f"{plan.seed}:journey:{person.number}")
        steps += _arrival(person, people, chance)
        steps += _purchase(person, people, chance)
        steps += _afterwards(person, plan, chance)
    return sorted(
        (step for step in steps if step.occurred_at <= plan.ends_at), key=lambda s: (s.occurred_at, s.external_id)
    )


def token(*parts: object) -> str:
    """A short fingerprint, as sources send instead of words and addresses."""
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:20]


def _arrival(person: Person, people: Sequence[Person], chance: Random) -> Iterator[Planned]:
    at, who = person.joined_at, person.number
    yield Planned(APP, who, community.Registered(), at, f"p{who}-registered")
    if person.inviter is not None:
        inviter = people[person.inviter]
        invited = purchase.InvitationAccepted(inviter=inviter.key)
        yield Planned(SALES, who, invited, at + 2 * MINUTE, f"p{who}-invited")
        yield _referral(person, inviter, "registration", at + 3 * MINUTE)
    if chance.random() < 0.7:
        bound = community.WechatBound(account=token("wechat", who))
        yield Planned(APP, who, bound, at + 5 * MINUTE, f"p{who}-wechat")
    for number, item in enumerate(chance.sample(PROFILE_ITEMS, chance.randrange(6))):
        completed = community.ProfileItemCompleted(item=item)
        yield Planned(APP, who, completed, at + (6 + number) * MINUTE, f"p{who}-profile-{item}")


def _referral(person: Person, inviter: Person, stage: str, at: datetime) -> Planned:
    confirmed = purchase.ReferralConfirmed(referred=person.key, stage=stage)
    return Planned(SALES, inviter.number, confirmed, at, f"p{person.number}-referred-{stage}")


def _purchase(person: Person, people: Sequence[Person], chance: Random) -> Iterator[Planned]:
    """From the test drive to the delivery; a depositor stops half way, and some fans only try."""
    who, inviter = person.number, people[person.inviter] if person.inviter is not None else None
    delivered_at = person.bought_at
    tries = person.path not in (Path.FAN, Path.USED_OWNER) or chance.random() < 0.15
    waited = delivered_at - person.joined_at if delivered_at else timedelta(days=12)
    if tries:
        at = person.joined_at + waited / 4 + HOUR
        drive = purchase.TestDriveTaken(drive=f"drive-{who}", model=chance.choice(brand.MODELS))
        yield Planned(SALES, who, drive, at, f"p{who}-drive")
        if inviter:
            yield _referral(person, inviter, "test_drive", at + HOUR)
    if person.path == Path.DEPOSITOR:
        yield from _deposit(person, person.joined_at + waited / 2, chance)
    if delivered_at is None:
        return
    ordered_at = person.joined_at + waited / 2
    order = f"order-{who}"
    if person.path != Path.USED_OWNER:
        paid = purchase.DepositPaid(order=order, stage="deposit", amount=500_000, currency="CNY")
        yield Planned(SALES, who, paid, ordered_at - 10 * MINUTE, f"p{who}-deposit")
    model = brand.FOUNDER_MODEL if person.path == Path.FOUNDER else chance.choice(brand.MODELS)
    yield Planned(SALES, who, purchase.OrderPlaced(order=order, model=model), ordered_at, f"p{who}-order")
    delivered = purchase.VehicleDelivered(
        model=model, vehicle=f"vehicle-{who}", founder_edition=person.path == Path.FOUNDER,
        channel="used" if person.path == Path.USED_OWNER else "new", order=order,
    )  # fmt: skip
    yield Planned(SALES, who, delivered, delivered_at, f"p{who}-delivery")
    if inviter:
        yield _referral(person, inviter, "order", ordered_at + HOUR)
        yield _referral(person, inviter, "delivery", delivered_at + HOUR)


def _deposit(person: Person, at: datetime, chance: Random) -> Iterator[Planned]:
    who = person.number
    paid = purchase.DepositPaid(order=f"order-{who}", stage="intention", amount=100_000, currency="CNY")
    yield Planned(SALES, who, paid, at, f"p{who}-deposit")
    if chance.random() < 0.12:
        refunded = purchase.DepositRefunded(original=f"p{who}-deposit")
        yield Planned(SALES, who, refunded, at + 9 * DAY, f"p{who}-deposit-refunded")


def _afterwards(person: Person, plan: CityPlan, chance: Random) -> Iterator[Planned]:
    """Plans, and for some a further car, the way back to the official side or a delivery that was called off."""
    who, delivered_at = person.number, person.bought_at
    if delivered_at is None:
        return
    if person.energy_plan:
        yield Planned(SALES, who, purchase.PlanStarted(plan="energy"), delivered_at + HOUR, f"p{who}-energy")
    if person.service_plan:
        yield Planned(SALES, who, purchase.PlanStarted(plan="service"), delivered_at + 2 * HOUR, f"p{who}-service")
    if person.path == Path.FORMER:
        parted_at = delivered_at + (plan.ends_at - delivered_at) * chance.uniform(0.6, 0.95)
        back = purchase.VehicleBoughtBack(vehicle=f"vehicle-{who}", amount=21_000_000, currency="CNY")
        yield Planned(SALES, who, back, parted_at, f"p{who}-bought-back")
        for sort, held in (("energy", person.energy_plan), ("service", person.service_plan)):
            if held:
                ended = purchase.PlanEnded(plan=sort)
                yield Planned(SALES, who, ended, parted_at + HOUR, f"p{who}-{sort}-ended")
    if person.path in (Path.OWNER, Path.FOUNDER) and chance.random() < 0.04:
        further = purchase.VehicleDelivered(
            model=chance.choice(brand.MODELS), vehicle=f"vehicle-{who}-2", founder_edition=False, channel="repurchase",
        )  # fmt: skip
        again_at = plan.begins_at + (plan.ends_at - plan.begins_at) * chance.uniform(0.1, 0.9)
        yield Planned(SALES, who, further, again_at, f"p{who}-delivery-2")
    if person.path == Path.BUYER and chance.random() < 0.06:
        cancelled = purchase.DeliveryCancelled(original=f"p{who}-delivery")
        yield Planned(SALES, who, cancelled, delivered_at + 3 * DAY, f"p{who}-delivery-cancelled")
