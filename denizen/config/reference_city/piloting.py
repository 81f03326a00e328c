"""Two pilots of the reference city: one that has ended, one that runs, and how the residents there answer them.

What they add is planned by chance of their own, so that everything else the city does stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from denizen.config.reference_city.people import Person
from denizen.config.reference_city.plan import APP, CityPlan, Planned
from denizen.ground.chronicle.kinds import community
from denizen.people.rulebook.queries import Book, Pilot, Rule, Text
from denizen.people.rulebook.rules import parse
from denizen.people.rulebook.rules.model import Cap

RUNS_ON = timedelta(days=40)
FIRST_HOUR, LAST_HOUR = 8, 22


@dataclass(frozen=True, slots=True)
class Trial:
    """A pilot as a rule, when it runs (thousandths of the watched days), and how much more residents do meanwhile.

    ``template``: the rule whose budget, system and value it shares. ``more``: further acts a day for each liveliness.
    """

    code: str
    template: str
    kind: str
    cities: tuple[str, ...]
    begins: int
    ends: int | None
    amount: int
    cap: Cap
    reversal: str
    more: float
    title: Text
    question: Text
    behaviour: Text
    incentive: Text
    feedback: Text

    def begins_at(self, plan: CityPlan) -> datetime:
        return _at(plan, self.begins)

    def ends_at(self, plan: CityPlan) -> datetime:
        return _at(plan, self.ends) if self.ends is not None else self.begins_at(plan) + RUNS_ON


TRIALS = (
    Trial(
        code="pilot_repost_points", template="repost_points", kind="reposted", cities=("杭州", "成都", "南京"),
        begins=300, ends=600, amount=5, cap=Cap(1, "times", "day"), reversal="repost_deleted", more=0.011,
        title=Text("Stories carried further", "把故事带出去"),
        question=Text(
            "Do residents carry stories further when it counts twice, or do they only pass on more of the same?",
            "多给一份，居民会把故事讲得更远，还是只是转得更多？",
        ),
        behaviour=Text("Pass on a story of the city.", "把城里的一个故事转给外面的朋友。"),
        incentive=Text("5 points more, once a day.", "每天一次，多 5 积分。"),
        feedback=Text("It reached somebody new. Thank you.", "故事又到了新的人那里，谢谢你。"),
    ),
    Trial(
        code="pilot_moment_points", template="comment_points", kind="content_published", cities=("合肥", "上海"),
        begins=720, ends=None, amount=3, cap=Cap(1, "times", "day"), reversal="content_deleted", more=0.006,
        title=Text("A moment of the day", "记下今天这一刻"),
        question=Text(
            "Do small everyday moments come more often when they count, and do others enjoy them?",
            "平常的一刻也算数时，大家会更常记下来吗？别人也爱看吗？",
        ),
        behaviour=Text("Publish a moment, a picture or a few lines.", "发一条日常：一张图，或者几句话。"),
        incentive=Text("3 points, once a day.", "每天一次，3 积分。"),
        feedback=Text("Your moment is up. Somebody will smile.", "这一刻已经发出去了，会有人会心一笑。"),
    ),
)  # fmt: skip


def with_pilots(book: Book, plan: CityPlan) -> Book:
    """The book with both pilots as further rules; no other rule changes."""
    return replace(book, rules=(*book.rules, *(_rule(trial, book, plan) for trial in TRIALS)))


def answer_pilots(plan: CityPlan, people: Sequence[Person], day: int) -> list[Planned]:
    """What residents of the pilots' cities do on a day of the watched ones that they would not do otherwise."""
    begins_at = plan.begins_at + timedelta(days=day)
    planned: list[Planned] = []
    for trial in TRIALS:
        if trial.begins_at(plan) <= begins_at < trial.ends_at(plan):
            planned += _answers(trial, plan, people, day, begins_at)
    return planned


def _answers(
    trial: Trial, plan: CityPlan, people: Sequence[Person], day: int, begins_at: datetime
) -> Iterator[Planned]:
    chance = Random(f"{plan.seed}:{trial.code}:{day}")
    for person in people:
        if person.town.name not in trial.cities or person.joined_at >= begins_at:
            continue
        if chance.random() < min(trial.more * person.liveliness, 0.9):
            at = begins_at + timedelta(seconds=chance.randrange(FIRST_HOUR * 3_600, LAST_HOUR * 3_600))
            key = f"d{day}-p{person.number}-{trial.code}"
            yield Planned(APP, person.number, ACTS[trial.kind](chance, key), at, key)


def _repost(chance: Random, _key: str) -> object:
    return community.Reposted(subject=f"w-{chance.randrange(4_000)}", channel="wechat")


def _moment(chance: Random, key: str) -> object:
    return community.ContentPublished(
        work=f"w-{key}", form="moment", pictures=1 + chance.randrange(3), length=10 + chance.randrange(60),
        fingerprint=f"f-{key}",
    )  # fmt: skip


ACTS: dict[str, Callable[[Random, str], object]] = {"reposted": _repost, "content_published": _moment}


def _rule(trial: Trial, book: Book, plan: CityPlan) -> Rule:
    like = next(rule for rule in book.rules if rule.code == trial.template)
    return replace(
        like, code=trial.code, title=trial.title, kind=trial.kind, when=parse("true"), amount=parse(str(trial.amount)),
        caps=(trial.cap,), shared_caps=(), reversal_kind=trial.reversal, rows=("A-38",), assumed=True,
        valid_from=trial.begins_at(plan), valid_to=trial.ends_at(plan),
        pilot=Pilot(cities=trial.cities, question=trial.question),
        behaviour=trial.behaviour, incentive=trial.incentive, feedback=trial.feedback,
    )  # fmt: skip


def _at(plan: CityPlan, permille: int) -> datetime:
    """Midnight of the day at a thousandth of the watched days."""
    return plan.begins_at + timedelta(days=plan.days * permille // 1_000)
