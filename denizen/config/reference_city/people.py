"""Who lives in the reference city: drawn from the seed, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random

from denizen.config.reference_city.names import TOWNS, Town, draw_name, draw_town
from denizen.config.reference_city.plan import CityPlan


class Path(StrEnum):
    """How far somebody has come, or comes while the city is watched."""

    FAN = "fan"
    DEPOSITOR = "depositor"
    BUYER = "buyer"
    OWNER = "owner"
    USED_OWNER = "used_owner"
    FOUNDER = "founder"
    FORMER = "former"


SHARES = {
    Path.FAN: 48,
    Path.DEPOSITOR: 4,
    Path.BUYER: 6,
    Path.OWNER: 33,
    Path.USED_OWNER: 2,
    Path.FOUNDER: 5,
    Path.FORMER: 2,
}
"""Percent of all residents."""

OWNING = (Path.OWNER, Path.USED_OWNER, Path.FOUNDER, Path.FORMER)
SILENT_SHARE = 0.45
LIVELINESS_MAX = 45.0


@dataclass(slots=True)
class Person:
    """``liveliness``: how much he does in the community, heavy-tailed. ``habit``: his chance of checking in on a day.

    ``bought_at``: when he takes or took delivery. ``inviter``: number of who invited him. ``key``: the resident's key
    once he is registered.
    """

    number: int
    name: str
    town: Town
    born_on: date
    path: Path
    joined_at: datetime
    bought_at: datetime | None
    liveliness: float
    habit: float
    has_pile: bool
    energy_plan: bool
    service_plan: bool
    inviter: int | None = None
    key: int = 0

    def owns_at(self, moment: datetime) -> bool:
        return self.bought_at is not None and self.bought_at <= moment and self.path != Path.FORMER


@dataclass(frozen=True, slots=True)
class Role:
    """A resident everybody can sign in as; ``en`` and ``zh`` say what he shows."""

    name: str
    en: str
    zh: str
    path: Path
    town: str
    liveliness: float


CAST = (
    Role("Ada 安达", "An owner", "车主", Path.OWNER, "上海", 6.0),
    Role("Ben 本一", "A fan", "粉丝", Path.FAN, "合肥", 1.5),
    Role("沈知远", "A founder-edition owner, much heard", "创始版车主，社区大V", Path.FOUNDER, "上海", 30.0),
    Role("苏念", "An owner who works for the city", "车主，也是同事", Path.OWNER, "合肥", 3.0),
)
"""The first residents: an owner, a fan, a founder-edition owner, and a colleague who drives one himself."""


def draw_people(plan: CityPlan) -> list[Person]:
    """Everybody, by number, with who invited whom. The same plan draws the same people."""
    chance = Random(f"{plan.seed}:people")
    people = [_draw(number, plan, chance) for number in range(plan.residents)]
    _invite(people, chance)
    return people


def _draw(number: int, plan: CityPlan, chance: Random) -> Person:
    path = chance.choices(list(SHARES), weights=list(SHARES.values()))[0]
    silent = chance.random() < SILENT_SHARE
    liveliness = 0.05 if silent else min(chance.paretovariate(1.15) * 0.6, LIVELINESS_MAX)
    name, town = draw_name(chance), draw_town(chance)
    if number < len(CAST):
        role = CAST[number]
        path, silent, liveliness, name = role.path, False, role.liveliness, role.name
        town = next(town for town in TOWNS if town.name == role.town)
    joined_at, bought_at = _way_in(path, plan, chance)
    return Person(
        number=number,
        name=name,
        town=town,
        born_on=date(1962, 1, 1) + timedelta(days=chance.randrange(15_500)),
        path=path,
        joined_at=joined_at,
        bought_at=bought_at,
        liveliness=liveliness,
        habit=0.0 if silent else min(0.96, 0.03 + liveliness / 18 * chance.random()),
        has_pile=bought_at is not None and chance.random() < 0.45,
        energy_plan=bought_at is not None and chance.random() < 0.35,
        service_plan=bought_at is not None and chance.random() < 0.6,
    )


def _way_in(path: Path, plan: CityPlan, chance: Random) -> tuple[datetime, datetime | None]:
    """When somebody registers and when he takes delivery, to the minute."""

    def before(low: int, high: int) -> datetime:
        return plan.begins_at - timedelta(minutes=chance.randrange(low * 1_440, high * 1_440))

    if path == Path.FOUNDER:
        joined_at = before(620, 700)
        return joined_at, joined_at + timedelta(days=chance.randrange(10, 40), hours=5)
    if path in OWNING:
        joined_at = before(120, 560)
        return joined_at, joined_at + timedelta(days=chance.randrange(20, 100), hours=3)
    if path == Path.BUYER:
        joined_at = before(2, 150)
        return joined_at, plan.begins_at + timedelta(minutes=chance.randrange(360, max((plan.days - 1) * 1_440, 361)))
    if chance.random() < 0.12:
        return plan.begins_at + timedelta(minutes=chance.randrange(max((plan.days - 1) * 1_440, 1))), None
    return before(1, 600), None


def _invite(people: list[Person], chance: Random) -> None:
    """Six in ten come on the word of an owner who had his car by then; the lively invite more (ripples)."""
    owners = sorted((p for p in people if p.bought_at and p.path != Path.BUYER), key=lambda p: (p.bought_at, p.number))
    for person in people:
        earlier = [owner for owner in owners if owner.bought_at < person.joined_at]  # type: ignore[operator]
        if earlier and chance.random() < 0.6:
            person.inviter = chance.choices(earlier, weights=[0.2 + owner.liveliness for owner in earlier])[0].number
