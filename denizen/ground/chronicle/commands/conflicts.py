"""What differs between an entry that was sent and the one recorded under its external id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from denizen.ground.chronicle.kinds import BY_NUMBER
from denizen.ground.chronicle.models import Entry
from denizen.kit.clock import to_micros

from .record import NewEntry, Recorded


def differences(pairs: Sequence[tuple[NewEntry, Recorded]]) -> dict[int, tuple[str, ...]]:
    """For each conflict among ``pairs``, by its place: the fields that differ. One query where there are any."""
    conflicts = [(place, *pair) for place, pair in enumerate(pairs) if pair[1].status == "conflict"]
    if not conflicts:
        return {}
    ids = {answer.entry_id for _, _, answer in conflicts}
    rows = Entry.objects.filter(id__in=ids).values_list("id", "kind_id", "resident_id", "occurred_at", "payload")
    recorded = {row[0]: row[1:] for row in rows}
    return {place: _differing(entry, *recorded[answer.entry_id]) for place, entry, answer in conflicts}


def _differing(
    entry: NewEntry, kind_number: int, resident: int, occurred_at: datetime, payload: Mapping[str, Any]
) -> tuple[str, ...]:
    """Payloads of two kinds are not compared. Where all is equal, one resident was called by two references."""
    if entry.kind.number != kind_number:
        return ("kind",)
    names = [field.name for field in BY_NUMBER[kind_number].shape.fields]
    differs = ["resident"] if entry.resident != resident else []
    differs += ["occurred_at"] if entry.occurred_at != to_micros(occurred_at) else []
    differs += ["payload." + name for name in names if entry.payload.get(name) != payload.get(name)]
    return tuple(differs) or ("resident",)
