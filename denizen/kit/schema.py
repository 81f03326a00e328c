"""The shape of a record's payload: typed, bounded fields, without Django.

Kinds of the chronicle are written with these; the rule language checks its expressions against them.
All numbers are integers with declared bounds, so that arithmetic over them can be proven not to overflow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["int", "bool", "token", "resident", "moment", "day"]
"""``token`` is a short machine word (an id, a code), never free text; ``resident`` is a reference to a person;
``moment`` is an instant (ISO 8601 with offset); ``day`` is a calendar day (ISO 8601)."""

INT64_MAX = 2**63 - 1
TOKEN_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a payload. ``unit`` is documentation (``points``, ``minor units``, ``seconds``)."""

    name: str
    type: FieldType
    required: bool = True
    minimum: int = 0
    maximum: int = 1_000_000_000
    choices: tuple[str, ...] = ()
    unit: str = ""
    title_en: str = ""
    title_zh: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one kind of record, in order. ``reverses`` names the kind whose effects this kind undoes."""

    kind: str
    version: int
    fields: tuple[Field, ...]
    reverses: str | None = None

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)
