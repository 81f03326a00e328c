"""Pure decisions of identity: facts become ranges of grade and plan.

Facts are folded in order of occurring, whatever the order of their arrival, so a late fact re-folds to the same
ranges. At one moment, what begins is folded before what ends (imports of old records often know only the day); what
is still equal is ordered by its references and at last by its entry.

Decided here, because the brand's material does not say:

- With several vehicles a resident is owner while he holds one, founder-edition owner while one of them is a founder
  edition, former owner after the last one was resold or bought back.
- A fact that is undone (a refund, a cancelled delivery) counts until the moment of its undoing and not after: nobody
  becomes a former owner by a cancelled delivery, and the ranges of the time between stay as they were.
- A former owner who pays a deposit stays former owner, for the deposit must not take rights away; it shows as the plan
  ``deposit``. The same holds for an owner who pays for his next vehicle.
- A delivery uses up the deposits of its order, or of the oldest one when the order is not named.
- A cancelled order was no order, a cancelled delivery no delivery: they do not stand in the way of an invitation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from denizen.ground.identity.constants import DEPOSIT_PLAN, ENDING_FACTS, FACT_BY_KIND, FactKind, Grade


class OccurredFact(NamedTuple):
    """A fact of one resident. ``kind``: the chronicle's code; ``occurred_us``: microseconds since 2000-01-01 UTC;
    ``details``: the entry's payload; ``undoes``: the entry that is taken back.
    """

    entry: int
    kind: str
    occurred_us: int
    details: Mapping[str, Any]
    undoes: int | None = None

    @property
    def fact(self) -> FactKind:
        return FACT_BY_KIND[self.kind]

    def reference(self, name: str) -> str:
        return str(self.details.get(name) or "")


class Span(NamedTuple):
    """``code`` (a grade or a plan) held from ``begins_us`` to before ``ends_us`` (None: open); ``entry`` gave it."""

    code: str
    begins_us: int
    ends_us: int | None
    entry: int


class Order(NamedTuple):
    placed_us: int
    entry: int


class Folded(NamedTuple):
    """What the facts of one resident amount to. Spans ascend; spans of grades touch, spans of one plan do not."""

    grades: tuple[Span, ...]
    plans: tuple[Span, ...]
    first_order: Order | None


def fold(facts: Iterable[OccurredFact]) -> Folded:
    """Ranges of grade and of plans, and the first standing order, from all facts of one resident in any order."""
    ordered = sorted(facts, key=_place_in_time)
    standing = _Standing()
    grades, plans = _Ranges(), _Ranges()
    for moment_us, at_once in groupby(ordered, key=lambda fact: fact.occurred_us):
        causes: dict[str, int] = {}
        for fact in at_once:
            before = {standing.grade, *standing.plans}
            standing.take(fact)
            causes |= dict.fromkeys({standing.grade, *standing.plans} - before, fact.entry)
        if grades.spans or standing.grade != Grade.FAN:
            grades.switch({standing.grade}, moment_us, causes)
        plans.switch(standing.plans, moment_us, causes)
    return Folded(tuple(grades.spans), tuple(plans.spans), _first_order(ordered))


def may_bind(*, buyer: int, inviter: int, bound_us: int, first_order_us: int | None) -> bool:
    """Whether an inviter can still be bound: never oneself, and before the buyer's first order (B-20)."""
    return buyer != inviter and (first_order_us is None or bound_us < first_order_us)


def _place_in_time(fact: OccurredFact) -> tuple[Any, ...]:
    references = [fact.reference(name) for name in ("order", "vehicle", "plan", "original")]
    return (fact.occurred_us, fact.fact in ENDING_FACTS, fact.kind, *references, fact.entry)


class _Standing:
    """What a resident holds while his facts are read in order."""

    def __init__(self) -> None:
        self.undone: set[int] = set()
        self.facts: list[OccurredFact] = []
        self._let_go()

    def _let_go(self) -> None:
        self.orders_with_deposit: list[str] = []
        self.vehicles: dict[str, bool] = {}
        self.started: set[str] = set()
        self.owned_before = False

    @property
    def grade(self) -> Grade:
        if any(self.vehicles.values()):
            return Grade.FOUNDER_OWNER
        if self.vehicles:
            return Grade.OWNER
        if self.owned_before:
            return Grade.FORMER_OWNER
        return Grade.DEPOSITOR if self.orders_with_deposit else Grade.FAN

    @property
    def plans(self) -> set[str]:
        return self.started | {DEPOSIT_PLAN} if self.orders_with_deposit else set(self.started)

    def take(self, fact: OccurredFact) -> None:
        """Read the next fact. After an undoing everything that still stands is read again."""
        if fact.fact == FactKind.UNDONE:
            if fact.undoes is not None:
                self._take_back(fact.undoes)
        elif fact.entry not in self.undone:
            self.facts.append(fact)
            self._apply(fact)

    def _take_back(self, entry: int) -> None:
        self.undone.add(entry)
        self.facts = [fact for fact in self.facts if fact.entry != entry]
        self._let_go()
        for fact in self.facts:
            self._apply(fact)

    def _apply(self, fact: OccurredFact) -> None:
        kind, vehicle = fact.fact, fact.reference("vehicle")
        if kind == FactKind.DEPOSIT:
            self.orders_with_deposit.append(fact.reference("order"))
        elif kind == FactKind.DELIVERY:
            self.vehicles[vehicle] = bool(fact.details.get("founder_edition"))
            self._use_up_deposits(fact.reference("order"))
        elif kind in (FactKind.RESALE, FactKind.BUY_BACK):
            self.owned_before |= self.vehicles.pop(vehicle, None) is not None
        elif kind == FactKind.PLAN_START:
            self.started.add(fact.reference("plan"))
        elif kind == FactKind.PLAN_END:
            self.started.discard(fact.reference("plan"))

    def _use_up_deposits(self, order: str) -> None:
        used = order or next(iter(self.orders_with_deposit), "")
        self.orders_with_deposit = [each for each in self.orders_with_deposit if each != used]


class _Ranges:
    """Ranges while they are being written, by the order of their beginning."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def switch(self, held: set[Any], moment_us: int, causes: Mapping[str, int]) -> None:
        """From ``moment_us`` on exactly ``held`` is held: end what is no longer, begin what is new."""
        running = {span.code for span in self.spans if span.ends_us is None}
        self.spans = [
            span._replace(ends_us=moment_us) if span.ends_us is None and span.code not in held else span
            for span in self.spans
        ]
        self.spans += [Span(str(code), moment_us, None, causes[code]) for code in sorted(held - running)]


def _first_order(ordered: list[OccurredFact]) -> Order | None:
    """The first order that still stands, or the delivery that proves one."""
    undone = {fact.undoes for fact in ordered}
    for fact in ordered:
        if fact.fact in (FactKind.ORDER, FactKind.DELIVERY) and fact.entry not in undone:
            return Order(fact.occurred_us, fact.entry)
    return None
