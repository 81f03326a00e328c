"""Decide a run of entries in memory: load what the rules may ask, then one entry after another in order of arrival."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.identity.queries import Cities, FactsByResident, cities_of
from denizen.ground.ledger.commands import lock_budgets
from denizen.ground.ledger.queries import limited_balances
from denizen.kit import db
from denizen.people.growth.commands.memory import Memory, earliest_moments
from denizen.people.growth.models import Decision
from denizen.people.rulebook.queries import (
    BookInForce,
    CapKey,
    Facts,
    Line,
    Person,
    State,
    Timeline,
    cap_keys,
    decide,
)

PAYING = {"paid", "capped_part"}
CAPPING = {"capped", "capped_part", "budget_exhausted"}


@dataclass(slots=True)
class Decided:
    """One entry with what the rules said. ``book`` is None when none was in force when it happened."""

    entry: Fresh
    book: BookInForce | None
    lines: tuple[Line, ...] = ()

    @property
    def outcome(self) -> int:
        if self.book is None:
            return Decision.Outcome.NO_BOOK
        said = {line.outcome for line in self.lines}
        if said & CAPPING:
            return Decision.Outcome.CAPPED
        return Decision.Outcome.PAID if said & PAYING else Decision.Outcome.NOTHING


@dataclass(slots=True)
class Deliberation:
    """A run of decided entries with the counters it used.

    ``touched``: number of the cap and ceiling by counter that moved; its final use stands in ``state``. ``counted``:
    the counters that were stored before. ``drawn``: what limited budgets pay (negative), by account.
    """

    decided: list[Decided] = field(default_factory=list)
    state: State = field(default_factory=State)
    counted: frozenset[CapKey] = frozenset()
    touched: dict[CapKey, tuple[int, int]] = field(default_factory=dict)
    drawn: dict[int, int] = field(default_factory=dict)


def decide_entries(
    *,
    entries: Sequence[Fresh],
    timelines: Mapping[int, Timeline],
    facts: FactsByResident,
    drawing: Mapping[int, int],
    judged_by: Mapping[int, BookInForce] = MappingProxyType({}),
) -> Deliberation:
    """What the rules in force say to ``entries``, in order. Nothing is written; the residents' wallets are locked.

    ``judged_by``: the version that judges an entry (by id) instead of the one in force when it happened.
    ``drawing``: what this transaction already takes from budgets (negative, by account) without having drawn it.
    Limited budgets are the hottest rows of a city, so they are first only read: where plenty is left, it makes no
    difference what others draw meanwhile. Near the end of one they are locked, and the run is decided with the truth.
    """
    books = [judged_by.get(entry.id) or timelines[entry.source].at(entry.occurred_at) for entry in entries]
    accounts = _budgets_asked(entries, books)
    if not accounts:
        return _deliberate(entries, books, facts, {})
    left = _left(accounts, limited_balances(accounts.values()), drawing)
    deliberation = _deliberate(entries, books, facts, left)
    if _runs_short(deliberation, left):
        truth = _left(accounts, lock_budgets(accounts.values()), drawing)
        if truth != left:
            left, deliberation = truth, _deliberate(entries, books, facts, truth)
    after = deliberation.state.budgets
    deliberation.drawn = {accounts[code]: after[code] - left[code] for code in accounts if after[code] != left[code]}
    return deliberation


def _runs_short(deliberation: Deliberation, left: Mapping[str, int]) -> bool:
    """Whether a budget refused an award, or would not pay for a second run like this one."""
    after = deliberation.state.budgets
    return bool(deliberation.state.short) or any(after[code] < left[code] - after[code] for code in left)


def _deliberate(
    entries: Sequence[Fresh], books: Sequence[BookInForce | None], facts: FactsByResident, budgets: Mapping[str, int]
) -> Deliberation:
    in_force = [book for book in {id(book): book for book in books}.values() if book is not None]
    memory = Memory(facts, with_levels=any(book.asks_levels for book in in_force), cities=_cities(entries, books))
    if any(book.asks_contribution for book in in_force):
        memory.load_contribution(earliest_moments(_asked_about(entries, books, memory)))

    questions = [
        _question(entry, book, memory) if book is not None else None for entry, book in zip(entries, books, strict=True)
    ]
    deliberation = Deliberation()
    deliberation.state.used = _used(books, questions)
    deliberation.counted = frozenset(deliberation.state.used)
    deliberation.state.budgets = dict(budgets)
    for entry, book, question in zip(entries, books, questions, strict=True):
        if book is None or question is None:
            deliberation.decided.append(Decided(entry, None))
            continue
        if book.asks_contribution:
            question = _question(entry, book, memory)
        lines = decide(book.compiled, question, deliberation.state)
        _remember(deliberation, memory, entry, book, lines)
        deliberation.decided.append(Decided(entry, book, lines))
    return deliberation


def _cities(entries: Sequence[Fresh], books: Sequence[BookInForce | None]) -> Cities:
    """Where those lived whose entries a pilot speaks of; nothing is looked up where none does."""
    return cities_of({
        entry.resident
        for entry, book in zip(entries, books, strict=True)
        if book is not None and entry.kind in book.asks_city
    })  # fmt: skip


def _question(entry: Fresh, book: BookInForce, memory: Memory) -> Facts:
    roles = book.roles.get(entry.kind, ())
    return Facts(
        entry.kind,
        entry.occurred_at,
        entry.payload,
        entry.resident,
        memory.attributes(entry.resident, entry.occurred_at),
        {role: person for role in roles if (person := _person(role, entry, memory)) is not None} if roles else {},
        memory.city(entry.resident, entry.occurred_at) if entry.kind in book.asks_city else "",
    )


def _person(role: str, entry: Fresh, memory: Memory) -> Person | None:
    if role == "inviter":
        return memory.inviter(entry.resident, entry.occurred_at)
    resident = entry.payload.get(role)
    return memory.person(resident, entry.occurred_at) if resident is not None else None


def _asked_about(
    entries: Sequence[Fresh], books: Sequence[BookInForce | None], memory: Memory
) -> Iterable[tuple[int, int]]:
    for entry, book in zip(entries, books, strict=True):
        yield entry.resident, entry.occurred_at
        for role in book.roles.get(entry.kind, ()) if book is not None else ():
            person = _person(role, entry, memory)
            if person is not None:
                yield person.id, entry.occurred_at


def _remember(
    deliberation: Deliberation, memory: Memory, entry: Fresh, book: BookInForce, lines: Iterable[Line]
) -> None:
    """Counters that moved, and contribution that later entries of this run know of."""
    for line in lines:
        for use in line.consumed:
            deliberation.touched[use.key] = (book.caps[use.key.code], use.limit)
        slot = book.grants[line.rule].slot
        if line.paid and slot and line.beneficiary_id is not None:
            memory.earned(line.beneficiary_id, entry.occurred_at, slot, line.paid)


def _used(books: Sequence[BookInForce | None], questions: Sequence[Facts | None]) -> dict[CapKey, int]:
    """The use so far of every counter this run could touch. One query."""
    numbers: dict[CapKey, int] = {}
    for book, question in zip(books, questions, strict=True):
        if book is not None and question is not None:
            for key in cap_keys(book.compiled, question):
                numbers[key] = book.caps[key.code]
    if not numbers:
        return {}
    keys = list(numbers)
    rows = db.fetch(
        "SELECT k.ord, c.used FROM unnest(%s::int[], %s::bigint[], %s::int[], %s::text[])"
        " WITH ORDINALITY AS k(cap, resident, start, by, ord)"
        " JOIN growth_capcounter c ON c.cap_id = k.cap AND c.resident_id = k.resident"
        ' AND c."window" = k.start AND c.by = k.by',
        (
            [numbers[key] for key in keys],
            [key.resident_id for key in keys],
            [key.window_start for key in keys],
            [key.by_value for key in keys],
        ),
    )
    return {keys[number - 1]: used for number, used in rows}


def _budgets_asked(entries: Sequence[Fresh], books: Sequence[BookInForce | None]) -> dict[str, int]:
    """The limited budgets that rules of these entries' kinds draw on, by code, with their accounts."""
    asked = {(id(book), entry.kind): book for entry, book in zip(entries, books, strict=True)}
    accounts: dict[str, int] = {}
    for (_, kind), book in asked.items():
        plan = book.compiled.plans.get(kind) if book is not None else None
        for rule in plan.rules if plan is not None else ():
            if book is not None and rule.budget is not None:
                accounts[rule.budget] = book.grants[rule.number].account
    return accounts


def _left(accounts: Mapping[str, int], balances: Mapping[int, int], drawing: Mapping[int, int]) -> dict[str, int]:
    return {code: balances[account] + drawing.get(account, 0) for code, account in accounts.items()}
