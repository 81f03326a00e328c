"""What a book asks about people, so that the caller loads no more than that."""

from __future__ import annotations

from .expressions import Attribute, Expr, Int, walk
from .inputs import Attributes, Inputs
from .interpreter import interpret
from .model import Book, Limit, Rule

CONTRIBUTION_ATTRIBUTES = frozenset({"contribution", "interaction", "development", "efficiency", "special"})


def asks_contribution(book: Book) -> bool:
    """Whether any condition, amount or cap of the book reads somebody's contribution."""
    return _reads(book, CONTRIBUTION_ATTRIBUTES)


def asks_levels(book: Book) -> bool:
    """Whether any condition, amount or cap of the book reads somebody's levels."""
    return _reads(book, frozenset({"levels"}))


def asks_city(book: Book) -> frozenset[str]:
    """The kinds of entries for which it matters where the resident who acted lived: those that a pilot answers."""
    return frozenset(rule.kind for rule in book.rules if rule.pilot is not None)


def _reads(book: Book, names: frozenset[str]) -> bool:
    return any(isinstance(node, Attribute) and node.name in names for tree in _expressions(book) for node in walk(tree))


def _expressions(book: Book) -> list[Expr]:
    of_rules = [expression for rule in book.rules for expression in (rule.when, rule.amount)]
    of_caps = [cap.when for rule in book.rules for cap in rule.caps]
    return [*of_rules, *of_caps, *(cap.when for cap in book.shared_caps)]


def constant_amount(rule: Rule) -> int | None:
    """What the rule pays when that does not depend on the entry; None when it does."""
    return rule.amount.value if isinstance(rule.amount, Int) else None


def cap_applies(limit: Limit, beneficiary: Attributes) -> bool:
    """Whether a cap binds this beneficiary now."""
    return bool(interpret(limit.when, Inputs(beneficiary=beneficiary)))
