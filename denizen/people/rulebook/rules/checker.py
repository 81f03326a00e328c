"""Static checks of an expression: names, types, and the proof that no number can leave int64."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from denizen.kit.schema import INT64_MAX, Shape

from .bounds import INT64, Bounds, combined, divided, negated, remainder, rounded, union
from .expressions import (
    ATTRIBUTE_INT_MAX,
    ATTRIBUTES,
    MOMENT_PARTS,
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
    Position,
    Str,
    Table,
    Unary,
)
from .parser import check_size
from .problems import Problem, UnableToReadExpression
from .tokens import string_fault

NUMBERS = ("int", "ratio")


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use. ``shape`` is the entry's kind; without it ``entry.*`` is not allowed."""

    shape: Shape | None = None
    tables: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    people: tuple[str, ...] = ("resident", "beneficiary")
    moment: bool = True


class Meaning(NamedTuple):
    """Type of a node (``int bool string strings ratio list table unknown``); for numbers bounds and denominator."""

    type: str
    bounds: Bounds = INT64
    denominator: int = 1


UNKNOWN = Meaning("unknown")
"""Stands for a node already found faulty, so that one fault is told once."""


class Verdict(NamedTuple):
    """Outcome of a check; ``bounds`` only means something for a sound ``int``."""

    problems: tuple[Problem, ...]
    type: str
    bounds: Bounds


