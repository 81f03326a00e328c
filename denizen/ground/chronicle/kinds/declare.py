"""How a kind is declared: a frozen dataclass whose annotations are the shape of its payload.

    @kind(7, "Commented", "评论", rows=("B-09",))
    class Commented:
        comment: Annotated[str, Word("The comment", "评论")]

The class can be used in-process (``Commented(comment="c-1")``), and ``describe`` derives from the same lines the
``Shape`` by which payloads from outside are checked and rules are proven. Numbers are stored: like a protobuf tag, a
number is never given to another kind, and a kind that is no longer recorded keeps its number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from types import NoneType
from typing import Annotated, Any, TypeVar, dataclass_transform, get_args, get_origin, get_type_hints

from denizen.kit.schema import Field, FieldType, Shape

MONEY_MAX = 100_000_000_000
"""The largest amount of money in minor units: far above a car, far below what arithmetic over it could overflow."""

PYTHON_TYPES: dict[str, type] = {
    "int": int, "bool": bool, "token": str, "resident": int, "moment": datetime, "day": date,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """What an annotation says beyond the Python type."""

    type: FieldType
    en: str
    zh: str
    minimum: int = 0
    maximum: int = 1_000_000_000
    choices: tuple[str, ...] = ()
    unit: str = ""


def Number(en: str, zh: str, maximum: int, *, minimum: int = 0, unit: str = "") -> Mark:  # noqa: N802 - reads as a type
    """An integer with its bounds, both included."""
    return Mark("int", en, zh, minimum, maximum, unit=unit)


def Money(en: str, zh: str) -> Mark:  # noqa: N802
    """An amount of money in minor units; its currency stands beside it."""
    return Mark("int", en, zh, 0, MONEY_MAX, unit="minor units")


def Word(en: str, zh: str, *choices: str) -> Mark:  # noqa: N802
    """A token: the key of something, or one of ``choices``. Never free text."""
    return Mark("token", en, zh, choices=choices)


def Person(en: str, zh: str) -> Mark:  # noqa: N802
    """Another resident. From outside it arrives as the source's reference; the entry keeps the resident's key."""
    return Mark("resident", en, zh)


def Flag(en: str, zh: str) -> Mark:  # noqa: N802
    return Mark("bool", en, zh)


def Moment(en: str, zh: str) -> Mark:  # noqa: N802
    return Mark("moment", en, zh)


def Day(en: str, zh: str) -> Mark:  # noqa: N802
    return Mark("day", en, zh)


Device = Annotated[str | None, Word("Salted hash of the device", "设备的加盐哈希")]
"""That two accounts use one device can be noticed, and which device it is never read. Optional everywhere."""

Payment = Annotated[str | None, Word("Salted hash of the means of payment", "支付账户的加盐哈希")]
"""The same for a means of payment."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One word of the vocabulary.

    ``fact``: grades, plans and invitations are folded from it. ``rows``: the rows of the specification it serves.
    ``payload``: the dataclass. ``reverses``: the code of the kind whose effects this one undoes; its payload then
    names in ``original`` the external id of the undone entry of the same source.
    """

    number: int
    code: str
    version: int
    area: str
    shape: Shape
    title_en: str
    title_zh: str
    rows: tuple[str, ...]
    payload: type[Any]
    reverses: str | None = None
    fact: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reversal:
    """What every kind has that undoes another."""

    original: Annotated[
        str, Word("External id of the entry that is undone, of the same source", "被撤销记录的外部编号（同一来源）")
    ]


P = TypeVar("P")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def kind(
    number: int,
    title_en: str,
    title_zh: str,
    *,
    rows: tuple[str, ...],
    version: int = 1,
    reverses: type | None = None,
    fact: bool = False,
) -> Callable[[type[P]], type[P]]:
    """Make a payload class of the vocabulary. Its ``kind`` attribute is the ``Kind``."""

    def declare(declared: type[P]) -> type[P]:
        payload = dataclass(frozen=True, kw_only=True)(declared)
        code = code_of(payload.__name__)
        undone = reverses.kind.code if reverses else None  # type: ignore[attr-defined]
        if (undone is None) == issubclass(payload, Reversal):
            raise TypeError(f"{code}: a kind that reverses another derives from Reversal, and only such a kind")
        described = Kind(
            number=number,
            code=code,
            version=version,
            area=payload.__module__.rpartition(".")[2],
            shape=Shape(code, version, shape_fields(payload), undone),
            title_en=title_en,
            title_zh=title_zh,
            rows=rows,
            payload=payload,
            reverses=undone,
            fact=fact,
        )
        payload.kind = described  # type: ignore[attr-defined]
        return payload

    return declare


def code_of(class_name: str) -> str:
    """``CheckedIn`` -> ``checked_in``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()


def shape_fields(payload: type[Any]) -> tuple[Field, ...]:
    """The fields of a payload class in their order."""
    hints = get_type_hints(payload, include_extras=True)
    return tuple(_field(each.name, hints[each.name], each.default is MISSING) for each in fields(payload))


def _field(name: str, hint: Any, required: bool) -> Field:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"{name}: a field of a kind is annotated with what it holds")
    python_type, mark = get_args(hint)
    alternatives = set(get_args(python_type)) or {python_type}
    if alternatives != {PYTHON_TYPES[mark.type]} | (set() if required else {NoneType}):
        raise TypeError(f"{name}: {mark.type} does not fit {python_type}; a field that may be absent is None")
    return Field(name, mark.type, required, mark.minimum, mark.maximum, mark.choices, mark.unit, mark.en, mark.zh)


def kind_of(payload: object) -> Kind:
    """The kind of a payload object."""
    found = getattr(payload, "kind", None)
    if not isinstance(found, Kind):
        raise TypeError(f"{type(payload).__name__} is no kind of the vocabulary")
    return found
