"""Which version rules an entry: by its source and the moment it happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from denizen.ground.ledger.commands import budget_accounts, purpose_ids
from denizen.ground.ledger.queries import CLASS_SLOT, CONTRIBUTION_MINT, POINTS_MINT
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.people.rulebook.constants import award_purpose, cap_codes
from denizen.people.rulebook.models import BookVersion, CapCode
from denizen.people.rulebook.queries.versions import compiled_of
from denizen.people.rulebook.rules import Book, CompiledBook, Rule, asks_city, asks_contribution, asks_levels

FOREVER = 2**62


@dataclass(frozen=True, slots=True)
class GrantPlan:
    """How awards of one rule are posted: the beneficiary's account (slot), the paying one, purpose, the lot's life."""

    slot: int
    account: int
    purpose: int
    lot_days: int | None
    lot_priority: int
    hold_days: int
    reversal_kind: str | None


@dataclass(frozen=True, slots=True)
class BookInForce:
    """A version ready to decide, with the lasting numbers its awards and counters are stored under.

    ``grants`` is by the rule's place in the book; ``caps`` maps codes to numbers; ``roles`` names, by kind, the other
    persons its rules speak of; ``asks_contribution`` and ``asks_levels`` tell whether any rule reads those of somebody.
    ``asks_city``: the kinds for which a pilot asks where the resident lived.
    """

    number: int
    compiled: CompiledBook
    grants: tuple[GrantPlan, ...]
    caps: Mapping[str, int]
    roles: Mapping[str, tuple[str, ...]]
    asks_contribution: bool
    asks_levels: bool
    asks_city: frozenset[str]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The versions that rule one source, in spans of microseconds; asked once per entry."""

    spans: tuple[tuple[int, int, BookInForce], ...]

    def at(self, occurred_us: int) -> BookInForce | None:
        for starts, ends, book in self.spans:
            if starts <= occurred_us < ends:
                return book
        return None


def timelines(sources: Iterable[int]) -> dict[int, Timeline]:
    """The timeline of each source. One query, plus a few the first time a version is met by this process."""
    rows = db.fetch(
        "SELECT f.book_id, f.source_id, f.effective_from, f.until, b.digest, b.proposed_at"
        " FROM rulebook_force f JOIN rulebook_bookversion b ON b.number = f.book_id"
        " ORDER BY f.effective_from DESC, f.book_id DESC"
    )
    default, special = [], []
    ends = FOREVER
    for number, source, effective_from, until, digest, proposed_at in rows:
        starts = to_micros(effective_from)
        book = _in_force(number, (number, digest, to_micros(proposed_at)))
        if source is not None:
            special.append((source, starts, to_micros(until), book))
        elif starts < ends:
            default.append((starts, ends, book))
            ends = starts
    return {
        source: Timeline(
            tuple((starts, ends, book) for named, starts, ends, book in special if named == source) + tuple(default)
        )
        for source in set(sources)
    }


def book_ready(number: int) -> BookInForce:
    """One version ready to decide, whether or when it is in force."""
    version = BookVersion.objects.only("number", "digest", "proposed_at").get(number=number)
    return _in_force(number, (number, version.digest, to_micros(version.proposed_at)))


@contextmanager
def unremembered() -> Iterator[None]:
    """What is made ready inside is not kept by the process: its transaction is rolled back, with accounts it opened."""
    token = _forgetful.set(True)
    try:
        yield
    finally:
        _forgetful.reset(token)


_forgetful: ContextVar[bool] = ContextVar("forgetful", default=False)
_KEPT_MAX = 16
_kept: dict[tuple[int, str, int], BookInForce] = {}


def _in_force(number: int, key: tuple[int, str, int]) -> BookInForce:
    """A version never changes, so each process makes it ready once."""
    found = _kept.get(key)
    if found is None:
        found = made_ready(number)
        if _forgetful.get():
            return found
        if len(_kept) >= _KEPT_MAX:
            _kept.clear()
        _kept[key] = found
    return found


def made_ready(number: int) -> BookInForce:
    """A version ready to decide, looked up anew. ``book_ready`` remembers it."""
    compiled = compiled_of(BookVersion.objects.get(number=number))
    book = compiled.book
    purposes = purpose_ids(award_purpose(rule.code) for rule in book.rules)
    accounts = budget_accounts([budget.code for budget in book.budgets])
    return BookInForce(
        number=number,
        compiled=compiled,
        grants=tuple(_grant_plan(rule, purposes, accounts) for rule in book.rules),
        caps=dict(CapCode.objects.filter(code__in=cap_codes(book)).values_list("code", "id")),
        roles=roles_of(book),
        asks_contribution=asks_contribution(book),
        asks_levels=asks_levels(book),
        asks_city=asks_city(book),
    )


def _grant_plan(rule: Rule, purposes: Mapping[str, int], accounts: Mapping[tuple[str, str], int]) -> GrantPlan:
    mint = POINTS_MINT if rule.asset == "points" else CONTRIBUTION_MINT
    return GrantPlan(
        slot=CLASS_SLOT[rule.contribution_class].value if rule.contribution_class else 0,
        account=accounts[rule.budget, rule.asset] if rule.budget is not None else mint,
        purpose=purposes[award_purpose(rule.code)],
        lot_days=rule.lot_days,
        lot_priority=rule.lot_priority,
        hold_days=rule.hold_days,
        reversal_kind=rule.reversal_kind,
    )


def roles_of(book: Book) -> dict[str, tuple[str, ...]]:
    roles: dict[str, set[str]] = {}
    for rule in book.rules:
        named = {rule.beneficiary, rule.names} - {"resident", None}
        roles.setdefault(rule.kind, set()).update(role for role in named if role is not None)
    return {kind: tuple(sorted(names)) for kind, names in roles.items() if names}
