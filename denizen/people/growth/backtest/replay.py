"""One pass over history with two books: the one that is tried and the ones that really ruled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from denizen.ground.chronicle.kinds import FACTS
from denizen.ground.identity.queries import Cities, LearntFacts, cities_of_all
from denizen.ground.ledger.queries import GivenContribution, GivenFunds, contribution_given, funds_given
from denizen.kit.batches import without_collector
from denizen.people.growth.backtest.history import Past, Span, chunks, earliest_to_come, undone_originals
from denizen.people.growth.backtest.shadow import People, Shadow
from denizen.people.growth.backtest.tally import DAY_US, Tally
from denizen.people.growth.models import Decision
from denizen.people.rulebook.queries import (
    Facts,
    TriedBook,
    award_purpose,
    calendar_of,
    lines_from_json,
    ruling_versions,
)

CHUNK = 20_000
COUNTERS_MANY = 200_000
AGAIN_TIMES = 2
"""Counters are looked through when they are many, and again when they have become so many times more."""
NEVER = 2**62
Given = TypeVar("Given", GivenContribution, GivenFunds)
Watch = Callable[[int], None]
"""Told after each chunk how many decisions were read."""


def unwatched(_done: int) -> None:
    """Nobody looks at the progress."""


class Cancelled(Exception):
    """Whoever watches the run asked it to stop."""


@dataclass(slots=True)
class Replay:
    """What a pass brought. ``first_seen_us``: the first behaviour of everybody; ``last_us``: the latest of the span.

    ``entries`` were decided anew, ``given`` passed by outside the span, ``reversals`` took back.
    """

    span: Span
    tried: TriedBook
    live: Shadow
    shadow: Shadow
    learnt: LearntFacts
    first_seen_us: dict[int, int]
    last_us: int | None = None
    entries: int = 0
    given: int = 0
    reversals: int = 0


def replay(*, book: TriedBook, span: Span, watch: Watch = unwatched) -> Replay:
    """Replay history up to the span's watermark. ``watch`` is told after each chunk how many decisions were read.

    Reads only. ``watch`` may raise ``Cancelled``. Needs to be outside a transaction or inside one that only reads.
    """
    return _Pass(book, span).run(watch)


class _Pass:
    def __init__(self, book: TriedBook, span: Span) -> None:
        self._versions = ruling_versions()
        self._undone = undone_originals(span.watermark)
        books = [book, *self._versions.values()]
        counts = any(each.asks_contribution for each in books)
        zone = book.compiled.book.time_zone
        limited = {code for each in self._versions.values() for code in each.endowments}
        self._endowed = dict.fromkeys(limited, 0)
        tried = Shadow(Tally(zone), counts=counts, budgets=book.endowments, keeps_payments=False)
        live = Shadow(Tally(zone), counts=counts, budgets=limited, keeps_payments=True)
        for code, amount in book.endowments.items():
            tried.fund(code, amount)
        self._out = Replay(span, book, live, tried, LearntFacts(), {})
        self._people = People(self._out.learnt.known)
        self._cities = cities_of_all() if any(each.asks_city for each in books) else Cities()
        self._contribution: _Queue[GivenContribution] = _Queue(contribution_given(rules=award_purpose("")))
        self._funds: _Queue[GivenFunds] = _Queue(funds_given(rules=award_purpose("")))
        self._given_us = min(self._contribution.next_us, self._funds.next_us)
        self._periods: dict[str, str] = {
            limit.code: limit.per
            for each in books
            for plan in each.compiled.plans.values()
            for rule in plan.rules
            for limit in rule.limits
        }
        self._many = COUNTERS_MANY

    def run(self, watch: Watch) -> Replay:
        done = 0
        to_come = earliest_to_come(self._out.span, CHUNK)
        for number, chunk in enumerate(chunks(self._out.span, CHUNK)):
            with without_collector():
                for past in chunk:
                    self._pass(past)
            done += len(chunk)
            self._forget(to_come.get(number + 1))
            watch(done)
        return self._out

    def _pass(self, past: Past) -> None:
        if past.decided_us >= self._given_us:
            self._take_given_until(past.decided_us)
        if past.outcome == Decision.Outcome.DISMISSED:
            return
        seen = self._out.first_seen_us
        if past.occurred_us < seen.get(past.resident, past.occurred_us + 1):
            seen[past.resident] = past.occurred_us
        if isinstance(past.trace, dict):
            self._take_back(past)
            return
        if past.kind in FACTS:
            self._learn(past, None)
        if self._out.span.holds(past.occurred_us):
            self._decide(past)
        else:
            self._take_as_given(past)

    def _take_back(self, past: Past) -> None:
        if past.trace["why"]:
            return
        original, counted = past.trace["undoes"], self._out.span.holds(past.occurred_us)
        self._out.reversals += counted
        self._out.live.undo(original, past, counted=counted)
        self._out.shadow.undo(original, past, counted=counted)
        if past.kind in FACTS:
            self._learn(past, original)

    def _learn(self, past: Past, undoes: int | None) -> None:
        self._out.learnt.learn(
            entry=past.entry, kind=past.kind, resident=past.resident, occurred_us=past.occurred_us,
            details=past.payload, undoes=undoes,
        )  # fmt: skip

    def _decide(self, past: Past) -> None:
        out = self._out
        out.entries += 1
        if out.last_us is None or past.occurred_us > out.last_us:
            out.last_us = past.occurred_us
        undone_later = past.entry in self._undone
        live = self._versions[past.book] if past.book is not None else None
        question = None
        if live is not None and past.kind in live.compiled.plans:
            question = self._question(past, live, out.live)
            out.live.decide(past, live, question, undone_later=undone_later)
        tried = out.tried
        if past.kind in tried.compiled.plans:
            if question is None or live is None or not _ask_alike(past.kind, live, tried):
                question = self._question(past, tried, out.shadow)
            out.shadow.decide(past, tried, question, undone_later=undone_later)

    def _question(self, past: Past, book: TriedBook, shadow: Shadow) -> Facts:
        log = shadow.log if past.kind in book.asks_contribution else None
        city = self._cities.at(past.resident, past.occurred_us) if past.kind in book.asks_city else ""
        return self._people.question(past, book.roles.get(past.kind, ()), past.kind in book.asks_levels, log, city)

    def _take_as_given(self, past: Past) -> None:
        self._out.given += 1
        if past.book is None or not past.trace:
            return
        book = self._versions[past.book]
        lines = lines_from_json(past.trace, book.compiled.book)
        undone_later = past.entry in self._undone
        for shadow in (self._out.live, self._out.shadow):
            shadow.take_as_given(past, book, lines, undone_later=undone_later)

    def _take_given_until(self, moment_us: int) -> None:
        """What staff gave, and what was put into budgets, counts for what was decided from its recording on."""
        for moved in self._contribution.until(moment_us):
            for shadow in (self._out.live, self._out.shadow):
                shadow.count(moved.resident, moved.effective_us, moved.slot, moved.amount)
        for funds in self._funds.until(moment_us):
            self._out.live.fund(funds.budget, funds.amount)
            self._out.shadow.fund(funds.budget, self._more_than_promised(funds))
        self._given_us = min(self._contribution.next_us, self._funds.next_us)

    def _more_than_promised(self, funds: GivenFunds) -> int:
        """What of real funds the tried book has beyond what its own text promises."""
        if not funds.funding:
            return funds.amount
        promised = self._out.tried.endowments.get(funds.budget, 0)
        before = self._endowed.get(funds.budget, 0)
        self._endowed[funds.budget] = before + funds.amount
        return max(promised, before + funds.amount) - max(promised, before)

    def _forget(self, earliest_us: int | None) -> None:
        """Keep memory in bounds: a window that no entry to come falls into is never asked again."""
        held = max(len(self._out.live.state.used), len(self._out.shadow.state.used))
        if earliest_us is None or held < self._many:
            return
        zone = self._out.tried.compiled.book.time_zone
        day = calendar_of(zone).local_us(earliest_us) // DAY_US - 2  # other versions may know another time zone
        for shadow in (self._out.live, self._out.shadow):
            shadow.forget(self._periods, day)
        held = max(len(self._out.live.state.used), len(self._out.shadow.state.used))
        self._many = max(COUNTERS_MANY, AGAIN_TIMES * held)


def _ask_alike(kind: str, one: TriedBook, other: TriedBook) -> bool:
    """Whether both books may be asked the same question about an entry of ``kind``."""
    return (
        kind not in one.asks_contribution
        and kind not in other.asks_contribution
        and (kind in one.asks_levels) == (kind in other.asks_levels)
        and (kind in one.asks_city) == (kind in other.asks_city)
        and one.roles.get(kind) == other.roles.get(kind)
    )


class _Queue(Generic[Given]):
    """Movements in order of recording, taken as the decisions come by."""

    def __init__(self, rows: Sequence[Given]) -> None:
        self._rows: Sequence[Given] = rows
        self._next = 0
        self.next_us = self._next_us()

    def until(self, moment_us: int) -> Iterator[Given]:
        while self.next_us <= moment_us:
            yield self._rows[self._next]
            self._next += 1
            self.next_us = self._next_us()

    def _next_us(self) -> int:
        return self._rows[self._next].recorded_us if self._next < len(self._rows) else NEVER
