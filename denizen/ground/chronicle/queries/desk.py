"""What the desk asks about the city's intake: keys of services, sources, the queue, the size of the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from denizen.ground.chronicle.models import ServiceKey, Source, Undecided
from denizen.kit import db

KEYS_SHOWN_MAX = 500


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A service key without its secret, which nobody can read again."""

    id: int
    title: str
    prefix: str
    source: str
    kinds: tuple[str, ...]
    may_create_residents: bool
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A system that reports. ``watermark``: the latest moment it has reported."""

    code: str
    lateness_seconds_max: int | None
    watermark: datetime | None


@dataclass(frozen=True, slots=True)
class QueueState:
    """The undecided by state, since when the oldest ready one waits, and the size of the whole database in bytes."""

    ready: int
    oldest_ready_at: datetime | None
    waiting: int
    review: int
    held: int
    database_bytes: int


def service_keys() -> list[KeyLine]:
    """The latest keys, valid ones first. One query."""
    rows = ServiceKey.objects.select_related("source").order_by("-id")[:KEYS_SHOWN_MAX]
    lines = [
        KeyLine(
            row.pk,
            row.title,
            row.prefix,
            row.source.code,
            tuple(row.kinds),
            row.may_create_residents,
            row.created_at,
            row.revoked_at,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.revoked_at is not None)


def sources() -> list[SourceLine]:
    """All systems that report, by code."""
    return [SourceLine(row.code, row.lateness_seconds_max, row.watermark) for row in Source.objects.order_by("code")]


def queue_state() -> QueueState:
    """How the queue stands now. Two queries; the queue itself is short, so counting it is quick."""
    states = dict(db.fetch("SELECT state, count(*) FROM chronicle_undecided GROUP BY state"))
    oldest, size = db.fetch(
        "SELECT (SELECT recorded_at FROM chronicle_undecided WHERE state = %s ORDER BY entry_id LIMIT 1),"
        " pg_database_size(current_database())",
        (Undecided.State.READY.value,),
    )[0]
    return QueueState(
        ready=states.get(Undecided.State.READY, 0),
        oldest_ready_at=oldest,
        waiting=states.get(Undecided.State.WAITING, 0),
        review=states.get(Undecided.State.REVIEW, 0),
        held=states.get(Undecided.State.HELD, 0),
        database_bytes=size,
    )


def source_that_knows(references: Collection[str]) -> str | None:
    """The code of the system that calls residents by all ``references``, the oldest of several; None if none does."""
    if not references:
        return None
    rows = db.fetch(
        "SELECT source.code FROM chronicle_externalreference AS known JOIN chronicle_source AS source"
        " ON source.id = known.source_id WHERE known.reference = ANY(%s::text[])"
        " GROUP BY source.id, source.code HAVING count(*) = %s ORDER BY source.id LIMIT 1",
        (sorted(set(references)), len(set(references))),
    )
    return str(rows[0][0]) if rows else None
