"""What an expression certainly reads, between which numbers it lies, and the plain orders and lists in a condition."""

from __future__ import annotations

from collections.abc import Mapping

from denizen.kit.schema import Shape

from .bounds import Bounds
from .checker import NUMBERS, Scope, check
from .expressions import Binary, Bool, Call, Choice, Entry, Expr, Has, Int, Listing, Lookup, Str, Table, children, walk

Tables = Mapping[str, Mapping[str, int]]
Read = Entry | Lookup
Known = frozenset[Read]
"""Fields and table values that are certainly there: the old book has read them before it came to the question."""

FLIPPED = {"<": ">", "<=": ">="}

NOTHING: Known = frozenset()


def reads(tree: Expr, *, true: bool = False) -> Known:
    """What an expression certainly reads when it has a value; ``true``: when that value is true."""
    match tree:
        case Binary(operator="&&", left=left, right=right) if true:
            return reads(left, true=True) | reads(right, true=True)
        case Binary(operator="&&" | "||", left=left):
            return reads(left)
        case Binary(operator="in", left=left, right=Table(name=name)) if true:
            return reads(left) | {Lookup(name, left)}
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return reads(condition) | (reads(then) & reads(otherwise))
        case Has(name=name) if true:
            return frozenset({Entry(name)})
        case Entry():
            return frozenset({tree})
    below = frozenset().union(*(reads(child) for child in children(tree)))
    return below | {tree} if isinstance(tree, Lookup) else below


def bounds_of(tree: Expr, tables: Tables, shape: Shape | None) -> Bounds | None:
    """Between which numbers the value lies; None when it is no number or nothing is known."""
    verdict = check(tree, Scope(shape, tables), "int")
    if verdict.type not in NUMBERS or any(each.code != "ratio_not_rounded" for each in verdict.problems):
        return None
    return verdict.bounds


def table_of(node: Expr) -> str | None:
    match node:
        case Table(name=name) | Lookup(table=name):
            return name
    return None


def constants(node: Expr, tables: Tables) -> frozenset[tuple[type, object]] | None:
    match node:
        case Listing(items=items):
            return frozenset(map(constant, items))
        case Table(name=name):
            return frozenset((str, key) for key in tables.get(name, {}))
    return None


def constant(item: Int | Str | Bool) -> tuple[type, object]:
    return type(item.value), item.value


def as_list(old: Binary) -> Expr:
    return Listing((old.right,)) if old.operator == "==" and isinstance(old.right, Int | Str | Bool) else old.right


def rising(node: Binary) -> Binary:
    """The same order written with ``>=`` where whole numbers allow it, else with ``>``."""
    left, right = (node.right, node.left) if node.operator in FLIPPED else (node.left, node.right)
    operator = FLIPPED.get(node.operator, node.operator)
    if operator == ">" and isinstance(right, Int) and is_whole(left):
        return Binary(">=", left, Int(right.value + 1))
    if operator == ">" and isinstance(left, Int) and is_whole(right):
        return Binary(">=", Int(left.value - 1), right)
    return Binary(operator, left, right)


def is_whole(tree: Expr) -> bool:
    return not any(isinstance(node, Call) and node.function == "ratio" for node in walk(tree))


def orders_of(node: Expr) -> list[Binary]:
    match node:
        case Binary(operator="==", left=left, right=right):
            return [Binary(">=", left, right), Binary(">=", right, left)]
        case Binary(operator="<" | "<=" | ">" | ">="):
            return [rising(node)]
    return []
