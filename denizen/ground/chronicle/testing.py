"""Factories for tests of any room: a source, residents, a key, and entries as a service would send them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from denizen.ground.chronicle import commands
from denizen.ground.chronicle.commands import Issued
from denizen.ground.chronicle.kinds import KINDS, Kind
from denizen.ground.chronicle.models import Resident, Source
from denizen.ground.chronicle.schemas import check_payload
from denizen.kit import db
from denizen.kit.schema import Field

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
"""A Monday; the moment tests call now."""


def make_source(code: str = "shop", lateness_seconds_max: int | None = None) -> Source:
    return commands.declare_source(code=code, lateness_seconds_max=lateness_seconds_max)


def make_residents(source: Source, *refs: str) -> list[int]:
    """Residents known to ``source`` under these references; their keys in the same order."""
    with db.opening():
        known = commands.resolve_references(source=source, refs=refs, create=True, now=NOON)
    return [known[ref] for ref in refs]


def make_resident() -> int:
    """A resident no source knows."""
    return Resident.objects.create(created_at=NOON).pk


def make_key(source: Source, *kinds: str, may_create_residents: bool = True) -> Issued:
    """A key for these kinds; for all kinds without any."""
    return commands.issue_service_key(
        actor="staff:odo",
        source=source,
        kinds=kinds or KINDS,
        may_create_residents=may_create_residents,
        title="Till of the shop",
        now=NOON,
    )


def raw_entry(kind: str = "purchase_made", external_id: str = "order-1", **changes: Any) -> dict[str, Any]:
    """An entry as a service sends it, sound unless ``changes`` spoil it; a payload is made up where none is given."""
    entry = {
        "kind": kind,
        "resident": "ada",
        "occurred_at": "2026-05-04T08:00:00+08:00",
        "external_id": external_id,
        "payload": sound_payload(KINDS[kind]) if isinstance(kind, str) and kind in KINDS else {},
    }
    return entry | changes


def sound_payload(kind: Kind) -> dict[str, Any]:
    """A payload with every field of the kind, each at its lower bound or first choice; residents are ``ben``."""
    payload = {field.name: _sound(field) for field in kind.shape.fields}
    check_payload(kind, payload)
    return payload


def _sound(field: Field) -> Any:
    made: dict[str, Any] = {
        "int": field.minimum,
        "bool": True,
        "token": field.choices[0] if field.choices else f"{field.name}-1",
        "resident": "ben",
        "moment": "2026-05-04T08:00:00+08:00",
        "day": "2026-05-04",
    }
    return made[field.type]
