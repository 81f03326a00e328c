"""What the rules may know about people, held in memory while one run of entries is decided.

Everything is *as of the entry's moment*: grade and levels from identity's spans, contribution from the postings
effective by then, including what this very run has just granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from denizen.ground.identity.queries import ResidentFacts
from denizen.ground.ledger import queries as ledger
from denizen.people.rulebook.queries import Attributes, BookInForce, Person

CLASSES = ("interaction", "development", "efficiency", "special")
FAN = Attributes(grade="fan", levels=("fan",))


class Memory:
    """People by key: their facts, and their contribution when a book asks for it."""

    def __init__(self, facts: Mapping[int, ResidentFacts]) -> None:
        self._facts = facts
        self._totals: dict[int, list[int]] = {}
        self._later: dict[int, list[tuple[int, int, int]]] = {}

    def load_contribution(self, earliest: Mapping[int, int]) -> None:
        """Know the contribution of these residents from their ``earliest`` moment (microseconds) on. Two queries."""
        for resident, balances in ledger.contribution_balances(earliest).items():
            self._totals[resident] = list(balances)
        for resident, effective_at, number, amount in ledger.contribution_after(earliest):
            self._later.setdefault(resident, []).append((effective_at, number, amount))

    def earned(self, resident: int, effective_at: int, contribution_class: str, amount: int) -> None:
        """This run granted contribution: entries decided after it in this run know of it."""
        if self._totals or self._later:
            number = CLASSES.index(contribution_class)
            self._totals.setdefault(resident, [0, 0, 0, 0])[number] += amount
            self._later.setdefault(resident, []).append((effective_at, number, amount))

    def person(self, resident: int, moment: int) -> Person:
        return Person(resident, self.attributes(resident, moment))

    def attributes(self, resident: int, moment: int) -> Attributes:
        facts = self._facts.get(resident)
        totals = self._totals.get(resident)
        if facts is None and totals is None:
            return FAN
        counted = self._contribution_at(resident, moment) if totals else (0, 0, 0, 0)
        if facts is None:
            return Attributes("fan", sum(counted), *counted, ("fan",), False)
        return Attributes(
            facts.grade_at(moment),
            sum(counted),
            *counted,
            facts.levels_at(moment),
            facts.invited_before_order(moment),
        )

    def inviter(self, resident: int, moment: int) -> Person | None:
        facts = self._facts.get(resident)
        inviter = facts.inviter_at(moment) if facts is not None else None
        return self.person(inviter, moment) if inviter is not None else None

    def _contribution_at(self, resident: int, moment: int) -> tuple[int, int, int, int]:
        counted = list(self._totals[resident])
        for effective_at, number, amount in self._later.get(resident, ()):
            if effective_at > moment:
                counted[number] -= amount
        return counted[0], counted[1], counted[2], counted[3]


def earliest_moments(people: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The earliest moment each resident is asked about."""
    earliest: dict[int, int] = {}
    for resident, moment in people:
        if moment < earliest.get(resident, moment + 1):
            earliest[resident] = moment
    return earliest


def asks_contribution(books: Iterable[BookInForce]) -> bool:
    return any(book.asks_contribution for book in books)
