"""What a decision reads: facts handed in by the caller. Nothing here is looked up, and no clock is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the rules may know about a person at the moment of the entry.

    The integers are contribution value (n): the total and its four classes. ``invited``: an inviter was bound before
    the order. ``grade`` is empty for a person without one.
    """

    grade: str = ""
    contribution: int = 0
    interaction: int = 0
    development: int = 0
    efficiency: int = 0
    special: int = 0
    levels: Collection[str] = ()
    invited: bool = False


class Person(NamedTuple):
    """A resident's key with the attributes at the moment of the entry."""

    id: int
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Facts:
    """One entry with everything the rules may ask about it.

    ``occurred_us``: microseconds since 2000-01-01 UTC. ``payload``: the entry's fields; absent and null are the same.
    ``people``: the other persons by role, ``inviter`` or the name of a resident field; an unknown person is left out.
    ``city``: where the resident lived then; only pilots ask it, so it is empty where no pilot speaks of the kind.
    """

    kind: str
    occurred_us: int
    payload: Mapping[str, Any]
    resident_id: int
    resident: Attributes = Attributes()
    people: Mapping[str, Person] = field(default_factory=dict)
    city: str = ""


class MomentParts(NamedTuple):
    """Parts of a moment in the book's time zone; Monday is weekday 1."""

    weekday: int
    hour: int
    day: int
    month: int
    year: int


_FIRST_MOMENT = MomentParts(weekday=6, hour=0, day=1, month=1, year=2000)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a single expression reads."""

    payload: Mapping[str, Any] = field(default_factory=dict)
    resident: Attributes = Attributes()
    beneficiary: Attributes = Attributes()
    moment: MomentParts = _FIRST_MOMENT
    tables: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Absent(Exception):
    """A field the entry lacks (``name``), or a key (``key``) the table ``name`` lacks."""

    def __init__(self, name: str, key: str | None = None) -> None:
        super().__init__(name, key)
        self.name = name
        self.key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Absent) and (self.name, self.key) == (other.name, other.key)

    def __hash__(self) -> int:
        return hash((self.name, self.key))
