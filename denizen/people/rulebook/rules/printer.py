"""From tree to canonical text: one way to write each expression, with no bracket too many."""

from __future__ import annotations

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

_BINDING = {"||": 1, "&&": 2, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5}
_RELATION, _UNARY, _ATOM = 3, 6, 7


def to_text(expression: Expr) -> str:
    """The canonical text; ``parse(to_text(e)) == e`` for every expression the language allows."""
    match expression:
        case Int(value=value):
            return str(value)
        case Bool(value=value):
            return "true" if value else "false"
        case Str(value=value):
            return f"'{value}'" if '"' in value else f'"{value}"'
        case Listing(items=items):
            return f"[{', '.join(map(to_text, items))}]"
        case Entry(name=name):
            return f"entry.{name}"
        case Has(name=name):
            return f"has(entry.{name})"
        case Attribute(who=who, name=name):
            return f"{who}.{name}"
        case Moment(part=part):
            return f"moment.{part}"
        case Table(name=name):
            return f"tables.{name}"
        case Lookup(table=table, key=key):
            return f"tables.{table}[{to_text(key)}]"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(to_text, arguments))})"
        case _:
            return _operation_text(expression)


def _operation_text(expression: Unary | Binary | Choice) -> str:
    match expression:
        case Unary(operator=operator, operand=operand):
            # "-5" is a literal, so the negation of a literal needs its brackets to stay a negation.
            bare = not isinstance(operand, Int) or operator == "!"
            return operator + (_within(operand, _UNARY) if bare else f"({to_text(operand)})")
        case Binary(operator=operator, left=left, right=right):
            binding = _binding(expression)
            return f"{_within(left, binding)} {operator} {_within(right, binding + 1)}"
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return f"{_within(condition, 1)} ? {_within(then, 1)} : {to_text(otherwise)}"


def _within(expression: Expr, binding: int) -> str:
    text = to_text(expression)
    return text if _binding(expression) >= binding else f"({text})"


def _binding(expression: Expr) -> int:
    match expression:
        case Choice():
            return 0
        case Binary(operator=operator):
            return _BINDING.get(operator, _RELATION)
        case Unary():
            return _UNARY
        case _:
            return _ATOM
