"""A book made ready to be tried: decided with, but never posted by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.ledger.queries import CLASS_SLOT
from denizen.people.rulebook.models import BookVersion, Force
from denizen.people.rulebook.queries.force import roles_of
from denizen.people.rulebook.queries.versions import book_of
from denizen.people.rulebook.rules import (
    Book,
    CompiledBook,
    asks_city,
    asks_contribution,
    asks_levels,
    compile_book,
    digest_of,
    from_data,
    load_book,
    to_data,
)


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """What a shadow needs of a rule besides its decision. ``slot``: 0 points, else the class of contribution.

    ``budget`` is the code of a limited budget, None otherwise; ``reversal_kind`` the kind that takes its awards back.
    """

    code: str
    slot: int
    budget: str | None
    reversal_kind: str | None


@dataclass(frozen=True, slots=True)
class TriedBook:
    """A book to decide with. ``number`` is None for a book that is no version; ``terms`` is by the rule's place.

    ``endowments``: what the book gives its limited budgets, by code. ``asks_contribution`` and ``asks_levels``: kinds
    whose rules read those of somebody; ``asks_city``: kinds with a pilot.
    """

    number: int | None
    title_en: str
    title_zh: str
    digest: str
    compiled: CompiledBook
    terms: tuple[RuleTerms, ...]
    roles: Mapping[str, tuple[str, ...]]
    endowments: Mapping[str, int]
    asks_contribution: frozenset[str]
    asks_levels: frozenset[str]
    asks_city: frozenset[str]


def tried_text(text: str) -> TriedBook:
    """The book of a YAML text. Raises ``UnableToLoadBook`` with every fault and its place."""
    return _tried(load_book(text, SHAPES), None)


def tried_document(document: Any) -> TriedBook:
    """The book of a canonical form as ``document_of`` gives it."""
    return _tried(from_data(document), None)


def tried_version(number: int) -> TriedBook:
    """The book of a version. Raises ``BookVersion.DoesNotExist``."""
    return _tried(book_of(BookVersion.objects.get(number=number)), number)


def document_of(book: TriedBook) -> dict[str, Any]:
    """The canonical form of a book, to be kept as JSON."""
    return dict(to_data(book.compiled.book))


def ruling_versions() -> dict[int, TriedBook]:
    """Every version that rules or ever ruled, by number."""
    numbers = Force.objects.values_list("book_id", flat=True).distinct()
    return {
        version.number: _tried(book_of(version), version.number)
        for version in BookVersion.objects.filter(number__in=list(numbers)).order_by("number")
    }


def _tried(book: Book, number: int | None) -> TriedBook:
    limited = {budget.code: budget.amount or 0 for budget in book.budgets if budget.limited}
    return TriedBook(
        number=number,
        title_en=book.title.en,
        title_zh=book.title.zh,
        digest=digest_of(book),
        compiled=compile_book(book, SHAPES),
        terms=tuple(_terms(book, limited)),
        roles=roles_of(book),
        endowments=limited,
        asks_contribution=_kinds_that(asks_contribution, book),
        asks_levels=_kinds_that(asks_levels, book),
        asks_city=asks_city(book),
    )


def _kinds_that(ask: Callable[[Book], bool], book: Book) -> frozenset[str]:
    """Kinds whose rules ``ask``; a shared cap that asks counts for every kind."""
    kinds = {rule.kind for rule in book.rules}
    of_kind = {kind: tuple(rule for rule in book.rules if rule.kind == kind) for kind in kinds}
    return frozenset(kind for kind, rules in of_kind.items() if ask(replace(book, rules=rules)))


def _terms(book: Book, limited: Mapping[str, int]) -> Iterable[RuleTerms]:
    for rule in book.rules:
        slot = CLASS_SLOT[rule.contribution_class].value if rule.contribution_class else 0
        yield RuleTerms(rule.code, slot, rule.budget if rule.budget in limited else None, rule.reversal_kind)
