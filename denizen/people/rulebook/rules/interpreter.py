"""The meaning of an expression, node by node: slow, plain, and the measure of the compiled form.

**Order and missing.** Operands are evaluated from left to right. ``a && b`` evaluates ``b`` only when ``a`` is true,
``a || b`` only when ``a`` is false, ``c ? x : y`` only the chosen side; everything else evaluates all its parts. A
field the entry lacks (absent or null) or a key a table lacks ends the whole expression at once with :class:`Absent`,
which names the first such thing reached; what short circuit never reaches cannot be missing. ``has(entry.f)`` and
``k in tables.t`` never end it by themselves. This is stricter than CEL, where ``missing && false`` is false.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

from .bounds import left_over, rounded, truncated
from .expressions import (
    Attribute,
    Binary,
    Bool,
    Call,
    Choice,
    Entry,
    Expr,
    Has,
    Int,
    Listing,
    Lookup,
    Moment,
    Str,
    Table,
    Unary,
)
from .inputs import Absent, Inputs

Value = int | bool | str | Fraction

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truncated,
    "%": left_over,
    "==": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


def interpret(expression: Expr, inputs: Inputs) -> Value | Absent:
    """Value of a checked expression, or the thing that was missing (returned, not raised)."""
    try:
        return _value(expression, inputs)
    except Absent as absent:
        return absent


def _value(node: Expr, inputs: Inputs) -> Any:
    match node:
        case Int(value=value) | Str(value=value) | Bool(value=value):
            return value
        case Entry(name=name):
            found = inputs.payload.get(name)
            if found is None:
                raise Absent(name)
            return found
        case Has(name=name):
            return inputs.payload.get(name) is not None
        case Attribute(who=who, name=name):
            return getattr(getattr(inputs, who), name)
        case Moment(part=part):
            return getattr(inputs.moment, part)
        case Lookup(table=table, key=key):
            return _looked_up(table, _value(key, inputs), inputs)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return _value(then if _value(condition, inputs) else otherwise, inputs)
        case Unary(operator=operator, operand=operand):
            value = _value(operand, inputs)
            return not value if operator == "!" else -value
        case Call(function=function, arguments=arguments):
            return _called(function, [_value(argument, inputs) for argument in arguments])
        case Binary():
            return _combined(node, inputs)
        case _:
            raise AssertionError(f"{node!r} has no value")


def _looked_up(table: str, key: str, inputs: Inputs) -> int:
    if key not in inputs.tables[table]:
        raise Absent(table, key)
    return inputs.tables[table][key]


def _combined(node: Binary, inputs: Inputs) -> Any:
    left = _value(node.left, inputs)
    if node.operator == "&&":
        return left and _value(node.right, inputs)
    if node.operator == "||":
        return left or _value(node.right, inputs)
    if node.operator == "in":
        return left in _collection(node.right, inputs)
    return _OPERATORS[node.operator](left, _value(node.right, inputs))


def _collection(node: Expr, inputs: Inputs) -> Any:
    match node:
        case Listing(items=items):
            return [item.value for item in items]
        case Table(name=name):
            return inputs.tables[name]
        case _:
            return _value(node, inputs)


def _called(function: str, values: list[Any]) -> Any:
    match function:
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "ratio":
            return Fraction(*values)
        case _:
            return rounded(function, values[0])
