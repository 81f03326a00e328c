"""The expressions of the rule language: a small typed tree of frozen nodes.

A node knows where it was written (``at``); the position never takes part in equality. Only the nodes of this file
exist: there is no attribute access beyond the fixed names below and no call beyond the fixed functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

TEXT_LENGTH_MAX = 2_000
STRING_LENGTH_MAX = 120
NODES_MAX = 200
DEPTH_MAX = 16

Who = Literal["resident", "beneficiary"]

ROUNDINGS = ("floor", "ceil", "round_half_up", "round_half_even")
"""How a ratio becomes an integer: down, up, to the nearest with halves up (towards plus infinity) or to even."""

FUNCTIONS = ("min", "max", "ratio", *ROUNDINGS)
MOMENT_PARTS: dict[str, tuple[int, int]] = {
    "weekday": (1, 7),
    "hour": (0, 23),
    "day": (1, 31),
    "month": (1, 12),
    "year": (1, 9999),
}
"""Parts of the moment an entry occurred, in the book's time zone, with their bounds. Monday is weekday 1."""

ATTRIBUTES: dict[str, str] = {
    "grade": "string",
    "contribution": "int",
    "interaction": "int",
    "development": "int",
    "efficiency": "int",
    "special": "int",
    "levels": "strings",
    "invited": "bool",
}
"""What a rule may know about a person at the moment of the entry, with its type."""

ATTRIBUTE_INT_MAX = 10**12


class Position(NamedTuple):
    """Where something stands in a text; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Int:
    value: int
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Str:
    value: str
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Bool:
    value: bool
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of constants, only ever the right side of ``in``."""

    items: tuple[Int | Str | Bool, ...]
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """``entry.<name>``: a field of the entry's payload."""

    name: str
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Has:
    """``has(entry.<name>)``: whether the entry carries the field."""

    name: str
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    """``resident.<name>`` or ``beneficiary.<name>``; names and types are those of ``ATTRIBUTES``."""

    who: Who
    name: str
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """``moment.<part>``; parts are those of ``MOMENT_PARTS``."""

    part: str
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """``tables.<name>`` as the right side of ``in``: whether the table has a key."""

    name: str
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Lookup:
    """``tables.<table>[<key>]``: an integer; a key the table lacks makes the expression missing."""

    table: str
    key: Expr
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    operator: Literal["!", "-"]
    operand: Expr
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``at`` is the operator's position: with a long left side that is where the eye must go."""

    operator: str
    left: Expr
    right: Expr
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """``condition ? then : otherwise``; only the chosen side is evaluated."""

    condition: Expr
    then: Expr
    otherwise: Expr
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Expr, ...]
    at: Position | None = field(default=None, compare=False)


Expr = Int | Str | Bool | Listing | Entry | Has | Attribute | Moment | Table | Lookup | Unary | Binary | Choice | Call


def children(expression: Expr) -> tuple[Expr, ...]:
    """The direct parts of a node, in the order they are evaluated."""
    match expression:
        case Lookup(key=key):
            return (key,)
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Call(arguments=arguments):
            return arguments
        case Listing(items=items):
            return items
        case _:
            return ()


def walk(expression: Expr) -> Iterator[Expr]:
    """Every node of the tree, parents first, without recursion (hostile trees may be deep)."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def depth(expression: Expr) -> int:
    """Levels of the tree; a single literal has depth 1."""
    deepest, waiting = 0, [(expression, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in children(node))
    return deepest
