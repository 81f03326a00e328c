"""The vocabulary of the chronicle: every kind of behaviour, typed, numbered and in both languages.

One file per area. In-process use: ``kinds.community.CheckedIn()``. From outside: ``KINDS["checked_in"]``.
``docs/kinds.md`` is generated from here (``python -m denizen.ground.chronicle.kinds.page > docs/kinds.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, ModuleType

from denizen.kit.schema import Shape

from . import activities, car_use, care, cocreation, community, desk, purchase, trade
from .declare import Kind, Reversal, kind_of

__all__ = ["AREAS", "BY_NUMBER", "FACTS", "KINDS", "REVERSALS", "SHAPES", "Kind", "Reversal", "kind_of", "kinds_of"]

AREAS: tuple[ModuleType, ...] = (community, car_use, care, purchase, cocreation, activities, trade, desk)


def kinds_of(area: ModuleType) -> list[Kind]:
    """The kinds an area declares, in the order of their numbers."""
    declared = [each.kind for each in vars(area).values() if isinstance(getattr(each, "kind", None), Kind)]
    return sorted(declared, key=lambda kind: kind.number)


def _gathered() -> dict[str, Kind]:
    gathered: dict[str, Kind] = {}
    for kind in (kind for area in AREAS for kind in kinds_of(area)):
        if kind.code in gathered or any(other.number == kind.number for other in gathered.values()):
            raise TypeError(f"{kind.code} ({kind.number}): the code or the number is already taken")
        gathered[kind.code] = kind
    return gathered


KINDS: Mapping[str, Kind] = MappingProxyType(_gathered())
BY_NUMBER: Mapping[int, Kind] = MappingProxyType({kind.number: kind for kind in KINDS.values()})
SHAPES: Mapping[str, Shape] = MappingProxyType({code: kind.shape for code, kind in KINDS.items()})
FACTS = frozenset(code for code, kind in KINDS.items() if kind.fact)
"""Codes of the kinds identity folds into grades, plans and invitations."""

REVERSALS: Mapping[str, str] = MappingProxyType(
    {kind.reverses: code for code, kind in KINDS.items() if kind.reverses is not None}
)
"""The kind that undoes each kind."""
