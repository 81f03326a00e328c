"""Whom an entry speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.kinds import SHAPES

RESIDENT_FIELDS = {
    code: tuple(field.name for field in shape.fields if field.type == "resident") for code, shape in SHAPES.items()
}


def persons_named(entry: Fresh) -> tuple[int, ...]:
    """The entry's resident and every resident its payload names."""
    return persons_in(entry.kind, entry.resident, entry.payload)


def persons_in(kind: str, resident: int, payload: Mapping[str, Any]) -> tuple[int, ...]:
    """``resident`` and every resident that a payload of ``kind`` (its code) names."""
    fields = RESIDENT_FIELDS[kind]
    if not fields:
        return (resident,)
    named = (payload.get(field) for field in fields)
    return (resident, *(each for each in named if each is not None))
