"""The dry run: what entries would do, by doing it and taking it back.

The very same code records and decides them, inside a transaction that is rolled back. So the answer is what would then
happen, and nothing remains: no row, no push, no counter. Only numbers taken from sequences stay unused. The wallets of
whoever is concerned are held meanwhile, for as long as deciding takes; a statement that takes longer is given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import OperationalError, transaction

from denizen.ground.chronicle import commands as chronicle
from denizen.ground.chronicle.commands import Answer, Fresh
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.schemas import Verdict, check_entry
from denizen.ground.identity.queries import facts_for
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.queries import Moved, balance, contribution, moved_since, newest_posting
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.kit.explained import Explained
from denizen.people.growth.pipeline import advance, concerned
from denizen.people.growth.queries.receipts import Receipt, receipts_of
from denizen.people.rulebook.commands import staged
from denizen.people.rulebook.models import BookVersion
from denizen.people.rulebook.queries import Book, BookInForce
from denizen.people.rulebook.queries.force import unremembered
from denizen.people.standing.queries import rank_of

ENTRIES_MAX = 1_000
PEOPLE_SHOWN_MAX = 100
STATEMENT_SECONDS_MAX = 10
LOCK_SECONDS_MAX = 3
GIVEN_UP = {"57014", "55P03"}  # statement timeout, lock timeout

State = Literal["decided", "held", "waiting", "review", "not_recorded"]


class UnableToRehearse(Explained):
    sentences = {
        "no_entries": {"en": "There is no entry to try.", "zh": "没有可试跑的记录。"},
        "too_many": {
            "en": "At most {most} entries can be tried at once; these are {held}.",
            "zh": "一次最多试跑 {most} 条记录，本次有 {held} 条。",
        },
        "no_source": {
            "en": "No system reports to this city as {source}.",
            "zh": "没有以 {source} 之名上报的系统。",
        },
        "no_version": {
            "en": "There is no version {number} of the rule book.",
            "zh": "没有第 {number} 版规则书。",
        },
        "busy": {
            "en": "The city is busy with these residents right now; nothing was changed. Try again in a moment.",
            "zh": "城市正在处理这些居民的事务；没有任何更改。请稍后再试。",
        },
    }


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a resident has: points as ``ledger.balance`` tells them, contribution (n) by class, place and grade."""

    available: int
    waiting: int
    reserved: int
    debt: int
    contribution: tuple[tuple[str, int], ...]
    rank: int | None
    grade: str

    @property
    def total(self) -> int:
        return sum(amount for _, amount in self.contribution)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody concerned, before and after."""

    resident: int
    before: Holdings
    after: Holdings


@dataclass(frozen=True, slots=True)
class Tried:
    """One entry: the answer to its report, where it then stands, and its receipt in the reader's language.

    ``not_recorded``: invalid, known already or in conflict with what is known; it has no receipt.
    """

    answer: Answer
    state: State
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would happen. ``followed``: receipts of reversals that had waited for one of the entries.

    ``people``: whoever the entries are about, and everybody whose holdings change, at most ``PEOPLE_SHOWN_MAX``.
    """

    tried: tuple[Tried, ...]
    followed: tuple[Receipt, ...]
    moved: tuple[Moved, ...]
    people: tuple[Person, ...]
    decided_at: datetime


def rehearse(
    *, source: str, raw: Sequence[object], moment: datetime, under: Book | int | None = None, newcomers: bool = False
) -> Rehearsal:
    """Try entries as the API takes them, reported by ``source`` and decided at ``moment``; nothing remains.

    Residents are named as the source calls them, or by their public ids; with ``newcomers`` unknown ones are created
    for the trial. ``under``: a draft or the number of a version that judges everything, instead of what is in force
    and paused. What stands ready in the queue at ``moment`` is not decided before. Refused inside a transaction, and
    with ``UnableToRehearse``.
    """
    if not raw:
        raise UnableToRehearse("no_entries")
    if len(raw) > ENTRIES_MAX:
        raise UnableToRehearse("too_many", most=ENTRIES_MAX, held=len(raw))
    verdicts = [check_entry(each, now=to_micros(moment)) for each in raw]

    def once() -> Rehearsal:
        with unremembered(), db.opening():
            rehearsal = _acted(_source(source), verdicts, moment, under, newcomers)
            transaction.set_rollback(True)
            return rehearsal

    try:
        return db.retrying(once)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) in GIVEN_UP:
            raise UnableToRehearse("busy") from error
        raise


