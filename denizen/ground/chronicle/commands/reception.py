"""Receiving what sources report: checked, resolved and recorded in bulk, answered one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from denizen.ground.chronicle.kinds import BY_NUMBER
from denizen.ground.chronicle.models import Entry, Source
from denizen.ground.chronicle.schemas import CheckedEntry, Problem, Verdict, check_entry
from denizen.ground.chronicle.schemas.payloads import outside_checker
from denizen.kit import db
from denizen.kit.clock import to_micros

from .record import Fresh, NewEntry, record
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
    refs = resolve_references(source=source, refs=_references(sound), create=create_residents, now=now)
    new: list[NewEntry] = []
    refused: dict[int, tuple[Problem, ...]] = {}
    for number, verdict in enumerate(verdicts):
        if verdict.entry is None:
            refused[number] = verdict.problems
        elif strangers := _strangers(verdict.entry, refs):
            refused[number] = strangers
        else:
            new.append(_resolved(verdict.entry, refs))
    outcome = record(source=source, entries=new, recorded_at=now, queue=queue) if new else []
    recorded = iter(zip(new, outcome, strict=True))
    answers = []
    for number, verdict in enumerate(verdicts):
        if number in refused:
            known_id = verdict.entry.external_id if verdict.entry else verdict.external_id
            answers.append(Answer("invalid", known_id, problems=refused[number]))
            continue
        entry, answer = next(recorded)
        answers.append(Answer(answer.status, entry.external_id, answer.entry_id, answer.late, fresh=answer.fresh))
    return _explained(answers, new, refused)


def _references(sound: Iterable[CheckedEntry]) -> set[str]:
    refs = set()
    for entry in sound:
        refs.add(entry.resident)
        for name in outside_checker(entry.kind).residents:
            if name in entry.payload:
                refs.add(entry.payload[name])
    return refs


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


def _explained(answers: list[Answer], new: list[NewEntry], refused: Mapping[int, Any]) -> list[Answer]:
    """Name what differs in conflicts; one more query, only where there are any."""
    conflicts = [answer.entry_id for answer in answers if answer.status == "conflict" and answer.entry_id is not None]
    if not conflicts:
        return answers
    rows = Entry.objects.filter(id__in=conflicts).values_list("id", "kind_id", "resident_id", "occurred_at", "payload")
    recorded = {row[0]: row[1:] for row in rows}
    given = iter(new)
    explained = []
    for number, answer in enumerate(answers):
        entry = None if number in refused else next(given)
        if entry is not None and answer.status == "conflict" and answer.entry_id is not None:
            differs = _differences(entry, *recorded[answer.entry_id])
            explained.append(replace(answer, differs=differs))
        else:
            explained.append(answer)
    return explained


def _differences(
    entry: NewEntry, kind_number: int, resident: int, occurred_at: datetime, payload: Mapping[str, Any]
) -> tuple[str, ...]:
    differs = []
    if entry.kind.number != kind_number:
        return ("kind",)
    if entry.resident != resident:
        differs.append("resident")
    if entry.occurred_at != to_micros(occurred_at):
        differs.append("occurred_at")
    for name in (field.name for field in BY_NUMBER[kind_number].shape.fields):
        if entry.payload.get(name) != payload.get(name):
            differs.append("payload." + name)
    return tuple(differs) or ("resident",)
