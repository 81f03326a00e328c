"""Recording from inside the city: one typed object instead of checked JSON."""

from __future__ import annotations

from datetime import datetime

from denizen.ground.chronicle.kinds import kind_of
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.schemas import canonical, content_hash, payload_of
from denizen.kit.clock import to_micros

from .record import NewEntry, Recorded, record


def record_one(
    *, kind_object: object, resident: int, occurred_at: datetime, external_id: str, source: Source, now: datetime
) -> Recorded:
    """Record one behaviour given as an object of the vocabulary, such as ``kinds.community.CheckedIn()``.

    ``resident``: the resident's key. Refused with ``schemas.UnableToAccept`` when a field is out of its bounds.
    Needs an open transaction.
    """
    return record(
        source=source,
        entries=[new_entry(kind_object, resident=resident, occurred_at=occurred_at, external_id=external_id)],
        recorded_at=now,
    )[0]


def new_entry(kind_object: object, *, resident: int, occurred_at: datetime, external_id: str) -> NewEntry:
    """The entry that ``record`` takes, from a typed object."""
    kind, payload, micros = kind_of(kind_object), payload_of(kind_object), to_micros(occurred_at)
    digest = content_hash(kind.code, str(resident), micros, canonical(payload))
    return NewEntry(kind, resident, micros, external_id, payload, digest)
