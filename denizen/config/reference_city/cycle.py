"""How the reference city changes its rules over its watched days: through the same commands everybody uses.

Five versions: the founding one; one that says things more plainly and announces two pilots; a change that the users'
spokesperson was against and was overruled about, now overdue for its review; one with his conditions, announced; and
one that waits for its second person. Apart from the pilots, what the changes touch is behaviour that no invented
resident shows, so the stated amounts hold. Every figure is measured when it is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from denizen.config.reference_city.piloting import with_pilots
from denizen.config.reference_city.plan import CityPlan
from denizen.config.reference_city.trials import draft_and_try, run_trial
from denizen.ground.identity.models import Staff, StaffAct
from denizen.people.growth.queries import results_of
from denizen.people.rulebook import commands as rules
from denizen.people.rulebook.commands import Said
from denizen.people.rulebook.models import BookVersion, Feedback, Force, Position
from denizen.people.rulebook.queries import Book, Text, book_of, tried_version
from denizen.people.rulebook.rules import dump_book

AUTHOR, SPOKESPERSON, SIGNER = "许念", "唐礼", "欧阳朵"
NOTICE = timedelta(days=31)
COCREATION = "cocreation_value"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a step needs: the colleagues by name, the versions in order, and its moment."""

    plan: CityPlan
    staff: Mapping[str, Staff]
    versions: tuple[BookVersion, ...]
    moment: datetime

    def number(self, place: int) -> int:
        """The number of the version at ``place`` (the founding one is 1): a sequence may begin anywhere."""
        return self.versions[place - 1].number


class Step(NamedTuple):
    """An act at a thousandth of the watched days. ``act`` and its moment tell whether it was done before."""

    permille: int
    act: str
    does: Callable[[Scene], object]


def take_steps(plan: CityPlan, until: datetime) -> None:
    """Every step up to ``until`` that was not taken yet, in order."""
    staff = {each.name: each for each in Staff.objects.all()}
    for step in STEPS:
        moment = plan.begins_at + (plan.ends_at - plan.begins_at) * step.permille // 1_000
        if moment > until:
            return
        if not StaffAct.objects.filter(act=step.act, subject_kind="rule_book", happened_at=moment).exists():
            step.does(Scene(plan, staff, tuple(BookVersion.objects.order_by("number")), moment))


def feedback(who: str, place: int, origin: str, words: str, rule: str = COCREATION) -> Callable[[Scene], object]:
    def report(scene: Scene) -> object:
        return rules.report_feedback(
            actor=scene.staff[who], number=scene.number(place), origin=origin, rule=rule, said=Said(words),
            moment=scene.moment,
        )  # fmt: skip

    return report


def take_up(place: int, nth: int) -> Callable[[Scene], object]:
    """The version at ``place`` takes up the ``nth`` feedback of the city."""

    def take(scene: Scene) -> object:
        told = Feedback.objects.order_by("pk")[nth - 1]
        return rules.take_up_feedback(
            actor=scene.staff[AUTHOR], feedback=told.pk, number=scene.number(place), moment=scene.moment
        )

    return take


def check(place: int, verdict: str, words: str) -> Callable[[Scene], object]:
    def look(scene: Scene) -> object:
        number = scene.number(place)
        if not _ruled(number, scene.moment):
            return None  # the city watches too few days for this version to have taken force
        heard = Feedback.objects.filter(book=number).count()
        return rules.check_result(
            actor=scene.staff[SPOKESPERSON], number=number, verdict=verdict, said=Said(words),
            figures={**results_of(number), "feedback": heard}, moment=scene.moment,
        )  # fmt: skip

    return look


def supervise(place: int, seen: str, fed_back: str) -> Callable[[Scene], object]:
    def watch(scene: Scene) -> object:
        number = scene.number(place)
        if not _ruled(number, scene.moment):
            return None
        return rules.supervise(
            actor=scene.staff[SIGNER], number=number, seen=Said(seen), fed_back=Said(fed_back), moment=scene.moment
        )

    return watch


def propose(note: str, *wanted: Callable[[Book, CityPlan], Book]) -> Callable[[Scene], object]:
    def write(scene: Scene) -> object:
        book = book_of(scene.versions[-1])
        for change in wanted:
            book = change(book, scene.plan)
        text = dump_book(book)
        return rules.propose_book(actor=scene.staff[AUTHOR], text=text, note=note, moment=scene.moment)

    return write


def try_it(place: int) -> Callable[[Scene], object]:
    """Replay the version over everything the city has lived so far."""

    def replay(scene: Scene) -> object:
        return run_trial(actor=scene.staff[AUTHOR], book=tried_version(scene.number(place)), moment=scene.moment)

    return replay


def draft_next(place: int) -> Callable[[Scene], object]:
    """A draft from the version at ``place``, tried and not handed over yet."""

    def write(scene: Scene) -> object:
        return draft_and_try(actor=scene.staff[AUTHOR], version=scene.versions[place - 1], moment=scene.moment)

    return write


def speak(place: int, stand: str, words: str) -> Callable[[Scene], object]:
    def state(scene: Scene) -> object:
        return rules.state_position(
            actor=scene.staff[SPOKESPERSON], number=scene.number(place), stand=stand, said=Said(words),
            moment=scene.moment,
        )  # fmt: skip

    return state


def answer(place: int, decision: str, words: str) -> Callable[[Scene], object]:
    def decide(scene: Scene) -> object:
        position = Position.objects.filter(book=scene.number(place)).latest("pk")
        return rules.answer_position(
            actor=scene.staff[SIGNER], position=position.pk, decision=decision, said=Said(words), moment=scene.moment
        )

    return decide


