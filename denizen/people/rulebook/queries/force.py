"""Which version rules an entry: by its source and the moment it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from denizen.ground.ledger.commands import budget_accounts, purpose_ids
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.people.rulebook.constants import award_purpose, cap_codes
from denizen.people.rulebook.models import BookVersion, CapCode
from denizen.people.rulebook.queries.versions import compiled_of
from denizen.people.rulebook.rules import CompiledBook

FOREVER = 2**62


@dataclass(frozen=True, slots=True)
class BookInForce:
    """A version ready to decide, with the lasting numbers its awards and counters are stored under.

    ``budgets`` maps (budget code, asset) to the account that pays; ``purposes`` and ``caps`` map codes to numbers.
    """

    number: int
    compiled: CompiledBook
    purposes: Mapping[str, int]
    caps: Mapping[str, int]
    budgets: Mapping[tuple[str, str], int]


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


_KEPT_MAX = 16
_kept: dict[tuple[int, str, int], BookInForce] = {}


def _in_force(number: int, key: tuple[int, str, int]) -> BookInForce:
    """A version never changes, so each process makes it ready once."""
    found = _kept.get(key)
    if found is None:
        found = _made_ready(number)
        if len(_kept) >= _KEPT_MAX:
            _kept.clear()
        _kept[key] = found
    return found


def _made_ready(number: int) -> BookInForce:
    compiled = compiled_of(BookVersion.objects.get(number=number))
    book = compiled.book
    numbers = purpose_ids(award_purpose(rule.code) for rule in book.rules)
    return BookInForce(
        number=number,
        compiled=compiled,
        purposes={rule.code: numbers[award_purpose(rule.code)] for rule in book.rules},
        caps=dict(CapCode.objects.filter(code__in=cap_codes(book)).values_list("code", "id")),
        budgets=budget_accounts([budget.code for budget in book.budgets]),
    )
