"""Reads of entries by their outside keys, and of what has been decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from denizen.ground.chronicle.kinds import BY_NUMBER
from denizen.ground.chronicle.models import Source
from denizen.kit import db


class Known(NamedTuple):
    """A recorded entry, as far as its key, kind and resident."""

    id: int
    kind: str
    resident: int


def entries_by_key(keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Known]:
    """The recorded entries of (source, external id) pairs; unknown pairs are left out. One query."""
    if not keys:
        return {}
    rows = db.fetch(
        "SELECT k.source_id, k.external_id, e.id, e.kind_id, e.resident_id"
        " FROM unnest(%s::smallint[], %s::text[]) AS asked(source_id, external_id)"
        " JOIN chronicle_entrykey k ON (k.source_id, k.external_id) = (asked.source_id, asked.external_id)"
        " JOIN chronicle_entry e ON e.id = k.entry_id",
        ([source for source, _ in keys], [external_id for _, external_id in keys]),
    )
    return {
        (source, external_id): Known(entry_id, BY_NUMBER[kind].code, resident)
        for source, external_id, entry_id, kind, resident in rows
    }


def sources_without_decisions() -> list[Source]:
    """Sources none of whose entries has left the queue of the undecided."""
    return list(Source.objects.raw(
        "SELECT s.* FROM chronicle_source s WHERE NOT EXISTS ("
        " SELECT 1 FROM chronicle_entrykey k WHERE k.source_id = s.id"
        " AND NOT EXISTS (SELECT 1 FROM chronicle_undecided u WHERE u.entry_id = k.entry_id))"
    ))  # fmt: skip


def has_waiting_sources() -> bool:
    """Whether a source has entries, none of which has left the queue of the undecided."""
    return bool(db.fetch(
        "SELECT 1 FROM chronicle_source s WHERE EXISTS (SELECT 1 FROM chronicle_entrykey k WHERE k.source_id = s.id)"
        " AND NOT EXISTS (SELECT 1 FROM chronicle_entrykey k WHERE k.source_id = s.id"
        " AND NOT EXISTS (SELECT 1 FROM chronicle_undecided u WHERE u.entry_id = k.entry_id)) LIMIT 1"
    ))  # fmt: skip


def anything_decided() -> bool:
    """Whether any entry of the city has been decided."""
    return bool(db.fetch(
        "SELECT 1 FROM chronicle_entry e"
        " WHERE NOT EXISTS (SELECT 1 FROM chronicle_undecided u WHERE u.entry_id = e.id) LIMIT 1"
    ))  # fmt: skip
