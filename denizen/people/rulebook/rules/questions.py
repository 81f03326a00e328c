"""What a book asks about people, so that the caller loads no more than that."""

from __future__ import annotations

from .expressions import Attribute, Expr, walk
from .model import Book

CONTRIBUTION_ATTRIBUTES = frozenset({"contribution", "interaction", "development", "efficiency", "special"})


def asks_contribution(book: Book) -> bool:
    """Whether any condition, amount or cap of the book reads somebody's contribution."""
    return any(_reads_contribution(expression) for expression in _expressions(book))


def _expressions(book: Book) -> list[Expr]:
    of_rules = [expression for rule in book.rules for expression in (rule.when, rule.amount)]
    of_caps = [cap.when for rule in book.rules for cap in rule.caps]
    return [*of_rules, *of_caps, *(cap.when for cap in book.shared_caps)]


def _reads_contribution(expression: Expr) -> bool:
    return any(isinstance(node, Attribute) and node.name in CONTRIBUTION_ATTRIBUTES for node in walk(expression))
