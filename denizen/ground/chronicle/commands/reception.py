"""Receiving what sources report: checked, resolved and recorded in bulk, answered one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from denizen.ground.chronicle.models import EntryKey, Source
from denizen.ground.chronicle.schemas import CheckedEntry, Problem, Verdict, check_entry
from denizen.ground.chronicle.schemas.payloads import outside_checker
from denizen.kit import db
from denizen.kit.clock import to_micros

from .conflicts import differences
from .erasure import erased_name
from .record import Fresh, NewEntry, Recorded, record
from .references import resolve_references


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one entry, in the order of the call.

    ``entry_id``: the recorded one, also of a repetition or conflict. ``late``: it waits for review. ``differs``: the
    fields in which a conflicting entry differs from the recorded one. ``fresh``: what the pipeline advances.
    """

    status: Literal["accepted", "exists", "conflict", "invalid"]
    external_id: str | None
    entry_id: int | None = None
    late: bool = False
    problems: tuple[Problem, ...] = ()
    differs: tuple[str, ...] = ()
    fresh: Fresh | None = None


def receive_entries(
    *, source: Source, raw: Sequence[object], allowed: Collection[str] | None, create_residents: bool, now: datetime
) -> list[Answer]:
    """Check and record what a source reports; an invalid entry never blocks the others.

    ``raw``: decoded JSON objects, or a ``Verdict`` where the entrance could not even decode one. ``allowed``: kinds
    the sender may report. Opens its own transaction, and again when the database resolved a deadlock at our expense.
    """
    micros = to_micros(now)
    verdicts = [each if isinstance(each, Verdict) else check_entry(each, now=micros, allowed=allowed) for each in raw]

    def once() -> list[Answer]:
        with db.opening():
            return record_checked(
                source=source, verdicts=verdicts, create_residents=create_residents, now=now, queue=True
            )

    return db.retrying(once)


def record_checked(
    *, source: Source, verdicts: Sequence[Verdict], create_residents: bool, now: datetime, queue: bool
) -> list[Answer]:
    """Resolve the residents of sound verdicts, record them, and answer for all. Needs an open transaction.

    ``queue``: see ``record``. Without it the caller advances the answers' ``fresh`` entries itself.
    """
    db.required()
    sound = [verdict.entry for verdict in verdicts if verdict.entry is not None]
    refs, taken = _resolved_references(source, sound, create_residents, now)
    settled: dict[int, Answer] = {}
    new: list[NewEntry] = []
    for number, verdict in enumerate(verdicts):
        if verdict.entry is None:
            settled[number] = Answer("invalid", verdict.external_id, problems=verdict.problems)
        elif strangers := _strangers(verdict.entry, refs):
            settled[number] = _stranger_answer(verdict.entry, strangers, taken)
        else:
            new.append(_resolved(verdict.entry, refs))
    pairs = list(zip(new, record(source=source, entries=new, recorded_at=now, queue=queue) if new else (), strict=True))
    differs = differences(pairs)
    told = iter(_told(entry, answer, differs.get(place, ())) for place, (entry, answer) in enumerate(pairs))
    return [settled.get(number) or next(told) for number in range(len(verdicts))]


def _resolved_references(
    source: Source, sound: Sequence[CheckedEntry], create: bool, now: datetime
) -> tuple[dict[str, int], dict[str, int]]:
    """Residents by reference, and entries already recorded under the external ids of entries about new people.

    The people of a recorded entry are known. So an entry that still has a stranger after its key was seen recorded
    conflicts for certain, and creates nobody; asking again is needed where somebody recorded it just now.
    """
    refs = resolve_references(source=source, refs=_references(sound), create=False, now=now)
    arriving = [entry for entry in sound if _strangers(entry, refs)] if create else []
    if not arriving:
        return refs, {}
    keys = [entry.external_id for entry in arriving]
    names = {key: key for key in keys} | {erased_name(source.pk, key): key for key in keys}
    rows = EntryKey.objects.filter(source=source, external_id__in=names).values_list("external_id", "entry_id")
    taken = {names[name]: entry_id for name, entry_id in rows}
    recorded = _references(entry for entry in arriving if entry.external_id in taken)
    welcome = _references(entry for entry in arriving if entry.external_id not in taken)
    refs |= resolve_references(source=source, refs=recorded, create=False, now=now)
    return refs | resolve_references(source=source, refs=welcome, create=True, now=now), taken


def _stranger_answer(entry: CheckedEntry, strangers: tuple[Problem, ...], taken: Mapping[str, int]) -> Answer:
    if entry.external_id in taken:
        fields = tuple(problem.field for problem in strangers)
        return Answer("conflict", entry.external_id, taken[entry.external_id], differs=fields)
    return Answer("invalid", entry.external_id, problems=strangers)


def _told(entry: NewEntry, answer: Recorded, differs: tuple[str, ...]) -> Answer:
    return Answer(answer.status, entry.external_id, answer.entry_id, answer.late, differs=differs, fresh=answer.fresh)


def _references(sound: Iterable[CheckedEntry]) -> set[str]:
    return {reference for entry in sound for reference in people_of(entry)}


def people_of(entry: CheckedEntry) -> list[str]:
    """The references of everybody an entry names: its resident first."""
    named = [name for name in outside_checker(entry.kind).residents if name in entry.payload]
    return [entry.resident, *(entry.payload[name] for name in named)]


def _strangers(entry: CheckedEntry, refs: Mapping[str, int]) -> tuple[Problem, ...]:
    problems = [] if entry.resident in refs else [Problem("resident", "unknown_resident")]
    for name in outside_checker(entry.kind).residents:
        if name in entry.payload and entry.payload[name] not in refs:
            problems.append(Problem("payload." + name, "unknown_resident"))
    return tuple(problems)


def _resolved(entry: CheckedEntry, refs: Mapping[str, int]) -> NewEntry:
    payload = entry.payload
    if people := [name for name in outside_checker(entry.kind).residents if name in payload]:
        payload = payload | {name: refs[payload[name]] for name in people}
    return NewEntry(entry.kind, refs[entry.resident], entry.occurred_at, entry.external_id, payload, entry.content_hash)
