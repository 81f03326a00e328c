"""What a rule decides by: everything that can change its yes, its no or its amount, and none of its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .expressions import Expr, Lookup, Table, walk
from .model import Book, limits_of

DECIDING = (
    "kind", "when", "beneficiary", "names", "asset", "contribution_class", "amount", "caps", "shared_caps", "lot_days",
    "lot_priority", "hold_days", "reversal_kind", "valid_from", "valid_to",
)  # fmt: skip


def decides_differently(code: str, before: Book, after: Book) -> bool:
    """Whether rule ``code`` could decide anything differently under ``after``; also when it is gone, or new."""
    return _footprint(code, before) != _footprint(code, after)


def _footprint(code: str, book: Book) -> tuple[Any, ...] | None:
    rule = book.rule(code)
    if rule is None:
        return None
    limits = limits_of(rule, book)
    tables = {name for limit in limits for name in _tables(limit.when)}
    tables |= {*_tables(rule.when), *_tables(rule.amount)}
    budget = next((each for each in book.budgets if each.code == rule.budget), None)
    return (
        *(getattr(rule, name) for name in DECIDING),
        frozenset(rule.pilot.cities) if rule.pilot else None,
        limits,
        {name: dict(book.tables.get(name, {})) for name in tables},
        (rule.budget, budget.limited, budget.amount) if budget else None,
        book.time_zone,
    )


def _tables(expression: Expr) -> Iterator[str]:
    for node in walk(expression):
        if isinstance(node, Table):
            yield node.name
        elif isinstance(node, Lookup):
            yield node.table
