"""Entries of a paused rule are held whole, released in their order of arrival, and judged by what repairs the rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from denizen.ground.chronicle import commands as chronicle
from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.kinds import KINDS
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.people.rulebook import queries as rulebook
from denizen.people.rulebook.commands import record_release, stop_deciding
from denizen.people.rulebook.queries import BookInForce, Repair

HOLD_SQL = """
INSERT INTO growth_holding (entry_id, suspension_id, held_at)
SELECT entry, suspension, %s FROM unnest(%s::bigint[], %s::bigint[]) AS new(entry, suspension)
ON CONFLICT (entry_id) DO NOTHING
"""
HELD_SQL = """
SELECT holding.entry_id FROM growth_holding AS holding
JOIN rulebook_suspension AS suspension ON suspension.id = holding.suspension_id AND suspension.kind = ANY(%s::text[])
JOIN chronicle_undecided AS undecided ON undecided.entry_id = holding.entry_id AND undecided.state = 'held'
"""


@dataclass(frozen=True, slots=True)
class Stops:
    """What pauses mean for the entries of one batch.

    ``held``: the pause that holds entries of a kind. ``judged_by``: entries (ids) that another version judges than the
    one in force when they happened.
    """

    held: Mapping[str, int] = field(default_factory=dict)
    judged_by: Mapping[int, BookInForce] = field(default_factory=dict)

    def holds(self, entry: Fresh) -> bool:
        """Whether ``entry`` waits. What undoes another never waits for itself: it takes back what was decided."""
        return entry.kind in self.held and KINDS[entry.kind].reverses is None


def stops_for(entries: Sequence[Fresh]) -> Stops:
    """The pauses that concern ``entries`` now, and until this transaction ends. Two short queries where none does."""
    pauses = rulebook.pauses()
    if not pauses.repairs:
        return Stops(pauses.held)
    by_kind: dict[str, list[Repair]] = {}
    for repair in sorted(pauses.repairs, key=lambda repair: (repair.until, repair.book)):
        by_kind.setdefault(repair.kind, []).append(repair)
    concerned = [entry for entry in entries if entry.kind in by_kind]
    held_at = _held_at(concerned)
    judges = {entry.id: _repair_of(entry, held_at.get(entry.id), by_kind[entry.kind]) for entry in concerned}
    numbers = {entry: judge.book for entry, judge in judges.items() if judge is not None}
    books = {number: rulebook.book_ready(number) for number in set(numbers.values())}
    return Stops(pauses.held, {entry: books[number] for entry, number in numbers.items()})


def judged_alike(entries: Sequence[Fresh], book: BookInForce) -> Stops:
    """No pause, and ``book`` judges all of ``entries``."""
    return Stops(judged_by={entry.id: book for entry in entries})


def _repair_of(entry: Fresh, held_at: int | None, repairs: Iterable[Repair]) -> Repair | None:
    """The latest repair that ``entry`` was held for, or in whose pause it happened; None: the book of its day."""
    found = None
    for repair in repairs:
        within = repair.since <= entry.occurred_at
        waited = held_at is not None and held_at <= repair.released
        if entry.occurred_at < repair.until and (within or waited):
            found = repair
    return found


def _held_at(entries: Sequence[Fresh]) -> dict[int, int]:
    if not entries:
        return {}
    rows = db.fetch(
        "SELECT entry_id, held_at FROM growth_holding WHERE entry_id = ANY(%s::bigint[])",
        ([entry.id for entry in entries],),
    )
    return {entry: to_micros(moment) for entry, moment in rows}


def hold(*, entries: Sequence[Fresh], stops: Stops, moment: datetime) -> None:
    """Put ``entries`` aside as held, with the pause that holds them; an entry held twice keeps the first."""
    if not entries:
        return
    chronicle.hold_back(entries=[entry.id for entry in entries], moment=moment)
    db.execute(HOLD_SQL, (moment, [entry.id for entry in entries], [stops.held[entry.kind] for entry in entries]))


def release_due(*, moment: datetime) -> int:
    """End the pauses whose end has come: their held entries are ready, in their order; how many. One query when none.

    Opens its transaction. Nobody decides meanwhile, so a later entry never passes one that was held. Twice is once:
    a pause has one release.
    """
    if not rulebook.pauses_due(moment):
        return 0
    with db.opening():
        stop_deciding()
        due = rulebook.pauses_due(moment)
        ending = {pause.suspension for pause in due}
        lasting = {view.kind for view in rulebook.paused_rules(moment).values() if view.id not in ending}
        released = 0
        for kind in dict.fromkeys(pause.kind for pause in due):
            held = [entry for (entry,) in db.fetch(HELD_SQL, ([kind],))] if kind not in lasting else []
            released += chronicle.release_held(entries=held) if held else 0
            for pause in due:
                if pause.kind == kind:
                    record_release(suspension=pause.suspension, lifting=pause.lifting, entries=len(held), moment=moment)
        return released