def _source(code: str) -> Source:
    found = chronicle.app_source() if code == chronicle.APP else Source.objects.filter(code=code).first()
    if found is None:
        raise UnableToRehearse("no_source", source=code)
    return found


def _acted(
    source: Source, verdicts: Sequence[Verdict], moment: datetime, under: Book | int | None, newcomers: bool
) -> Rehearsal:
    db.execute(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS_MAX}s'")
    db.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS_MAX}s'")
    chronicle.introduce(source=source, references=_references(verdicts))
    answers = chronicle.record_checked(
        source=source, verdicts=verdicts, create_residents=newcomers, now=moment, queue=False
    )
    fresh = [answer.fresh for answer in answers if answer.fresh is not None]
    deciding = [answer.fresh for answer in answers if answer.fresh is not None and not answer.late]
    people = concerned(fresh)
    ledger.lock(people)
    shown = _shown(fresh, people)
    before, newest = _holdings(shown, moment), newest_posting()
    taken_up = advance(deciding, moment=moment, judged_by=_judge(under, moment))
    db.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a commit would refuse is refused here
    return _told(answers, taken_up, before, shown, newest, moment)


def _references(verdicts: Iterable[Verdict]) -> set[str]:
    return {name for verdict in verdicts if verdict.entry is not None for name in chronicle.people_of(verdict.entry)}


def _judge(under: Book | int | None, moment: datetime) -> BookInForce | None:
    if under is None:
        return None
    try:
        return staged(under, moment=moment)
    except BookVersion.DoesNotExist:
        raise UnableToRehearse("no_version", number=under) from None


def _shown(fresh: Sequence[Fresh], people: set[int]) -> list[int]:
    """Those the entries are about first, then the others; so many as can be told."""
    about = dict.fromkeys(entry.resident for entry in fresh)
    return [*about, *sorted(people - about.keys())][:PEOPLE_SHOWN_MAX]


def _holdings(people: Sequence[int], moment: datetime) -> dict[int, Holdings]:
    facts = facts_for(people)
    return {resident: _holding(resident, facts[resident].grade_at(to_micros(moment)), moment) for resident in people}


def _holding(resident: int, grade: str, moment: datetime) -> Holdings:
    points = balance(resident, moment)
    return Holdings(
        points.available, points.waiting, points.reserved, points.debt,
        tuple(contribution(resident).items()), rank_of(resident), grade,
    )  # fmt: skip


def _told(
    answers: Sequence[Answer],
    taken_up: Sequence[Fresh],
    before: dict[int, Holdings],
    shown: Sequence[int],
    newest: int,
    moment: datetime,
) -> Rehearsal:
    own = {answer.fresh.id: answer.fresh.resident for answer in answers if answer.fresh is not None}
    others = {entry.id: entry.resident for entry in taken_up if entry.id not in own}
    receipts = receipts_of(own | others)
    after = _holdings(shown, moment)
    about = set(own.values())
    return Rehearsal(
        tried=tuple(_tried(answer, receipts) for answer in answers),
        followed=tuple(receipts[entry] for entry in others),
        moved=tuple(moved_since(residents=before, after=newest)),
        people=tuple(
            Person(resident, before[resident], after[resident])
            for resident in shown
            if resident in about or before[resident] != after[resident]
        ),
        decided_at=moment,
    )


def _tried(answer: Answer, receipts: dict[int, Receipt]) -> Tried:
    if answer.fresh is None:
        return Tried(answer, "not_recorded", None)
    receipt = receipts[answer.fresh.id]
    state: State = receipt.state  # type: ignore[assignment]
    return Tried(answer, state, receipt)
