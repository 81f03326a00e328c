"""What residents do on a day: few do much, many are silent (B-69)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from denizen.config.reference_city import brand, driving
from denizen.config.reference_city.journeys import token
from denizen.config.reference_city.people import Person
from denizen.config.reference_city.plan import APP, CityPlan, Planned
from denizen.ground.chronicle.kinds import cocreation, community

DAY_LENGTH = timedelta(days=1)
ACTS_PER_LIVELINESS = 0.085
EDITORS = ("staff-xu-nian", "staff-tang-li")
WINDOWS_LIT = (
    (0.0, 0.0), (1.5, 0.09), (5.5, 0.11), (7.0, 0.21), (9.0, 0.46), (11.5, 0.54), (13.5, 0.65), (18.0, 0.74),
    (22.5, 0.95), (24.0, 1.0),
)  # fmt: skip
"""Hour of the day, and the share of the day's check-ins by then: right after midnight, on the way to work, at night."""
SHARES_DRAWN = 57_600


class Today(NamedTuple):
    """A day being lived: its beginning, its number, who is there, and the day's own chance."""

    begins_at: datetime
    number: int
    people: Sequence[Person]
    chance: Random

    def at(self, first_hour: int = 7, last_hour: int = 23) -> datetime:
        seconds = self.chance.randrange(first_hour * 3_600, last_hour * 3_600)
        return self.begins_at + timedelta(seconds=seconds)


Act = Callable[[Today, Person, str], Iterator[Planned]]


def live_day(plan: CityPlan, people: Sequence[Person], number: int) -> list[Planned]:
    """Everything residents do of themselves on day ``number`` of the watched days."""
    begins_at = plan.begins_at + number * DAY_LENGTH
    present = [person for person in people if person.joined_at < begins_at]
    today = Today(begins_at, number, present, Random(f"{plan.seed}:day:{number}"))
    planned: list[Planned] = []
    for person in present:
        planned += _checks_in(today, person)
        for turn in range(_poisson(person.liveliness * ACTS_PER_LIVELINESS, today.chance)):
            act = today.chance.choices(ACTS, cum_weights=ACT_WEIGHTS)[0]
            planned += act(today, person, f"d{number}-p{person.number}-{turn}")
        if person.owns_at(begins_at):
            planned += driving.drive(today.chance, begins_at, number, person)
    return planned


def _poisson(mean: float, chance: Random) -> int:
    bound, count, product = math.exp(-mean), 0, chance.random()
    while product > bound:
        count, product = count + 1, product * chance.random()
    return count


def _checks_in(today: Today, person: Person) -> Iterator[Planned]:
    if today.chance.random() < person.habit:
        key = f"d{today.number}-p{person.number}-check-in"
        yield Planned(APP, person.number, community.CheckedIn(), today.begins_at + _hour_of_habit(today.chance), key)


def _hour_of_habit(chance: Random) -> timedelta:
    """When in the day a window is lit: by the share of all who have lit theirs until then."""
    share = chance.randrange(SHARES_DRAWN) / SHARES_DRAWN
    later = next(place for place, (_, reached) in enumerate(WINDOWS_LIT) if share < reached)
    (begins, before), (ends, reached) = WINDOWS_LIT[later - 1], WINDOWS_LIT[later]
    hours = begins + (ends - begins) * (share - before) / (reached - before)
    return timedelta(seconds=round(hours * 3_600))


def _comments(today: Today, person: Person, key: str) -> Iterator[Planned]:
    at = today.at()
    said = "nice" if today.chance.random() < 0.06 else key
    comment = community.Commented(
        comment=f"c-{key}", subject=f"w-{today.chance.randrange(4_000)}",
        length=max(2, int(today.chance.expovariate(1 / 40))), fingerprint=token("comment", person.number, said),
    )  # fmt: skip
    yield Planned(APP, person.number, comment, at, f"{key}-comment")
    if today.chance.random() < 0.01:
        deleted = community.CommentDeleted(original=f"{key}-comment")
        yield Planned(APP, person.number, deleted, at + timedelta(minutes=30), f"{key}-comment-deleted")


def _likes(today: Today, person: Person, key: str) -> Iterator[Planned]:
    author = today.chance.choice(today.people)
    liked = community.Liked(subject=f"w-{today.chance.randrange(4_000)}", author=author.key)
    yield Planned(APP, person.number, liked, today.at(), f"{key}-like")


def _publishes(today: Today, person: Person, key: str) -> Iterator[Planned]:
    at, chance = today.at(), today.chance
    work = community.ContentPublished(
        work=f"w-{key}", form=chance.choices(("moment", "article", "video", "question"), (80, 8, 6, 6))[0],
        pictures=chance.randrange(10), length=max(0, int(chance.expovariate(1 / 120))),
        fingerprint=token("work", key),
    )  # fmt: skip
    yield Planned(APP, person.number, work, at, f"{key}-work")
    if chance.random() < 0.08:
        selected = community.WorkSelected(work=f"w-{key}", selected_by=chance.choice(EDITORS), means="editor")
        yield Planned(APP, person.number, selected, at + timedelta(minutes=50), f"{key}-selected")


def _reposts(today: Today, person: Person, key: str) -> Iterator[Planned]:
    repost = community.Reposted(subject=f"w-{today.chance.randrange(4_000)}", channel="wechat")
    yield Planned(APP, person.number, repost, today.at(), f"{key}-repost")


def _evaluates(today: Today, person: Person, key: str) -> Iterator[Planned]:
    scene = today.chance.choice(("purchase", "use", "activity"))
    score = today.chance.choices((100, 80, 60, 40, 20), (55, 25, 10, 6, 4))[0]
    evaluation = community.EvaluationSubmitted(scene=scene, record=f"r-{key}", score=score)
    yield Planned(APP, person.number, evaluation, today.at(), f"{key}-evaluation")


def _follows(today: Today, person: Person, key: str) -> Iterator[Planned]:
    followed = today.chance.choice(today.people)
    if followed is not person:
        yield Planned(APP, person.number, community.Followed(followed=followed.key), today.at(), f"{key}-follow")


def _joins_community(today: Today, person: Person, key: str) -> Iterator[Planned]:
    joined = community.CommunityJoined(community=today.chance.choice(brand.COMMUNITIES))
    yield Planned(APP, person.number, joined, today.at(), f"{key}-community")


def _cocreates(today: Today, person: Person, key: str) -> Iterator[Planned]:
    acts = ("idea", "trial", "feedback", "adopted", "media_work", "organisation")
    act = cocreation.CocreationActConfirmed(
        act=today.chance.choices(acts, (30, 20, 35, 3, 8, 4))[0],
        project=today.chance.choice(brand.COCREATION_PROJECTS), confirmed_by=today.chance.choice(EDITORS),
    )  # fmt: skip
    yield Planned(APP, person.number, act, today.at(9, 20), f"{key}-cocreation")


WEIGHED: tuple[tuple[Act, int], ...] = (
    (_comments, 34),
    (_likes, 24),
    (_publishes, 17),
    (_reposts, 8),
    (_evaluates, 6),
    (_follows, 5),
    (_joins_community, 3),
    (_cocreates, 2),
)
ACTS: list[Act] = [act for act, _ in WEIGHED]
ACT_WEIGHTS = list(accumulate(weight for _, weight in WEIGHED))
