"""Ways to earn: every rule in force for a resident today, with what is left of each of his limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from denizen.ground.identity.queries import city_of, facts_for
from denizen.ground.ledger import queries as ledger
from denizen.kit import db
from denizen.kit.clock import from_micros, to_micros
from denizen.people.growth.queries.receipts import ended, in_language
from denizen.people.rulebook.queries import (
    Attributes,
    Book,
    Limit,
    Per,
    Pilot,
    Rule,
    book_of,
    calendar_of,
    cap_applies,
    constant_amount,
    limits_of,
    paused_rules,
    version_in_force,
)


@dataclass(frozen=True, slots=True)
class LimitLeft:
    """One limit as it binds a resident now. ``ends_at`` is None for a limit over a lifetime; ``shared`` has a title."""

    per: str
    unit: str
    limit: int
    used: int
    ends_at: datetime | None
    shared: str

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)


@dataclass(frozen=True, slots=True)
class Way:
    """One rule as a way to earn. ``amount`` is None when it depends on the entry.

    ``paused``: the public reason why the rule is paused, empty when it is not. ``pilot``: where it is tried, until
    ``valid_to``.
    """

    rule: str
    kind: str
    title: str
    behaviour: str
    incentive: str
    complaint_path: str
    system: str | None
    contribution_class: str | None
    amount: int | None
    assumed: bool
    limits: tuple[LimitLeft, ...]
    paused: str = ""
    pilot: Pilot | None = None
    valid_to: datetime | None = None

    @property
    def done(self) -> bool:
        """Nothing is left until a window ends."""
        return any(limit.left == 0 for limit in self.limits)


def ways_to_earn(*, resident: int, moment: datetime) -> list[Way]:
    """Every rule in force at ``moment`` whose award would go to the resident, in the book's order. Few queries."""
    version = version_in_force(moment)
    if version is None:
        return []
    book = book_of(version)
    attributes = _attributes(resident, moment)
    rules = [rule for rule in book.rules if rule.beneficiary == "resident" and _valid(rule, moment)]
    rules = _without_others_pilots(rules, resident, moment)
    binding = {
        rule.code: [limit for limit in limits_of(rule, book) if limit.by is None and cap_applies(limit, attributes)]
        for rule in rules
    }
    starts = calendar_of(book.time_zone).starts_at(to_micros(moment))
    used = _used(resident, (limit for limits in binding.values() for limit in limits), starts)
    paused = {code: ended(in_language(view.reason)) for code, view in paused_rules(moment).items()}
    return [_way(rule, book, binding[rule.code], used, starts, paused.get(rule.code, "")) for rule in rules]


def _attributes(resident: int, moment: datetime) -> Attributes:
    us = to_micros(moment)
    facts = facts_for([resident])[resident]
    classes = ledger.contribution_balances([resident]).get(resident, (0, 0, 0, 0))
    return Attributes(facts.grade_at(us), sum(classes), *classes, facts.levels_at(us), facts.invited_before_order(us))


def _valid(rule: Rule, moment: datetime) -> bool:
    return (rule.valid_from is None or rule.valid_from <= moment) and (rule.valid_to is None or moment < rule.valid_to)


def _without_others_pilots(rules: list[Rule], resident: int, moment: datetime) -> list[Rule]:
    """A pilot is a way to earn for who lives there. No query where there is none."""
    if not any(rule.pilot for rule in rules):
        return rules
    city = city_of(resident, moment)
    return [rule for rule in rules if rule.pilot is None or city in rule.pilot.cities]


def _used(resident: int, limits: Iterable[Limit], starts: Mapping[Per, int]) -> dict[str, int]:
    """Use by cap code in the present windows. One query."""
    wanted = {limit.code: starts[limit.per] for limit in limits}
    rows = db.fetch(
        "SELECT k.code, c.used FROM unnest(%s::text[], %s::int[]) AS asked(code, start)"
        " JOIN rulebook_capcode k ON k.code = asked.code"
        ' JOIN growth_capcounter c ON c.cap_id = k.id AND c.resident_id = %s AND c."window" = asked.start'
        " AND c.by = ''",
        (list(wanted), list(wanted.values()), resident),
    )
    return dict(rows)


def _way(
    rule: Rule, book: Book, limits: Sequence[Limit], used: Mapping[str, int], starts: Mapping[Per, int], paused: str
) -> Way:
    return Way(
        rule=rule.code,
        kind=rule.kind,
        title=in_language(rule.title),
        behaviour=in_language(rule.behaviour),
        incentive=in_language(rule.incentive),
        complaint_path=in_language(rule.complaint_path),
        system=rule.system,
        contribution_class=rule.contribution_class,
        amount=constant_amount(rule),
        assumed=rule.assumed,
        limits=tuple(_left(limit, book, used.get(limit.code, 0), starts[limit.per]) for limit in limits),
        paused=paused,
        pilot=rule.pilot,
        valid_to=rule.valid_to,
    )


def _left(limit: Limit, book: Book, used: int, start: int) -> LimitLeft:
    shared = next((cap.title for cap in book.shared_caps if cap.code == limit.code), None)
    ends_us = calendar_of(book.time_zone).window_end_us(limit.per, start)
    return LimitLeft(
        per=limit.per,
        unit=limit.unit,
        limit=limit.limit,
        used=used,
        ends_at=from_micros(ends_us) if ends_us is not None else None,
        shared=in_language(shared) if shared else "",
    )
