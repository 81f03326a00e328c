"""What the city knew of residents while its history is read again: facts fold in the order in which they were learnt.

``facts_for`` answers with what is known today. A replay of old decisions must not know more than was known when they
were made: a delivery that arrived late changed a grade only for what was decided after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from denizen.ground.identity.constants import FACT_BY_KIND, FactKind
from denizen.ground.identity.models import Profile
from denizen.ground.identity.queries.facts import MICROS, FactsByResident, ResidentFacts, level_book
from denizen.ground.identity.rules import Folded, OccurredFact, fold, may_bind
from denizen.kit import db

REGISTERED_SQL = f"""
SELECT bound.buyer_id, bound.inviter_id, {MICROS.format("bound.bound_at")}
FROM identity_invitation AS bound LEFT JOIN identity_fact AS fact ON fact.entry_id = bound.entry_id
WHERE fact.entry_id IS NULL OR fact.occurred_at <> bound.bound_at
"""
"""Who was bound to an inviter on joining the city, not by an entry."""


class LearntFacts:
    """Facts of everybody, growing entry by entry. ``known`` is what may be asked at any point in between."""

    def __init__(self) -> None:
        self.known = FactsByResident(level_book())
        self._facts: dict[int, list[OccurredFact]] = {}
        self._bound_by: dict[int, int | None] = {}
        for buyer, inviter, bound_us in db.fetch(REGISTERED_SQL):
            self._bind(buyer, inviter, bound_us, None)

    def learn(
        self, *, entry: int, kind: str, resident: int, occurred_us: int, details: Mapping[str, Any],
        undoes: int | None = None,
    ) -> None:  # fmt: skip
        """Take in one fact, in the order of deciding. ``undoes``: the entry it takes back."""
        fact = OccurredFact(entry, kind, occurred_us, details, undoes)
        theirs = self._facts.setdefault(resident, [])
        theirs.append(fact)
        folded = fold(theirs)
        facts = self._of(resident)
        facts.grades, facts.plans = list(folded.grades), list(folded.plans)
        facts.first_order_us = folded.first_order.placed_us if folded.first_order else None
        if undoes is not None and self._bound_by.get(resident) == undoes:
            del self._bound_by[resident]
            facts.inviter, facts.bound_us = None, 0
        if FACT_BY_KIND[kind] == FactKind.INVITED:
            self._invite(fact, resident, folded)

    def _invite(self, fact: OccurredFact, buyer: int, folded: Folded) -> None:
        inviter = fact.details["inviter"]
        order = folded.first_order
        if not may_bind(
            buyer=buyer, inviter=inviter, bound_us=fact.occurred_us, first_order_us=order and order.placed_us
        ):
            return
        if buyer not in self._bound_by:
            self._bind(buyer, inviter, fact.occurred_us, fact.entry)
        elif self._bound_by[buyer] is None and self.known[buyer].inviter == inviter:
            self._bound_by[buyer] = fact.entry

    def _bind(self, buyer: int, inviter: int, bound_us: int, entry: int | None) -> None:
        facts = self._of(buyer)
        facts.inviter, facts.bound_us = inviter, bound_us
        self._bound_by[buyer] = entry

    def _of(self, resident: int) -> ResidentFacts:
        found = self.known.get(resident)
        if found is None:
            found = self.known[resident] = ResidentFacts(self.known.plain.levels)
        return found


def city_tiers_of(residents: Iterable[int]) -> dict[int, int | None]:
    """The tier of the city each resident lives in; None where nobody said. Who has no profile is left out."""
    rows = Profile.objects.filter(resident_id__in=list(residents)).values_list("resident_id", "city_tier")
    return dict(rows)
