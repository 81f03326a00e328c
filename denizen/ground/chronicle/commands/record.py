"""Recording: the only way an entry comes into the chronicle.

Idempotent by (source, external id): the key is claimed by a unique index in the same transaction as the entry and its
undecided row, so a retry can neither be lost nor count twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

import orjson

from denizen.ground.chronicle.kinds import Kind
from denizen.ground.chronicle.models import Source, Undecided
from denizen.kit import db
from denizen.kit.clock import SECOND, to_micros

CHANNEL = "denizen_undecided"
JSONB_VERSION = b"\x01"

ENTRY_COLUMNS = (
    ("id", "int8"), ("kind_id", "int2"), ("kind_version", "int2"), ("resident_id", "int8"), ("source_id", "int2"),
    ("occurred_at", "int8"), ("recorded_at", "int8"), ("payload", "bytea"),
)  # fmt: skip
UNDECIDED_COLUMNS = (("entry_id", "int8"), ("state", "text"), ("waits_for", "text"), ("recorded_at", "int8"))


class NewEntry(NamedTuple):
    """A checked behaviour to be recorded. ``payload_hash``: 16 bytes over the canonical payload as it was sent."""

    kind: Kind
    resident: int
    occurred_at: int
    external_id: str
    payload: dict[str, Any]
    payload_hash: bytes


class Fresh(NamedTuple):
    """An entry on its way through the pipeline; ``occurred_at`` in microseconds (``kit.clock``)."""

    id: int
    kind: str
    resident: int
    source: int
    occurred_at: int
    payload: dict[str, Any]
    external_id: str


@dataclass(slots=True)
class Recorded:
    """The answer for one entry, in the order of the call. ``entry_id`` is the recorded one, also when it existed."""

    status: Literal["accepted", "exists", "conflict"]
    entry_id: int
    late: bool = False
    fresh: Fresh | None = None


def record(*, source: Source, entries: Sequence[NewEntry], recorded_at: datetime, queue: bool = True) -> list[Recorded]:
    """Record ``entries`` of one source in order; answer for each whether it was accepted, exists or conflicts.

    With ``queue`` the accepted entries stand undecided and the worker is woken on commit; without it the caller
    advances the answers' ``fresh`` entries itself, in this transaction. Entries later than the source allows always
    wait for review. Needs an open transaction.
    """
    db.required()
    firsts = {entry.external_id: number for number, entry in reversed(list(enumerate(entries)))}
    claimed = _claim_keys(source, entries, firsts)
    recorded_keys = _recorded_keys(source, [key for key in firsts if key not in claimed])
    late = _late(source, entries, {firsts[key] for key in claimed})

    answers = [
        Recorded(
            "accepted", claimed[entry.external_id], late[number], _fresh(claimed[entry.external_id], source, entry)
        )
        if entry.external_id in claimed and firsts[entry.external_id] == number
        else _known(entry, recorded_keys, claimed, entries[firsts[entry.external_id]])
        for number, entry in enumerate(entries)
    ]
    accepted = [(answer, entry) for answer, entry in zip(answers, entries, strict=True) if answer.fresh]
    _append(source, accepted, to_micros(recorded_at), queue)
    _raise_watermark(source, [entry.occurred_at for _, entry in accepted])
    return answers


def _known(
    entry: NewEntry, recorded_keys: dict[str, tuple[int, bytes]], claimed: dict[str, int], first: NewEntry
) -> Recorded:
    """The answer for a key that was recorded before, or earlier in this call."""
    claimed_id = claimed.get(entry.external_id)
    known_id, known_hash = (
        (claimed_id, first.payload_hash) if claimed_id is not None else recorded_keys[entry.external_id]
    )
    return Recorded("exists" if known_hash == entry.payload_hash else "conflict", known_id)


def _claim_keys(source: Source, entries: Sequence[NewEntry], firsts: dict[str, int]) -> dict[str, int]:
    """Claim the keys that are free, in sorted order so that two recorders never deadlock; fresh entry id by key."""
    keys = sorted(firsts)
    ids = db.take_ids("chronicle_entry_id_seq", len(keys))
    # Ids follow the order of the call, not of the keys: order of recording is the order of arrival.
    by_arrival = dict(zip(sorted(keys, key=firsts.__getitem__), ids, strict=True))
    rows = db.fetch(
        "INSERT INTO chronicle_entrykey (source_id, external_id, entry_id, payload_hash)"
        " SELECT %s, k, e, h FROM unnest(%s::text[], %s::bigint[], %s::bytea[]) AS t(k, e, h)"
        " ON CONFLICT (source_id, external_id) DO NOTHING RETURNING external_id, entry_id",
        (source.id, keys, [by_arrival[key] for key in keys], [entries[firsts[key]].payload_hash for key in keys]),
    )
    return dict(rows)


def _recorded_keys(source: Source, keys: list[str]) -> dict[str, tuple[int, bytes]]:
    if not keys:
        return {}
    rows = db.fetch(
        "SELECT external_id, entry_id, payload_hash FROM chronicle_entrykey"
        " WHERE source_id = %s AND external_id = ANY(%s)",
        (source.id, keys),
    )
    return {key: (entry_id, bytes(payload_hash)) for key, entry_id, payload_hash in rows}


def _late(source: Source, entries: Sequence[NewEntry], accepted: set[int]) -> list[bool]:
    """Which entries are later than the source allows, against the latest moment seen before each of them.

    ``accepted``: places in ``entries``. What was known before or conflicts moves nothing, so its moment does not count.
    """
    if source.lateness_seconds_max is None:
        return [False] * len(entries)
    allowed = source.lateness_seconds_max * SECOND
    # The row at hand may be as old as the process; what counts is what others have recorded since.
    watermark = Source.objects.values_list("watermark", flat=True).get(pk=source.pk)
    seen = to_micros(watermark) if watermark else None
    late = []
    for place, entry in enumerate(entries):
        late.append(seen is not None and entry.occurred_at < seen - allowed)
        if place in accepted:
            seen = entry.occurred_at if seen is None else max(seen, entry.occurred_at)
    return late


def _fresh(entry_id: int, source: Source, entry: NewEntry) -> Fresh:
    return Fresh(
        entry_id, entry.kind.code, entry.resident, source.id, entry.occurred_at, entry.payload, entry.external_id
    )


def _append(source: Source, accepted: Iterable[tuple[Recorded, NewEntry]], recorded_at: int, queue: bool) -> None:
    rows, undecided = [], []
    for answer, entry in accepted:
        rows.append(
            (
                answer.entry_id, entry.kind.number, entry.kind.version, entry.resident, source.id,
                entry.occurred_at, recorded_at, JSONB_VERSION + orjson.dumps(entry.payload),
            )
        )  # fmt: skip
        if queue or answer.late:
            state = Undecided.State.REVIEW if answer.late else Undecided.State.READY
            undecided.append((answer.entry_id, state.value, "", recorded_at))
    db.copy_rows("chronicle_entry", ENTRY_COLUMNS, rows)
    if undecided:
        db.copy_rows("chronicle_undecided", UNDECIDED_COLUMNS, undecided)
        db.execute("SELECT pg_notify(%s, '')", (CHANNEL,))


def _raise_watermark(source: Source, occurred: list[int]) -> None:
    """Move the watermark forward. A recorder of the same source at work now is not waited for."""
    if not occurred:
        return
    db.execute(
        "UPDATE chronicle_source SET watermark = moment"
        " FROM (SELECT '2000-01-01 00:00:00+00'::timestamptz + %s * interval '1 microsecond' AS moment) AS seen"
        " WHERE id = (SELECT id FROM chronicle_source WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)"
        " AND (watermark IS NULL OR watermark < moment)",
        (max(occurred), source.id),
    )
