"""What owners do with the car on a day: energy, tasks, repairs, the yearly renewal, the birthday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from denizen.config.reference_city import brand
from denizen.config.reference_city.journeys import token
from denizen.config.reference_city.people import Person
from denizen.config.reference_city.plan import APP, SERVICE, Planned
from denizen.ground.chronicle.kinds import car_use, care, cocreation, community

VERIFIER = "staff-zhou-zheng"


def drive(chance: Random, begins_at: datetime, day: int, owner: Person) -> Iterator[Planned]:
    """What one owner does with his car within 24 hours of ``begins_at``, day ``day`` of the watched ones."""
    key, who = f"d{day}-p{owner.number}", owner.number

    def at() -> datetime:
        return begins_at + timedelta(seconds=chance.randrange(6 * 3_600, 23 * 3_600))

    if owner.has_pile and chance.random() < 0.14:
        used = car_use.OwnPileUsed(pile=f"pile-{who}", energy=chance.randrange(5_000, 60_000))
        yield Planned(SERVICE, who, used, at(), f"{key}-pile")
    if owner.energy_plan and chance.random() < 0.12:
        yield from _powered(chance, at(), key, who)
    if chance.random() < 0.03:
        yield from _out_and_about(chance, at(), key, who)
    if chance.random() < 0.002:
        yield from _repaired(chance, at(), key, who)
    if owner.service_plan and chance.random() < 0.0011:
        claims = chance.choices((0, 1, 2), (72, 22, 6))[0]
        renewed = car_use.ServicePlanRenewed(plan="service", policy=f"policy-{key}", claims_last_year=claims)
        yield Planned(SERVICE, who, renewed, at(), f"{key}-renewal")
        if chance.random() < 0.05:
            cancelled = car_use.ServicePlanRenewalCancelled(original=f"{key}-renewal")
            yield Planned(SERVICE, who, cancelled, begins_at + timedelta(hours=23, minutes=30), f"{key}-renewal-off")
    yield from _birthday(begins_at, key, owner)


def _powered(chance: Random, at: datetime, key: str, who: int) -> Iterator[Planned]:
    service = chance.choices(("swap", "charging", "valet_charging", "mobile_charging"), (60, 28, 9, 3))[0]
    energy = chance.randrange(15_000, 90_000)
    order = f"power-{key}"
    used = car_use.EnergyServiceUsed(service=service, order=order, energy=energy)
    yield Planned(SERVICE, who, used, at, f"{key}-power")
    if chance.random() < 0.1:
        posted = community.ExperiencePosted(
            work=f"x-{key}", service="swap" if service == "swap" else "charging", record=order
        )
        yield Planned(APP, who, posted, at + timedelta(minutes=20), f"{key}-experience")
    if chance.random() < 0.015:
        cancelled = car_use.EnergyServiceCancelled(original=f"{key}-power")
        yield Planned(SERVICE, who, cancelled, at + timedelta(minutes=40), f"{key}-power-off")


def _out_and_about(chance: Random, at: datetime, key: str, who: int) -> Iterator[Planned]:
    """Something that helps others on the road, or a new function tried."""
    station, pile = f"station-{chance.randrange(brand.SWAP_STATIONS)}", f"public-{chance.randrange(brand.PUBLIC_PILES)}"
    correction = chance.choices(("new_pile", "broken_pile", "price", "opening_hours"), (15, 40, 25, 20))[0]
    task = chance.choice(brand.IN_CAR_TASKS)
    behaviour: object = chance.choices(
        (
            car_use.RecommendationAccepted(recommendation=f"tip-{key}", station=station, session=f"session-{key}"),
            car_use.UnconnectedPileUsed(pile=pile, energy=chance.randrange(4_000, 40_000), proof=f"photo-{key}"),
            car_use.MapCorrectionVerified(place=pile, correction=correction, verified_by=VERIFIER),
            car_use.InCarTaskCompleted(task=task, function=task.removeprefix("nomi-"), proof=f"log-{key}"),
            car_use.MeterInstalled(address=token("address", who), verified_by=VERIFIER),
            cocreation.ServiceEfficiencyGained(act="off_peak_booking", saving=25, unit="seconds"),
            cocreation.TravelEfficiencyGained(act="shared_private_pile", saving=chance.randrange(1, 6), unit="uses"),
        ),
        (30, 15, 14, 25, 1, 8, 7),
    )[0]
    yield Planned(SERVICE, who, behaviour, at, f"{key}-road")


def _repaired(chance: Random, at: datetime, key: str, who: int) -> Iterator[Planned]:
    """A repair of some days ends: the loaner was declined, used, or not to be had (B-16, B-17)."""
    repair, days = f"repair-{key}", chance.choices((1, 2, 3, 4, 6), (40, 25, 18, 12, 5))[0]
    behaviour: object = chance.choices(
        (
            car_use.LoanerDeclined(repair=repair, full_days=days, entitled=True),
            car_use.LoanerUsed(repair=repair, full_days=days),
            car_use.LoanerUnavailable(repair=repair, full_days=days, entitled=True),
        ),
        (55, 33, 12),
    )[0]
    yield Planned(SERVICE, who, behaviour, at, f"{key}-repair")
    score = chance.choices((100, 80, 40, 20), (60, 25, 10, 5))[0]
    evaluation = community.EvaluationSubmitted(scene="use", record=repair, score=score)
    yield Planned(APP, who, evaluation, at + timedelta(minutes=45), f"{key}-repair-evaluation")


def _birthday(begins_at: datetime, key: str, owner: Person) -> Iterator[Planned]:
    """At nine in the morning of his day."""
    today = begins_at.date()
    if today == birthday_in(today.year, owner.born_on):
        reached = care.BirthdayReached(year=today.year)
        yield Planned(APP, owner.number, reached, begins_at + timedelta(hours=9), f"{key}-birthday")


def birthday_in(year: int, born_on: date) -> date:
    """The birthday in ``year``; who was born on 29 February has it on the 28th in common years (B-33)."""
    try:
        return born_on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
