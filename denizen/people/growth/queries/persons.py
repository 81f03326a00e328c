"""Whom an entry speaks of."""

from __future__ import annotations

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.kinds import SHAPES

RESIDENT_FIELDS = {
    code: tuple(field.name for field in shape.fields if field.type == "resident") for code, shape in SHAPES.items()
}


def persons_named(entry: Fresh) -> tuple[int, ...]:
    """The entry's resident and every resident its payload names."""
    fields = RESIDENT_FIELDS[entry.kind]
    if not fields:
        return (entry.resident,)
    named = (entry.payload.get(field) for field in fields)
    return (entry.resident, *(resident for resident in named if resident is not None))
