"""An amount as a form: a number, so much per unit, a table's value, or a decision table with its hit policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from ..expressions import ROUNDINGS, Binary, Call, Choice, Expr, Int, Lookup
from .conditions import Condition, Written, chain, condition_of, condition_tree, joined_tree
from .subjects import Subject, subject_of, subject_tree

Policy = Literal["first", "collect", "max"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
Rounds = Literal["units", "amount"]
ROUNDS: tuple[Rounds, ...] = get_args(Rounds)


@dataclass(frozen=True, slots=True)
class Fixed:
    amount: int


@dataclass(frozen=True, slots=True)
class PerUnit:
    """``points`` for every ``per`` of a subject, at most ``most`` for one entry.

    ``rounds`` says what ``rounding`` rounds: the number of units (5 for every full 100) or the amount (5 per 100, in
    proportion). Where it makes no difference (one point, or per one) the form says ``floor`` of ``units``.
    """

    subject: Subject
    points: int
    per: int = 1
    rounding: str = "floor"
    rounds: Rounds = "units"
    most: int | None = None


@dataclass(frozen=True, slots=True)
class TableAmount:
    """The value a table has for a word of the entry or a person; a word it lacks pays nothing."""

    table: str
    key: Subject


@dataclass(frozen=True, slots=True)
class Row:
    condition: Condition
    amount: int


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Rows of conditions with amounts. ``first``: the first row that holds pays, or ``otherwise``; ``collect``: all
    rows that hold pay together; ``max``: the row that pays most. The latter two pay 0 when none holds."""

    policy: Policy
    rows: tuple[Row, ...]
    otherwise: int = 0


Amount = Fixed | PerUnit | TableAmount | DecisionTable | Written


def amount_of(tree: Expr) -> Amount:
    """The form of an amount. Never fails: what no form can hold is ``Written``."""
    found = _plain_amount_of(tree) or _per_unit_of(tree) or _table_of(tree)
    # Read by writing: only a form that writes the very same tree again may stand for it, so no reading changes a rule.
    return found if found is not None and amount_tree(found) == tree else Written(tree)


def amount_tree(amount: Amount) -> Expr:
    """The tree of a form. One row under ``collect`` or ``max`` keeps its policy by a zero beside it."""
    match amount:
        case Fixed(amount=value):
            return Int(value)
        case TableAmount(table=table, key=key):
            return Lookup(table, subject_tree(key))
        case PerUnit():
            return _per_unit_tree(amount)
        case Written(tree=tree):
            return tree
        case DecisionTable(policy="first"):
            return _first_tree(amount)
        case DecisionTable(policy=policy, rows=rows):
            parts: list[Expr] = [Choice(condition_tree(row.condition), Int(row.amount), Int(0)) for row in rows]
            parts += [Int(0)] * (len(parts) == 1)
            return joined_tree("+", parts) if policy == "collect" else Call("max", tuple(parts))


def _first_tree(table: DecisionTable) -> Expr:
    tree: Expr = Int(table.otherwise)
    for row in reversed(table.rows):
        tree = Choice(condition_tree(row.condition), Int(row.amount), tree)
    return tree


def _plain_amount_of(tree: Expr) -> Fixed | TableAmount | None:
    match tree:
        case Int(value=value):
            return Fixed(value)
        case Lookup(table=table, key=key):
            subject = subject_of(key)
            return TableAmount(table, subject) if subject else None
        case _:
            return None


def _per_unit_tree(amount: PerUnit) -> Expr:
    subject, per, points = subject_tree(amount.subject), Int(amount.per), Int(amount.points)
    if amount.rounds == "amount" and amount.per != 1 and amount.points != 1:
        tree: Expr = Call(amount.rounding, (Call("ratio", (Binary("*", points, subject), per)),))
    else:
        units = subject if amount.per == 1 else Call(amount.rounding, (Call("ratio", (subject, per)),))
        tree = units if amount.points == 1 else Binary("*", points, units)
    return tree if amount.most is None else Call("min", (tree, Int(amount.most)))


def _per_unit_of(tree: Expr) -> PerUnit | None:
    match tree:
        case Call(function="min", arguments=(inner, Int(value=most))):
            return _rounded_amount_of(inner, most) or _counted_units_of(inner, most)
        case _:
            return _rounded_amount_of(tree, None) or _counted_units_of(tree, None)


def _rounded_amount_of(tree: Expr, most: int | None) -> PerUnit | None:
    match tree:
        case Call(
            function=rounding,
            arguments=(
                Call(function="ratio", arguments=(Binary(operator="*", left=Int(value=points), right=right), Int(per))),
            ),
        ) if rounding in ROUNDINGS:
            subject = subject_of(right)
            return PerUnit(subject, points, per, rounding, "amount", most) if subject else None
        case _:
            return None


def _counted_units_of(tree: Expr, most: int | None) -> PerUnit | None:
    points, units = 1, tree
    match tree:
        case Binary(operator="*", left=Int(value=found), right=right):
            points, units = found, right
    per, rounding = 1, "floor"
    match units:
        case Call(function=rounds, arguments=(Call(function="ratio", arguments=(inner, Int(value=size))),)) if (
            rounds in ROUNDINGS
        ):
            per, rounding, units = size, rounds, inner
    subject = subject_of(units)
    return PerUnit(subject, points, per, rounding, "units", most) if subject else None


def _table_of(tree: Expr) -> DecisionTable | None:
    match tree:
        case Choice():
            return _first_of(tree)
        case Call(function="max", arguments=parts):
            return _summed_of("max", list(parts))
        case Binary(operator="+"):
            return _summed_of("collect", chain(tree, "+"))
        case _:
            return None


def _first_of(tree: Expr) -> DecisionTable | None:
    rows: list[Row] = []
    while isinstance(tree, Choice):
        if not isinstance(tree.then, Int):
            return None
        rows.append(Row(condition_of(tree.condition), tree.then.value))
        tree = tree.otherwise
    return DecisionTable("first", tuple(rows), tree.value) if isinstance(tree, Int) else None


def _summed_of(policy: Policy, parts: list[Expr]) -> DecisionTable | None:
    if len(parts) == 2 and parts[1] == Int(0):
        parts = parts[:1]
    rows: list[Row] = []
    for part in parts:
        match part:
            case Choice(condition=condition, then=Int(value=value), otherwise=Int(value=0)):
                rows.append(Row(condition_of(condition), value))
            case _:
                return None
    return DecisionTable(policy, tuple(rows))
