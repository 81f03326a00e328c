"""Building the reference city: begin, people, history, day after day, close. Each step is found done or done whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from denizen.config.errands.sealing import seal_up_to
from denizen.config.reference_city.closing import close_days
from denizen.config.reference_city.cycle import take_steps
from denizen.config.reference_city.daily_life import live_day
from denizen.config.reference_city.gatherings import gather
from denizen.config.reference_city.journeys import journeys, stage_of
from denizen.config.reference_city.milestones import BEGUN, COMPLETE, PEOPLED, milestone
from denizen.config.reference_city.offices import take_up_posts
from denizen.config.reference_city.people import Person, draw_people
from denizen.config.reference_city.piloting import answer_pilots
from denizen.config.reference_city.plan import DAYS, RESIDENTS, SEED, SOURCES, CityPlan, Planned
from denizen.config.reference_city.recording import live
from denizen.config.reference_city.shopping import shop
from denizen.config.reference_city.sign_ins import RESIDENTS as SIGNED_IN
from denizen.config.reference_city.sign_ins import SignIn, hand_out, open_sign_ins
from denizen.config.reference_city.treasury import fill_budgets
from denizen.ground.chronicle.commands import declare_source
from denizen.ground.chronicle.models import Resident, Source
from denizen.ground.chronicle.queries import entries_by_key
from denizen.ground.identity.commands import Particulars, note_act, publish_reference_levels, register
from denizen.ground.identity.constants import HOUSE
from denizen.ground.identity.models import User
from denizen.ground.ledger import commands as ledger
from denizen.kit import db
from denizen.kit.explained import Explained
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import has_any_version, reference_book_text

BATCH_MAX = 4_000
BUILD_LOCK = 7_390

Progress = Callable[[int, int, str], None]
"""Told after each batch: how many are done, of how many, and what is being done."""


class UnableToBuildCity(Explained):
    """People live in this city already, or it has rules of its own: invented residents do not belong there."""

    sentences: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "inhabited": {
            "en": "People live in this city already. Build the reference city in an empty home of its own.",
            "zh": "这座城市已经有居民了。请在一个空的目录里建立示例城市。",
        },
    }


@dataclass(frozen=True, slots=True)
class BuiltCity:
    """A complete reference city. ``sign_ins`` is empty when it was complete before: passwords are told once."""

    plan: CityPlan
    residents: int
    sign_ins: tuple[SignIn, ...]


def build_city(
    *,
    moment: datetime,
    seed: str = SEED,
    residents: int = RESIDENTS,
    days: int = DAYS,
    password: str | None = None,
    progress: Progress = lambda done, total, what: None,  # noqa: ARG005
) -> BuiltCity:
    """Build the reference city that ends at ``moment``, or go on with the one that was interrupted.

    A city begun before keeps its own plan, whatever is asked now. Everything goes through the commands everybody uses;
    behaviour is recorded and decided day by day. Raises ``UnableToBuildCity`` in a city that is somebody's already.
    """
    plan = _begun(CityPlan(ends_at=moment.replace(second=0, microsecond=0), seed=seed, residents=residents, days=days))
    people = draw_people(plan)
    if milestone(COMPLETE) is not None:
        return BuiltCity(plan, len(people), ())
    _give_laws(plan)
    _settle(plan, people, progress)
    sources = {code: declare_source(code=code, lateness_seconds_max=most) for code, most in SOURCES.items()}
    _live_on(plan, people, sources, progress)
    close_days(plan, people, sources)
    sign_ins = hand_out(password)
    db.execute("ANALYZE")  # the first look at the bank comes before the server has counted what is new
    with db.opening():
        _note(COMPLETE, {}, plan.ends_at)
    return BuiltCity(plan, len(people), tuple(sign_ins))


def is_complete() -> bool:
    """Whether a reference city stands here whole."""
    return milestone(COMPLETE) is not None


def _begun(asked: CityPlan) -> CityPlan:
    """The plan on record, or ``asked`` put on record now."""
    with db.opening():
        _one_at_a_time()
        kept = milestone(BEGUN)
        if kept is not None:
            ends_at = datetime.fromisoformat(kept["ends_at"])
            return CityPlan(ends_at=ends_at, seed=kept["seed"], residents=kept["residents"], days=kept["days"])
        if Resident.objects.exists() or has_any_version():
            raise UnableToBuildCity("inhabited")
        details = {
            "ends_at": asked.ends_at.isoformat(), "seed": asked.seed, "residents": asked.residents, "days": asked.days,
        }  # fmt: skip
        _note(BEGUN, details, asked.founded_at)
    return asked


def _one_at_a_time() -> None:
    """Whoever else builds the same city at this moment waits, and then finds the step done."""
    db.fetch("SELECT pg_advisory_xact_lock(%s)", (BUILD_LOCK,))


def _note(act: str, details: Mapping[str, Any], moment: datetime) -> None:
    note_act(
        actor=HOUSE, act=act, subject_kind="reference_city", subject_id="reference", details=details, moment=moment
    )


def _give_laws(plan: CityPlan) -> None:
    with db.opening():
        publish_reference_levels(moment=plan.founded_at)
    if not has_any_version():
        publish_first_book(text=reference_book_text(), moment=plan.founded_at, effective_from=plan.founded_at)


def _settle(plan: CityPlan, people: Sequence[Person], progress: Progress) -> None:
    """Register everybody, hire the staff and fill the budgets, in one transaction that keeps who got which key."""
    with db.opening():
        _one_at_a_time()
        kept = milestone(PEOPLED)
        if kept is not None:
            for person, key in zip(people, kept["keys"], strict=True):
                person.key = key
            return
        users = open_sign_ins()
        _register(people, users, progress)
        keys = {person.number: person.key for person in people}
        hired = take_up_posts(moment=plan.founded_at, users=users, residents=keys)
        fill_budgets(plan, {staff.name: staff for staff in hired})
        _note(PEOPLED, {"keys": list(keys.values())}, plan.founded_at)


def _register(people: Sequence[Person], users: Mapping[str, User], progress: Progress) -> None:
    for person in people:
        user = users.get(SIGNED_IN.get(person.number, ""))
        person.key = register(particulars=_particulars(person), user=user, moment=person.joined_at).resident_id
        if person.number % 50 == 49:
            progress(person.number + 1, len(people), "residents")


def _particulars(person: Person) -> Particulars:
    return Particulars(
        name=person.name, city=person.town.name, city_tier=person.town.tier, born_on=person.born_on,
    )  # fmt: skip


def _live_on(plan: CityPlan, people: Sequence[Person], sources: Mapping[str, Source], progress: Progress) -> None:
    batches = list(_batches(plan, people))
    total = sum(len(planned) for planned, _, _ in batches)
    done = 0
    for planned, moment, what in batches:
        if not _on_record(planned[0], sources):
            live(planned, people, sources, moment)
            _sweep(moment)
        take_steps(plan, moment)
        done += len(planned)
        progress(done, total, what)


def _sweep(moment: datetime) -> None:
    """Points expire and the journal is sealed day by day, as the worker does it."""
    with db.opening():
        while ledger.expire_due(moment=moment).lots:
            pass
    noted = ledger.horizon()
    if ledger.is_settled(noted):
        seal_up_to(noted, moment=moment - timedelta(microseconds=1))  # midnight belongs to the day that begins


def _on_record(planned: Planned, sources: Mapping[str, Source]) -> bool:
    """A batch is recorded in one transaction: where one of it is on record, all are."""
    return bool(entries_by_key([(sources[planned.source].pk, planned.external_id)]))


def _batches(plan: CityPlan, people: Sequence[Person]) -> Iterator[tuple[list[Planned], datetime, str]]:
    """What is recorded together, when, and what to tell: history stage by stage, then day by day."""
    steps = journeys(plan, people)
    history = sorted((s for s in steps if s.occurred_at < plan.begins_at), key=lambda s: (stage_of(s), s.occurred_at))
    for stage in sorted({stage_of(step) for step in history}):
        of_stage = [step for step in history if stage_of(step) == stage]
        for start in range(0, len(of_stage), BATCH_MAX):
            yield of_stage[start : start + BATCH_MAX], plan.begins_at, "history"
    for day in range(plan.days):
        begins_at = plan.begins_at + timedelta(days=day)
        ends_at = min(begins_at + timedelta(days=1), plan.ends_at)
        today = [step for step in steps if begins_at <= step.occurred_at < begins_at + timedelta(days=1)]
        today += [*live_day(plan, people, day), *gather(plan, people, day), *shop(plan, people, day)]
        today += answer_pilots(plan, people, day)
        today = [planned for planned in today if planned.occurred_at <= ends_at]
        if today:
            yield today, ends_at, begins_at.date().isoformat()
