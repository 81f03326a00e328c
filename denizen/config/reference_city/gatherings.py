"""Activities with their organisers, guests and volunteers; and the weekly champions of a contest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from denizen.config.reference_city import brand
from denizen.config.reference_city.people import Person
from denizen.config.reference_city.plan import APP, CityPlan, Planned
from denizen.ground.chronicle.kinds import activities, cocreation

RESIDENTS_PER_ACTIVITY = 1_400
"""Of so many residents, one activity a day is held somewhere."""

GUESTS_MAX = 40
CONTEST_WEEKS = 3
CONFIRMER = "staff-xu-nian"


def gather(plan: CityPlan, people: Sequence[Person], day: int) -> list[Planned]:
    """The activities of day ``day`` of the watched days, and on some Sundays the champion of the week."""
    chance = Random(f"{plan.seed}:gather:{day}")
    begins_at = plan.begins_at + timedelta(days=day)
    present = [person for person in people if person.joined_at < begins_at and person.liveliness > 0.1]
    if len(present) < 4:
        return []
    wanted = plan.residents / RESIDENTS_PER_ACTIVITY * (2 if begins_at.weekday() >= 5 else 1)
    planned: list[Planned] = []
    for number in range(int(wanted) + (chance.random() < wanted % 1)):
        planned += _activity(chance, begins_at + timedelta(hours=14), f"d{day}-{number}", present)
    return planned + list(_champion(plan, chance, day, begins_at, present))


def _activity(chance: Random, at: datetime, key: str, present: Sequence[Person]) -> Iterator[Planned]:
    """Guests sign up in the morning; some never come, some come without. Hosts and volunteers are confirmed later."""
    name, direction = chance.choice(brand.ACTIVITIES)
    activity = f"{name}-{key}"
    everybody = _drawn(chance, present, min(GUESTS_MAX, 3 + len(present) // 20))
    hosts, helpers = everybody[:1], everybody[1 : 2 + len(everybody) // 8]
    guests = everybody[1:]
    for number, guest in enumerate(guests):
        came_at, name_of = at + timedelta(minutes=number), f"{key}-p{guest.number}"
        if chance.random() < 0.9:
            signed_up = activities.ActivitySignedUp(activity=activity)
            yield Planned(APP, guest.number, signed_up, came_at - timedelta(hours=6), f"{name_of}-signed-up")
        if chance.random() < 0.85:
            attended = activities.ActivityAttended(activity=activity, direction=direction)
            yield Planned(APP, guest.number, attended, came_at, f"{name_of}-attended")
            if chance.random() < 0.01:
                withdrawn = activities.AttendanceWithdrawn(original=f"{name_of}-attended")
                yield Planned(APP, guest.number, withdrawn, came_at + timedelta(hours=5), f"{name_of}-not-attended")
    for host in hosts:
        held = activities.ActivityOrganised(activity=activity, direction=direction, attendees=len(guests))
        yield Planned(APP, host.number, held, at + timedelta(hours=4), f"{key}-p{host.number}-organised")
    for helper in helpers:
        served = cocreation.VolunteerServiceConfirmed(
            service=f"{activity}-{chance.choice(('gate', 'stage', 'children', 'guide'))}", event=activity,
            place="nio-house", days=1, confirmed_by=CONFIRMER,
        )  # fmt: skip
        yield Planned(APP, helper.number, served, at + timedelta(hours=6), f"{key}-p{helper.number}-served")


def _drawn(chance: Random, present: Sequence[Person], count: int) -> list[Person]:
    """Different people, the lively ones more likely, in the order they were drawn."""
    drawn = chance.choices(present, weights=[person.liveliness for person in present], k=count * 2)
    return list({person.number: person for person in drawn}.values())[:count]


def _champion(
    plan: CityPlan, chance: Random, day: int, begins_at: datetime, present: Sequence[Person]
) -> Iterator[Planned]:
    """The contest runs for the last full weeks; its champion is named on Sunday evening (B-35)."""
    weeks_left = (plan.days - day) // 7
    if begins_at.weekday() == 6 and weeks_left < CONTEST_WEEKS:
        winner = chance.choice(present)
        won = activities.ContestWeekWon(
            contest=brand.CONTEST, week=CONTEST_WEEKS - weeks_left, score=chance.randrange(80_000, 99_000)
        )
        yield Planned(APP, winner.number, won, begins_at + timedelta(hours=20), f"d{day}-champion")