def approve(place: int, begins_at: Callable[[Scene], datetime]) -> Callable[[Scene], object]:
    def sign(scene: Scene) -> object:
        return rules.approve_book(
            actor=scene.staff[SIGNER], number=scene.number(place), effective_from=begins_at(scene),
            moment=scene.moment,
        )  # fmt: skip

    return sign


def _worth(table: str, key: str, value: int, **changed: int) -> Callable[[Book, CityPlan], Book]:
    """The same book with one value of a table, and other fields of the book itself."""

    def change(book: Book, _plan: CityPlan) -> Book:
        tables = {**book.tables, table: {**book.tables[table], key: value}}
        return replace(book, tables=tables, **changed)  # type: ignore[arg-type]

    return change


def _said_plainly(book: Book, _plan: CityPlan) -> Book:
    """The same book with the six kinds of co-creation named in the sentence itself; no amount changes."""
    behaviour = Text(
        en="Bring an idea, try it, say what is wrong, see it adopted, make it known, or organise: all six count.",
        zh="出主意、来试用、挑毛病、被采纳、讲出去、来张罗：六样都算共创。",
    )
    rules_after = tuple(replace(rule, behaviour=behaviour) if rule.code == COCREATION else rule for rule in book.rules)
    return replace(book, rules=rules_after)


def _soon(plan: CityPlan) -> timedelta:
    """A day; less in a city that lives few days, so that its second version is in force when it is looked at."""
    return min(timedelta(days=1), timedelta(days=plan.days) / 20)


def _ruled(number: int, moment: datetime) -> bool:
    return Force.objects.filter(book=number, source__isnull=True, effective_from__lte=moment).exists()


STEPS = (
    Step(8, "rules.feedback", feedback("费可", 1, "front_line", "交付时常有人问共创怎么算，我们要翻三页才找得到。")),
    Step(15, "rules.feedback", feedback(
        "苏念", 1, "residents", "试座椅的朋友一坐就是两个小时，回去还写长长的笔记，可共创表里没有他们的一档。"
    )),
    Step(25, "rules.check", check(
        1, "mixed", "签到和分享比预想的热闹，投诉很少；共创偏冷，很多人不知道什么算共创。"
    )),
    Step(40, "rules.propose", propose(
        "把共创的六种做法写在一句话里，不用再翻三页；另外在几个城市先试两条小规则，写明日子，到期就看结果。",
        _said_plainly, with_pilots,
    )),
    Step(42, "rules.take_up", take_up(2, 1)),
    Step(45, "rules.try", try_it(2)),
    Step(52, "rules.speak", speak(
        2, "for", "原有的数字一个没动，话说明白了；两个试点写清了在哪里、到哪天、想弄明白什么，我放心。"
    )),
    Step(60, "rules.approve", approve(2, lambda scene: scene.moment + _soon(scene.plan))),
    Step(200, "rules.check", check(2, "good", "来问“怎么算”的人少了一大半，交付的同事也不用再翻页了。")),
    Step(205, "rules.supervise", supervise(
        2, "看了四个城市的前台，三处已经换上新的一句话，一处还贴着旧的。", "给那一处的同事打了电话，当天就换了。"
    )),
    Step(215, "rules.propose", propose(
        "给试座椅的朋友单设一档 8n，一个月后回头再看。", _worth("cocreation", "seat_test", 8, review_months=1)
    )),
    Step(217, "rules.take_up", take_up(3, 2)),
    Step(220, "rules.try", try_it(3)),
    Step(226, "rules.speak", speak(
        3, "against",
        "一天只算三次，试了座椅就可能挤掉别的共创；写一句真话的邻居会觉得自己白写了。先给他们名字，再谈数字。",
    )),
    Step(234, "rules.position_overruled", answer(
        3, "overruled",
        "担心有道理，所以提前三十天公布，一个月后就回头看。但坐满两个小时的人等了很久，不该让他们再等半年。",
    )),
    Step(240, "rules.approve", approve(3, lambda scene: scene.moment + NOTICE)),
    Step(620, "rules.check", check(
        3, "mixed", "试座椅的人多了，笔记却有长有短；写真话的邻居没有少，挤掉别的共创的担心没有发生。"
    )),
    Step(660, "rules.supervise", supervise(
        3, "抽看了二十份试座笔记，六份只写了“舒服”两个字。", "和服务中心约好：现场给一张问题单，写满三问才算。"
    )),
    Step(720, "rules.feedback", feedback(
        "苏念", 3, "residents", "夜里来取车的邻居说：白天自助交付有 2n，夜里更费事却没有。"
    )),
    Step(780, "rules.propose", propose(
        "夜里自助取车也算数：比白天多 1n。", _worth("service_acts", "night_delivery", 3, review_months=6)
    )),
    Step(783, "rules.take_up", take_up(4, 3)),
    Step(786, "rules.try", try_it(4)),
    Step(800, "rules.speak", speak(4, "conditions", "可以，但夜里要有人接电话：一个人站在空停车场里，3n 壮不了胆。")),
    Step(815, "rules.position_followed", answer(4, "followed", "值守电话延到凌晨一点，名单已经贴出来了。")),
    Step(830, "rules.approve", approve(4, lambda scene: scene.moment + NOTICE)),
    Step(940, "rules.propose", propose(
        "夜间道路测试的朋友出力最多，还没有自己的一档。", _worth("cocreation", "night_test", 6)
    )),
    Step(955, "rules.try", try_it(5)),
    Step(975, "rules.speak", speak(5, "for", "他们是城里睡得最晚的人。给一档，也给一句谢谢。")),
    Step(985, "rules.try", draft_next(4)),
)  # fmt: skip
"""In order of time. A place names a version: 1 is the founding book."""
