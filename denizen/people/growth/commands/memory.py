"""What the rules may know about people, held in memory while one run of entries is decided.

Everything is *as of the entry's moment*: grade and levels from identity's spans, contribution from the postings
effective by then, including what this very run has just granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from denizen.ground.identity.queries import Cities, FactsByResident
from denizen.ground.ledger import queries as ledger
from denizen.people.rulebook.queries import Attributes, Person

FIRST_CLASS = 2
"""The slot of the first class of contribution; the other three follow it in the order of ``Attributes``."""


class Memory:
    """People by key: their facts, and their contribution when a book asks for it."""

    def __init__(self, facts: FactsByResident, *, with_levels: bool, cities: Cities) -> None:
        self._facts = facts
        self._cities = cities
        self._with_levels = with_levels
        self._plain: dict[tuple[str, ...], Attributes] = {}
        self._counts = False
        self._totals: dict[int, list[int]] = {}
        self._later: dict[int, list[tuple[int, int, int]]] = {}

    def load_contribution(self, earliest: Mapping[int, int]) -> None:
        """Know the contribution of these residents from their ``earliest`` moment (microseconds) on. Two queries."""
        self._counts = True
        for resident, balances in ledger.contribution_balances(earliest).items():
            self._totals[resident] = list(balances)
        for resident, effective_at, slot, amount in ledger.contribution_after(earliest):
            self._later.setdefault(resident, []).append((effective_at, slot - FIRST_CLASS, amount))

    def earned(self, resident: int, effective_at: int, slot: int, amount: int) -> None:
        """This run granted contribution: entries decided after it in this run know of it."""
        if self._counts:
            self._totals.setdefault(resident, [0, 0, 0, 0])[slot - FIRST_CLASS] += amount
            self._later.setdefault(resident, []).append((effective_at, slot - FIRST_CLASS, amount))

    def city(self, resident: int, moment: int) -> str:
        """Where the resident lived then; empty when nobody said."""
        return self._cities.at(resident, moment)

    def person(self, resident: int, moment: int) -> Person:
        return Person(resident, self.attributes(resident, moment))

    def attributes(self, resident: int, moment: int) -> Attributes:
        facts = self._facts.get(resident)
        if facts is None and not self._counts:
            return self._plain_fan(self._facts.plain.levels_at(moment) if self._with_levels else ())
        facts = facts or self._facts.plain
        counted = self._contribution_at(resident, moment)
        return Attributes(
            facts.grade_at(moment),
            sum(counted),
            *counted,
            facts.levels_at(moment) if self._with_levels else (),
            facts.invited_before_order(moment),
        )

    def _plain_fan(self, levels: tuple[str, ...]) -> Attributes:
        """Most residents of a batch have no history yet: they share one set of attributes."""
        found = self._plain.get(levels)
        if found is None:
            found = self._plain[levels] = Attributes(grade="fan", levels=levels)
        return found

    def inviter(self, resident: int, moment: int) -> Person | None:
        facts = self._facts.get(resident)
        inviter = facts.inviter_at(moment) if facts is not None else None
        return self.person(inviter, moment) if inviter is not None else None

    def _contribution_at(self, resident: int, moment: int) -> tuple[int, int, int, int]:
        counted = list(self._totals.get(resident, (0, 0, 0, 0)))
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
