"""A condition as a list of clauses joined by "all of" or "any of", and the tree it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, get_args

from ..expressions import Attribute, Binary, Bool, Entry, Expr, Has, Int, Listing, Str, Table, Unary
from .subjects import Subject, subject_of, subject_tree

Joined = Literal["all", "any"]
Comparison = Literal[
    "is", "is_not", "less", "at_most", "more", "at_least", "one_of", "none_of", "in_table", "not_in_table",
    "yes", "no", "stated", "not_stated", "holds", "holds_not",
]  # fmt: skip
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)

INT_COMPARISONS: tuple[Comparison, ...] = (
    "is", "is_not", "at_least", "more", "at_most", "less", "one_of", "none_of",
)  # fmt: skip
WORD_COMPARISONS: tuple[Comparison, ...] = ("is", "is_not", "one_of", "none_of", "in_table", "not_in_table")
BOOL_COMPARISONS: tuple[Comparison, ...] = ("yes", "no")
LEVEL_COMPARISONS: tuple[Comparison, ...] = ("holds", "holds_not")
LIST_COMPARISONS: tuple[Comparison, ...] = ("one_of", "none_of")
TABLE_COMPARISONS: tuple[Comparison, ...] = ("in_table", "not_in_table")
PLAIN_COMPARISONS: tuple[Comparison, ...] = ("yes", "no", "stated", "not_stated")
"""Comparisons that need no value."""

_BY_OPERATOR: dict[str, Comparison] = {
    "==": "is", "!=": "is_not", "<": "less", "<=": "at_most", ">": "more", ">=": "at_least",
}  # fmt: skip
_OPERATORS = {comparison: operator for operator, comparison in _BY_OPERATOR.items()}
_NEGATED: dict[Comparison, Comparison] = {
    "one_of": "none_of", "in_table": "not_in_table", "yes": "no", "stated": "not_stated", "holds": "holds_not",
}  # fmt: skip
_AFFIRMED: dict[Comparison, Comparison] = {negated: plain for plain, negated in _NEGATED.items()}


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison. ``values``: none for ``PLAIN_COMPARISONS``, the table's name for ``TABLE_COMPARISONS``, one or
    more ints or words for lists, else exactly one."""

    subject: Subject
    comparison: Comparison
    values: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A part no form can hold, kept as it was written by hand."""

    tree: Expr


@dataclass(frozen=True, slots=True)
class Condition:
    """``all`` of no clauses holds always. A single clause is joined by ``all``."""

    joined: Joined = "all"
    clauses: tuple[Clause | Written, ...] = ()


def condition_of(tree: Expr) -> Condition:
    """The form of a condition. Never fails: what is no clause is ``Written``."""
    if tree == Bool(True):
        return Condition()
    for joined, operator in (("all", "&&"), ("any", "||")):
        parts = chain(tree, operator)
        if len(parts) > 1:
            return Condition("any" if joined == "any" else "all", tuple(map(_clause_of, parts)))
    return Condition("all", (_clause_of(tree),))


def condition_tree(condition: Condition) -> Expr:
    """The tree of a form; clauses are joined from left to right."""
    trees = [each.tree if isinstance(each, Written) else clause_tree(each) for each in condition.clauses]
    return joined_tree("&&" if condition.joined == "all" else "||", trees) if trees else Bool(True)


def chain(tree: Expr, operator: str) -> list[Expr]:
    """The operands of a chain that leans to the left, as the parser builds it; a lone operand is the tree itself."""
    operands: list[Expr] = []
    while isinstance(tree, Binary) and tree.operator == operator:
        operands.append(tree.right)
        tree = tree.left
    return [tree, *reversed(operands)]


def joined_tree(operator: str, trees: Sequence[Expr]) -> Expr:
    return reduce(lambda left, right: Binary(operator, left, right), trees)


def clause_tree(clause: Clause) -> Expr:
    """The tree of one clause."""
    if clause.comparison in _AFFIRMED:
        return Unary("!", clause_tree(Clause(clause.subject, _AFFIRMED[clause.comparison], clause.values)))
    subject = subject_tree(clause.subject)
    match clause.comparison:
        case "yes":
            return subject
        case "stated":
            return Has(clause.subject.name)
        case "holds":
            return Binary("in", _literal(clause.values[0]), subject)
        case "one_of":
            return Binary("in", subject, Listing(tuple(map(_literal, clause.values))))
        case "in_table":
            return Binary("in", subject, Table(str(clause.values[0])))
        case comparison:
            return Binary(_OPERATORS[comparison], subject, _literal(clause.values[0]))


def _literal(value: int | str) -> Int | Str:
    return Int(value) if isinstance(value, int) else Str(value)


def _clause_of(tree: Expr) -> Clause | Written:
    if isinstance(tree, Unary) and tree.operator == "!":
        plain = _plain_clause_of(tree.operand)
        if plain is not None and plain.comparison in _NEGATED:
            return Clause(plain.subject, _NEGATED[plain.comparison], plain.values)
        return Written(tree)
    return _plain_clause_of(tree) or Written(tree)


def _plain_clause_of(tree: Expr) -> Clause | None:
    match tree:
        case Has(name=name):
            return Clause(Subject("entry", name), "stated")
        case Entry() | Attribute(name="invited"):
            subject = subject_of(tree)
            return Clause(subject, "yes") if subject else None
        case Binary(operator="in"):
            return _membership_of(tree.left, tree.right)
        case Binary(operator=operator, left=left, right=Int(value=value) | Str(value=value)):
            return _comparison_of(operator, left, value)
        case _:
            return None


def _comparison_of(operator: str, left: Expr, value: int | str) -> Clause | None:
    subject, comparison = subject_of(left), _BY_OPERATOR.get(operator)
    ordered_words = isinstance(value, str) and comparison not in ("is", "is_not")
    if subject is None or comparison is None or ordered_words or subject.name == "levels":
        return None
    return Clause(subject, comparison, (value,))


def _membership_of(left: Expr, right: Expr) -> Clause | None:
    subject = subject_of(left)
    match left, right:
        case Str(value=level), Attribute(name="levels"):
            holder = subject_of(right)
            return Clause(holder, "holds", (level,)) if holder else None
        case _, Table(name=name) if subject:
            return Clause(subject, "in_table", (name,))
        case _, Listing(items=items) if subject:
            values = tuple(item.value for item in items if not isinstance(item, Bool))
            return Clause(subject, "one_of", values) if len(values) == len(items) else None
        case _:
            return None
