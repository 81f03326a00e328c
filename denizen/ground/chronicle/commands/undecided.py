"""The undecided: entries waiting for the pipeline, a person's review, the entry they undo, or their release."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson

from denizen.ground.chronicle.commands.record import CHANNEL, UNDECIDED_COLUMNS, Fresh
from denizen.ground.chronicle.kinds import BY_NUMBER
from denizen.ground.chronicle.models import Undecided
from denizen.kit import db
from denizen.kit.clock import to_micros

FRESH_COLUMNS = "e.id, e.kind_id, e.resident_id, e.source_id, e.occurred_at, e.payload, k.external_id"
FRESH_TABLES = "chronicle_entry e JOIN chronicle_entrykey k ON k.entry_id = e.id"


LANES = 64
LANES_PER_CLAIM = 16
LANE_LOCK = 7_302
LOOK_AHEAD = 2_000

TAKE_READY_SQL = f"""
WITH near AS (
  SELECT entry_id FROM chronicle_undecided WHERE state = 'ready' ORDER BY entry_id LIMIT {LOOK_AHEAD}),
busy AS MATERIALIZED (
  SELECT DISTINCT (e.resident_id %% {LANES})::int AS lane FROM near JOIN chronicle_entry e ON e.id = near.entry_id),
lanes AS MATERIALIZED (
  SELECT lane FROM busy WHERE pg_try_advisory_xact_lock({LANE_LOCK}, lane) LIMIT {LANES_PER_CLAIM}),
-- Chosen in a step of its own: inside the DELETE a nested loop would choose anew for every row, past the limit.
chosen AS MATERIALIZED (
  SELECT u.entry_id FROM chronicle_undecided u JOIN chronicle_entry e ON e.id = u.entry_id
  WHERE u.state = 'ready' AND e.resident_id %% {LANES} IN (SELECT lane FROM lanes)
  ORDER BY u.entry_id LIMIT %s FOR UPDATE OF u SKIP LOCKED),
taken AS (
  DELETE FROM chronicle_undecided USING chosen WHERE chronicle_undecided.entry_id = chosen.entry_id
  RETURNING chosen.entry_id)
SELECT {FRESH_COLUMNS} FROM taken JOIN {FRESH_TABLES} ON e.id = taken.entry_id ORDER BY e.id
"""


def take_ready(*, limit: int) -> list[Fresh]:
    """Remove up to ``limit`` ready entries from the queue, in order of recording, skipping those another worker holds.

    Residents go in lanes: a worker holds the lanes it claims from until it commits, so that nobody else decides a later
    entry of the same resident before. Fewer than ``limit``, even none, does not mean that the queue is empty, only that
    what is left is in other hands or the next claim's. They are gone from the queue when the caller's transaction
    commits, together with their effects; a crash before that leaves them ready. Needs an open transaction.
    """
    db.required()
    return _fresh(TAKE_READY_SQL, (limit,))


def take_reviewed(*, entry_id: int) -> Fresh | None:
    """Remove one entry that waits for review, and return it; None when it does not wait there."""
    db.required()
    taken = _fresh(
        "WITH taken AS (DELETE FROM chronicle_undecided WHERE entry_id = %s AND state = 'review' RETURNING entry_id)"
        f" SELECT {FRESH_COLUMNS} FROM taken JOIN {FRESH_TABLES} ON e.id = taken.entry_id",
        (entry_id,),
    )
    return taken[0] if taken else None


def set_aside(*, entry_id: int) -> bool:
    """Let a ready entry that cannot be decided wait for a person, so that it blocks nobody; False: not ready."""
    db.required()
    return bool(
        db.execute(
            "UPDATE chronicle_undecided SET state = 'review' WHERE entry_id = %s AND state = 'ready'", (entry_id,)
        )
    )


def let_wait(*, entries: Sequence[tuple[Fresh, tuple[int, str]]], moment: datetime) -> None:
    """Keep entries undecided until the entry named by (source, external id) has been decided."""
    Undecided.objects.bulk_create(
        Undecided(entry_id=entry.id, state=Undecided.State.WAITING, waits_for=_waits_for(key), recorded_at=moment)
        for entry, key in entries
    )


def hold_back(*, entries: Sequence[int], moment: datetime) -> None:
    """Keep entries (ids, out of the queue) undecided until they are released; nobody claims them meanwhile."""
    db.required()
    db.copy_rows(
        "chronicle_undecided",
        UNDECIDED_COLUMNS,
        [(entry, Undecided.State.HELD.value, "", to_micros(moment)) for entry in entries],
    )


def release_held(*, entries: Sequence[int]) -> int:
    """Make ready those of ``entries`` (ids) that are held, in one statement, and wake the worker; how many.

    They are decided in their order of arrival, which is that of their ids. Needs an open transaction.
    """
    db.required()
    released = db.execute(
        "UPDATE chronicle_undecided SET state = 'ready' WHERE state = 'held' AND entry_id = ANY(%s::bigint[])",
        (list(entries),),
    )
    if released:
        db.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return released


def take_held(*, entries: Sequence[int]) -> list[Fresh]:
    """Remove those of ``entries`` (ids) that are held from the queue, in order of recording."""
    db.required()
    return _fresh(
        "WITH taken AS (DELETE FROM chronicle_undecided WHERE state = 'held' AND entry_id = ANY(%s::bigint[])"
        " RETURNING entry_id)"
        f" SELECT {FRESH_COLUMNS} FROM taken JOIN {FRESH_TABLES} ON e.id = taken.entry_id ORDER BY e.id",
        (list(entries),),
    )


def take_waiting(*, keys: Sequence[tuple[int, str]]) -> list[Fresh]:
    """Remove whoever waits for one of ``keys`` from the queue, in order of recording. Needs an open transaction."""
    db.required()
    return _fresh(
        "WITH taken AS (DELETE FROM chronicle_undecided WHERE state = 'waiting' AND waits_for = ANY(%s::text[])"
        " RETURNING entry_id)"
        f" SELECT {FRESH_COLUMNS} FROM taken JOIN {FRESH_TABLES} ON e.id = taken.entry_id ORDER BY e.id",
        ([_waits_for(key) for key in keys],),
    )


def release_waiting(*, keys: Sequence[tuple[int, str]]) -> int:
    """Make ready whoever waited for one of ``keys``, and wake the worker; how many."""
    if not keys:
        return 0
    released = db.execute(
        "UPDATE chronicle_undecided SET state = 'ready', waits_for = ''"
        " WHERE state = 'waiting' AND waits_for = ANY(%s)",
        ([_waits_for(key) for key in keys],),
    )
    if released:
        db.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return released


def _waits_for(key: tuple[int, str]) -> str:
    source, external_id = key
    return f"{source}:{external_id}"


def _fresh(sql: str, parameters: Sequence[object]) -> list[Fresh]:
    return [
        Fresh(entry_id, BY_NUMBER[kind].code, resident, source, to_micros(occurred_at), orjson.loads(payload), key)
        for entry_id, kind, resident, source, occurred_at, payload, key in db.fetch(sql, parameters)
    ]
