"""The proof of a replay: what the live book paid in its shadow is what was recorded, posting by posting, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from operator import itemgetter

from denizen.ground.ledger.constants import Code
from denizen.kit import db
from denizen.people.growth.backtest.history import Span, postings
from denizen.people.growth.backtest.replay import Replay, replay
from denizen.people.rulebook.queries import TriedBook, award_purpose

DIFFERENCES_MAX = 50
NUMBERS = 4

Payment = tuple[str, int, int]
"""purpose, account, amount"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry for which the replay pays something else than was posted; each side in its order."""

    entry: int
    replayed: tuple[Payment, ...]
    recorded: tuple[Payment, ...]


@dataclass(frozen=True, slots=True)
class Equality:
    """``payments`` were compared; ``differing`` entries differ, the first of them are named."""

    payments: int
    differing: int
    differences: tuple[Difference, ...] = field(default=())

    @property
    def holds(self) -> bool:
        return not self.differing


def equal_to_live(*, book: TriedBook, span: Span) -> Equality:
    """Replay the books in force over ``span`` and compare with the journal; ``book`` rides along. Writes nothing."""
    return equality_of(replay(book=book, span=span))


def equality_of(run: Replay) -> Equality:
    """Compare the live side of a finished replay with the recorded postings of the same entries."""
    replayed, recorded = _replayed(run), _recorded(run.span)
    payments = differing = 0
    named: list[Difference] = []
    for ours, theirs in _beside(replayed, recorded):
        payments += len(theirs[1])
        if ours == theirs:
            continue
        differing += 1
        if len(named) < DIFFERENCES_MAX:
            named.append(Difference(theirs[0], ours[1], theirs[1]))
    return Equality(payments, differing, tuple(named))


OfEntry = tuple[int, tuple[Payment, ...]]


def _beside(replayed: Iterator[OfEntry], recorded: Iterator[OfEntry]) -> Iterator[tuple[OfEntry, OfEntry]]:
    """Both sides entry by entry. As long as they name the same entries nothing is kept; from then on, by entry."""
    for ours, theirs in zip_longest(replayed, recorded):
        if ours is not None and theirs is not None and ours[0] == theirs[0]:
            yield ours, theirs
            continue
        left = dict([ours] if ours else []) | dict(replayed)
        right = dict([theirs] if theirs else []) | dict(recorded)
        for entry in dict.fromkeys((*left, *right)):
            yield (entry, left.get(entry, ())), (entry, right.get(entry, ()))
        return


def _replayed(run: Replay) -> Iterator[OfEntry]:
    numbers = run.live.paid
    assert numbers is not None, "the live shadow keeps its payments"
    purposes = [award_purpose(code) for code in run.live.rules]
    rows = (tuple(numbers[at : at + NUMBERS]) for at in range(0, len(numbers), NUMBERS))
    for entry, group in groupby(rows, key=itemgetter(0)):
        yield entry, tuple((purposes[rule], account, amount) for _, rule, account, amount in group)


def _recorded(span: Span) -> Iterator[OfEntry]:
    purposes = dict(db.fetch("SELECT id, code FROM ledger_purpose"))
    for entry, group in groupby(postings(span, Code.AWARD.value), key=itemgetter(0)):
        yield entry, tuple((purposes[purpose], account, amount) for _, purpose, account, amount in group)
