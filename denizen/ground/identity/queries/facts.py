"""What residents are at a moment, for a whole batch: two queries, whatever its size."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter

from denizen.ground.identity.constants import Grade
from denizen.ground.identity.models import LevelVersion
from denizen.ground.identity.rules import Level, LevelBook, Span
from denizen.kit import db
from denizen.kit.clock import to_micros

MICROS = "((extract(epoch FROM {0}) - 946684800) * 1000000)::bigint"
"""SQL of a moment as microseconds since 2000-01-01 UTC."""

SPANS_SQL = f"""
SELECT resident_id, 'grade', grade, {MICROS.format("lower(held)")}, {MICROS.format("upper(held)")}, entry_id
FROM identity_gradespan WHERE resident_id = ANY(%(residents)s)
UNION ALL
SELECT resident_id, 'plan', plan, {MICROS.format("lower(held)")}, {MICROS.format("upper(held)")}, entry_id
FROM identity_planspan WHERE resident_id = ANY(%(residents)s)
UNION ALL
SELECT buyer_id, 'inviter', NULL, {MICROS.format("bound_at")}, {MICROS.format("placed_at")}, inviter_id
FROM identity_invitation LEFT JOIN identity_firstorder ON resident_id = buyer_id
WHERE buyer_id = ANY(%(residents)s)
ORDER BY 1, 4
"""

_begins = attrgetter("begins_us")


class ResidentFacts:
    """What one resident is to the city, at any moment in microseconds since 2000-01-01 UTC."""

    __slots__ = ("bound_us", "first_order_us", "grades", "inviter", "levels", "plans")

    def __init__(self, levels: LevelBook) -> None:
        self.levels = levels
        self.grades: list[Span] = []
        self.plans: list[Span] = []
        self.inviter: int | None = None
        self.bound_us = 0
        self.first_order_us: int | None = None

    def grade_at(self, moment_us: int) -> str:
        span = self.grade_span_at(moment_us)
        return span.code if span else Grade.FAN

    def grade_span_at(self, moment_us: int) -> Span | None:
        """The range of the grade held then; None for who has been a fan since ever."""
        place = bisect_right(self.grades, moment_us, key=_begins)
        return self.grades[place - 1] if place else None

    def held_at(self, moment_us: int) -> list[tuple[Level, Span | None]]:
        """The levels held then, each with the range that gives it; those of the grade first, none twice."""
        in_force = self.levels.in_force(moment_us)
        grade = self.grade_span_at(moment_us)
        found: dict[str, tuple[Level, Span | None]] = {}
        for level in in_force.get(grade.code if grade else Grade.FAN, ()):
            if level.lasts(grade and self._held_since(level, grade), moment_us):
                found[level.code] = (level, grade)
        for span in self.plans:
            if span.begins_us <= moment_us and (span.ends_us is None or moment_us < span.ends_us):
                for level in in_force.get(span.code, ()):
                    if level.lasts(span.begins_us, moment_us):
                        found.setdefault(level.code, (level, span))
        return list(found.values())

    def levels_at(self, moment_us: int) -> tuple[str, ...]:
        """Codes of the levels held then."""
        return tuple(level.code for level, _ in self.held_at(moment_us))

    def rights_at(self, moment_us: int) -> frozenset[str]:
        """Everything the levels held then allow."""
        return frozenset().union(*(level.rights for level, _ in self.held_at(moment_us)))

    def inviter_at(self, moment_us: int) -> int | None:
        """The key of who had invited the resident by then."""
        return self.inviter if self.inviter is not None and self.bound_us <= moment_us else None

    def invited_before_order(self, moment_us: int) -> bool:
        """Whether an inviter was bound by then, and before the first order."""
        return self.inviter_at(moment_us) is not None and (
            self.first_order_us is None or self.bound_us < self.first_order_us
        )

    def _held_since(self, level: Level, span: Span) -> int:
        """When ``level`` began: changing between grades that both give it does not start its term again."""
        since = span.begins_us
        for earlier in reversed(self.grades):
            if earlier.ends_us == since and earlier.code in level.conditions:
                since = earlier.begins_us
        return since


class FactsByResident(dict[int, ResidentFacts]):
    """Facts by resident. Who has no range and no inviter is not looked up again: all of them share one plain fan."""

    def __init__(self, levels: LevelBook) -> None:
        super().__init__()
        self.plain = ResidentFacts(levels)

    def __missing__(self, resident: int) -> ResidentFacts:
        return self.plain


def facts_for(residents: Iterable[int]) -> FactsByResident:
    """What each of ``residents`` (keys) is, in two queries. Read it with ``[...]``: the plain are not stored."""
    facts = FactsByResident(level_book())
    for resident, sort, code, begins_us, ends_us, reference in db.fetch(SPANS_SQL, {"residents": list(residents)}):
        found = facts.get(resident)
        if found is None:
            found = facts[resident] = ResidentFacts(facts.plain.levels)
        if sort == "inviter":
            found.inviter, found.bound_us, found.first_order_us = reference, begins_us, ends_us
        else:
            spans = found.grades if sort == "grade" else found.plans
            spans.append(Span(code, begins_us, ends_us, reference))
    return facts


def level_book() -> LevelBook:
    """All published levels. There are few, so they are read whole."""
    fields = ("id", "code", "condition", "rights", "term_days", "effective_from")
    return LevelBook(
        [
            Level(
                id=id_,
                code=code,
                conditions=frozenset(condition["grades"]) | frozenset(condition["plans"]),
                rights=frozenset(rights),
                term_us=Level.term(term_days),
                effective_us=to_micros(effective_from),
            )
            for id_, code, condition, rights, term_days, effective_from in LevelVersion.objects.values_list(*fields)
        ]
    )