def check(expression: Expr, scope: Scope, wanted: str) -> Verdict:
    """All problems of an expression that must yield ``wanted`` (``int``, ``bool`` or ``string``)."""
    try:
        check_size(expression)
    except UnableToReadExpression as refusal:
        return Verdict(refusal.problems, "unknown", INT64)
    checker = _Checker(scope)
    meaning = checker.meaning(expression)
    if meaning.type == "ratio" and wanted == "int":
        checker.refuse("ratio_not_rounded", expression)
    elif meaning.type not in (wanted, "unknown"):
        checker.refuse("result_wrong", expression, wanted=wanted, found=meaning.type)
    return Verdict(tuple(checker.problems), meaning.type, meaning.bounds)


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems: list[Problem] = []

    def refuse(self, code: str, node: Expr, **values: str | int) -> Meaning:
        self.problems.append(Problem(code, node.at or Position(1, 1), values))
        return UNKNOWN

    def meaning(self, node: Expr) -> Meaning:
        """Type and bounds of a node; every number of the tree passes the overflow check here."""
        found = self.meaning_of_leaf(node) or self.meaning_of_operation(node)
        if found.type not in NUMBERS:
            return found
        if not found.bounds.fits:
            low, high = (str(round(end)) for end in found.bounds)
            return self.refuse("overflow", node, low=low, high=high)
        if found.denominator > INT64_MAX:
            return self.refuse("ratio_too_fine", node)
        return found

    def meaning_of_leaf(self, node: Expr) -> Meaning | None:
        match node:
            case Int(value=value):
                return Meaning("int", Bounds(value, value))
            case Bool():
                return Meaning("bool")
            case Str(value=value):
                fault = string_fault(value)
                return self.refuse(fault, node, limit=len(value)) if fault else Meaning("string")
            case Entry(name=name):
                return self.entry_field(node, name)
            case Has(name=name):
                return UNKNOWN if self.entry_field(node, name) is UNKNOWN else Meaning("bool")
            case Attribute(who=who, name=name):
                return self.attribute(node, who, name)
            case Moment(part=part):
                return self.moment(node, part)
            case Listing():
                return self.refuse("list_misplaced", node)
            case Table():
                return self.refuse("table_misplaced", node)
            case _:
                return None

    def meaning_of_operation(self, node: Expr) -> Meaning:
        match node:
            case Lookup():
                return self.lookup(node)
            case Unary():
                return self.unary(node)
            case Binary(operator="in"):
                return self.membership(node)
            case Binary():
                return self.binary(node)
            case Choice():
                return self.choice(node)
            case Call():
                return self.call(node)
            case _:
                raise AssertionError(f"no such node: {node!r}")

    def entry_field(self, node: Expr, name: str) -> Meaning:
        shape = self.scope.shape
        if shape is None:
            return self.refuse("place_not_allowed", node, name="entry")
        declared = shape.field(name)
        if declared is None:
            known = ", ".join(each.name for each in shape.fields)
            return self.refuse("field_unknown", node, name=name, kind=shape.kind, known=known)
        if declared.type == "int":
            return Meaning("int", Bounds(declared.minimum, declared.maximum))
        return Meaning("bool" if declared.type == "bool" else "string")

    def attribute(self, node: Expr, who: str, name: str) -> Meaning:
        if who not in self.scope.people:
            return self.refuse("place_not_allowed", node, name=who)
        if name not in ATTRIBUTES:
            return self.refuse("attribute_unknown", node, name=name, known=", ".join(ATTRIBUTES))
        return Meaning(ATTRIBUTES[name], Bounds(0, ATTRIBUTE_INT_MAX))

    def moment(self, node: Expr, part: str) -> Meaning:
        if not self.scope.moment:
            return self.refuse("place_not_allowed", node, name="moment")
        if part not in MOMENT_PARTS:
            return self.refuse("moment_unknown", node, name=part, known=", ".join(MOMENT_PARTS))
        return Meaning("int", Bounds(*MOMENT_PARTS[part]))

    def table(self, node: Expr, name: str) -> Mapping[str, int] | None:
        table = self.scope.tables.get(name)
        if not table:
            self.refuse("table_unknown", node, name=name, known=", ".join(self.scope.tables))
        return table

    def lookup(self, node: Lookup) -> Meaning:
        table = self.table(node, node.table)
        key = self.meaning(node.key)
        if key.type not in ("string", "unknown"):
            return self.refuse("type_wrong", node.key, wanted="string", found=key.type)
        if not table:
            return UNKNOWN
        if isinstance(node.key, Str) and node.key.value not in table:
            return self.refuse("table_key_unknown", node.key, key=node.key.value, name=node.table)
        return Meaning("int", Bounds(min(table.values()), max(table.values())))

    def typed(self, node: Expr, *wanted: str) -> Meaning:
        found = self.meaning(node)
        if found.type in (*wanted, "unknown"):
            return found
        return self.refuse("type_wrong", node, wanted=" / ".join(wanted), found=found.type)

    def unary(self, node: Unary) -> Meaning:
        if node.operator == "!":
            self.typed(node.operand, "bool")
            return Meaning("bool")
        operand = self.typed(node.operand, *NUMBERS)
        return operand._replace(bounds=negated(operand.bounds)) if operand.type in NUMBERS else UNKNOWN

    def binary(self, node: Binary) -> Meaning:
        if node.operator in ("&&", "||"):
            self.typed(node.left, "bool")
            self.typed(node.right, "bool")
            return Meaning("bool")
        if node.operator in ("/", "%"):
            return self.division(node, node.left, node.right)
        if node.operator in ("==", "!="):
            return self.equality(node)
        left, right = self.typed(node.left, *NUMBERS), self.typed(node.right, *NUMBERS)
        if node.operator in ("<", "<=", ">", ">="):
            return Meaning("bool")
        if UNKNOWN in (left, right):
            return UNKNOWN
        product = left.denominator * right.denominator
        return Meaning(_wider(left, right), combined(node.operator, left.bounds, right.bounds), product)

    def division(self, node: Expr, dividend: Expr, divisor: Expr) -> Meaning:
        left = self.typed(dividend, "int")
        if not isinstance(divisor, Int):
            return self.refuse("divisor_not_literal", divisor)
        if divisor.value == 0:
            return self.refuse("divisor_zero", divisor)
        if left is UNKNOWN:
            return UNKNOWN
        if isinstance(node, Binary):
            bounds = (divided if node.operator == "/" else remainder)(left.bounds, divisor.value)
            return Meaning("int", bounds)
        ends = sorted(Fraction(int(end), divisor.value) for end in left.bounds)
        return Meaning("ratio", Bounds(*ends), abs(divisor.value))

    def equality(self, node: Binary) -> Meaning:
        left = self.typed(node.left, *NUMBERS, "bool", "string")
        right = self.typed(node.right, *NUMBERS, "bool", "string")
        alike = left.type == right.type or (left.type in NUMBERS and right.type in NUMBERS)
        if not alike and UNKNOWN not in (left, right):
            return self.refuse("types_differ", node, operator=node.operator, left=left.type, right=right.type)
        self.check_choices(node.left, [node.right])
        self.check_choices(node.right, [node.left])
        return Meaning("bool")

    def check_choices(self, node: Expr, others: Sequence[Expr]) -> None:
        """A field with declared choices is never equal to another word: a misspelt condition would never hold."""
        declared = self.scope.shape.field(node.name) if isinstance(node, Entry) and self.scope.shape else None
        for other in others:
            if declared and declared.choices and isinstance(other, Str) and other.value not in declared.choices:
                allowed = ", ".join(declared.choices)
                self.refuse("choice_unknown", other, value=other.value, name=declared.name, allowed=allowed)

    def membership(self, node: Binary) -> Meaning:
        left = self.typed(node.left, "int", "bool", "string")
        match node.right:
            case Listing(items=items):
                kinds = {self.meaning(item).type for item in items}
                if len(kinds) > 1:
                    return self.refuse("list_mixed", node.right)
                self.check_choices(node.left, items)
                wanted = kinds.pop()
            case Table(name=name):
                self.table(node.right, name)
                wanted = "string"
            case Attribute():
                right = self.typed(node.right, "strings")
                wanted = "string" if right is not UNKNOWN else "unknown"
            case _:
                return self.refuse("in_needs_list", node.right)
        if left.type != wanted and "unknown" not in (left.type, wanted):
            return self.refuse("types_differ", node, operator="in", left=left.type, right=wanted)
        return Meaning("bool")

    def choice(self, node: Choice) -> Meaning:
        self.typed(node.condition, "bool")
        sides = [self.typed(side, *NUMBERS, "bool", "string") for side in (node.then, node.otherwise)]
        return self.joined(node, "?:", sides)

    def joined(self, node: Expr, operator: str, sides: Sequence[Meaning]) -> Meaning:
        """Meaning of one of several values: the same type, the bounds around all."""
        result = sides[0]
        for side in sides[1:]:
            if UNKNOWN in (result, side):
                return UNKNOWN
            if result.type in NUMBERS and side.type in NUMBERS:
                product = result.denominator * side.denominator
                result = Meaning(_wider(result, side), union(result.bounds, side.bounds), product)
            elif result.type != side.type:
                return self.refuse("types_differ", node, operator=operator, left=result.type, right=side.type)
        return result

    def call(self, node: Call) -> Meaning:
        if node.function == "ratio":
            return self.division(node, *node.arguments)
        values = [self.typed(argument, *NUMBERS) for argument in node.arguments]
        if UNKNOWN in values:
            return UNKNOWN
        if node.function in ("min", "max"):
            pick = min if node.function == "min" else max
            bounds = Bounds(pick(value.bounds.low for value in values), pick(value.bounds.high for value in values))
            return self.joined(node, node.function, values)._replace(bounds=bounds)
        return Meaning("int", Bounds(*(rounded(node.function, end) for end in values[0].bounds)))


def _wider(left: Meaning, right: Meaning) -> str:
    return "ratio" if "ratio" in (left.type, right.type) else "int"
