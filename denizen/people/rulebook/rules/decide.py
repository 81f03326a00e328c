"""The decision: what each rule of the entry's kind pays, and the reason for every yes and every no.

Pure: everything read is an argument; the only thing written is the caller's ``State``, so that a batch can be decided
in memory, one entry after another in order of occurring, before anything is stored.

A rule is decided in this order, and stops at the first no: the cities of a pilot, validity, the persons it needs,
condition, amount, caps, budget. A cap pays what is left of it (``capped_part``) or nothing (``capped``). A ``times``
cap counts paid awards, never those of which nothing was paid. A limited budget is all or nothing: an award larger than
what is left is not paid, and nothing is taken from the budget or the caps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from .inputs import Absent, Attributes, Facts
from .program import EARLY, ELSEWHERE, LATE, NOBODY, CompiledBook, CompiledLimit, CompiledRule
from .windows import DAY_US, LocalDay

Outcome = Literal[
    "paid", "capped_part", "capped", "refused", "not_valid", "missing", "no_beneficiary", "budget_exhausted",
    "elsewhere",
]  # fmt: skip
Reason = Literal[
    "", "cap", "condition_false", "amount_zero", "not_yet", "no_longer", "field", "table_key", "person", "budget"
]


class CapKey(NamedTuple):
    """A counter: cap, beneficiary, first local day of the window (days since 2000-01-01), value of ``by`` or empty."""

    code: str
    resident_id: int
    window_start: int
    by_value: str


class Use(NamedTuple):
    """What a line takes from one counter: ``amount`` by this line (points, n or times), ``used`` after it."""

    key: CapKey
    amount: int
    used: int
    limit: int


class Detail(NamedTuple):
    """Why a line is what it is.

    ``cap``: ``name`` is the code of the counter that is now used up, ``limit`` its limit (what the next window will
    give), ``ends_us`` when its window ends (None: never). ``budget``: ``name`` is the budget, ``left`` its rest.
    ``field``: ``name`` is the missing field. ``table_key``: ``name`` is the table, ``key`` the missing key.
    ``person``: ``name`` is the role nobody fills.
    """

    reason: Reason
    name: str = ""
    key: str = ""
    limit: int = 0
    left: int = 0
    ends_us: int | None = None


class Line(NamedTuple):
    """What one rule said to one entry. ``rule`` is the index in the book; ``consumed`` is empty unless paid."""

    rule: int
    code: str
    outcome: Outcome
    asked: int
    paid: int
    beneficiary_id: int | None
    named_id: int | None
    consumed: tuple[Use, ...]
    detail: Detail


@dataclass(slots=True)
class State:
    """What was used of the caps and what is left of the limited budgets. ``decide`` updates both as it pays.

    ``short``: the budgets that had too little left for an award.
    """

    used: dict[CapKey, int] = field(default_factory=dict)
    budgets: dict[str, int] = field(default_factory=dict)
    short: set[str] = field(default_factory=set)


class UnableToDecide(ValueError):
    """The caller did not hand over the rest of a limited budget."""


_PLAIN = Detail("")
_FALSE = Detail("condition_false")
_ZERO = Detail("amount_zero")
_NOT_VALID = {EARLY: Detail("not_yet"), LATE: Detail("no_longer")}
_line = tuple.__new__
"""Builds a named tuple without its constructor's keyword handling; half the time of a line."""


def decide(compiled: CompiledBook, facts: Facts, state: State) -> tuple[Line, ...]:
    """One line for each rule of the entry's kind, in the book's order; no line when no rule speaks of the kind.

    Raises :class:`UnableToDecide` when ``state.budgets`` lacks a limited budget an award draws on.
    """
    plan = compiled.plans.get(facts.kind)
    if plan is None:
        return ()
    day = _local_day(compiled, facts) if plan.has_limits else None
    lines = []
    for rule, answer in zip(plan.rules, plan.fused(facts), strict=True):
        if answer.__class__ is int and answer > 0:
            lines.append(_award(compiled, rule, facts, state, answer, day))
        elif answer is None:
            lines.append(_unpaid(rule, facts, "refused", _FALSE))
        else:
            lines.append(_answered(rule, facts, answer))
    return tuple(lines)


def cap_keys(compiled: CompiledBook, facts: Facts) -> set[CapKey]:
    """Every counter the entry could touch, so that the caller loads them in one query before deciding.

    Also those of caps that do not apply now: what earlier entries of the batch grant to the beneficiary may change it.
    """
    plan = compiled.plans.get(facts.kind)
    if plan is None or not plan.has_limits:
        return set()
    starts = _local_day(compiled, facts).starts
    found: set[CapKey] = set()
    for rule in plan.rules:
        role = rule.beneficiary
        if rule.limits and (role is None or role in facts.people):
            person_id = facts.resident_id if role is None else facts.people[role][0]
            for code, _, _, _, per_index, by, _ in rule.limits:
                value = "" if by is None else facts.payload.get(by)
                if value is not None:
                    found.add(_line(CapKey, (code, person_id, starts[per_index], str(value))))
    return found


def _local_day(compiled: CompiledBook, facts: Facts) -> LocalDay:
    return compiled.calendar.local_day(compiled.calendar.local_us(facts.occurred_us) // DAY_US)


def _beneficiary(rule: CompiledRule, facts: Facts) -> tuple[int, Attributes]:
    if rule.beneficiary is None:
        return facts.resident_id, facts.resident
    return facts.people[rule.beneficiary]


def _counters(
    rule: CompiledRule, person_id: int, attributes: Attributes, facts: Facts, day: LocalDay
) -> list[tuple[CompiledLimit, CapKey | None]]:
    """The caps that apply now, each with its counter; None for a counter whose ``by`` field is missing."""
    found: list[tuple[CompiledLimit, CapKey | None]] = []
    for limit in rule.limits:
        code, _, _, _, per_index, by, applies = limit
        if applies is not None and not applies(attributes):
            continue
        if by is None:
            found.append((limit, _line(CapKey, (code, person_id, day.starts[per_index], ""))))
        else:
            value = facts.payload.get(by)
            key = None if value is None else CapKey(code, person_id, day.starts[per_index], str(value))
            found.append((limit, key))
    return found


def _unpaid(rule: CompiledRule, facts: Facts, outcome: Outcome, detail: Detail, asked: int = 0) -> Line:
    number, code, role, _, _, _ = rule
    person_id = facts.resident_id if role is None else facts.people[role][0] if role in facts.people else None
    return _line(Line, (number, code, outcome, asked, 0, person_id, None, (), detail))


@lru_cache(maxsize=1_024)
def _detail(reason: Reason, name: str, key: str = "") -> Detail:
    """The same few reasons come again and again; one object each saves time and memory."""
    return Detail(reason, name, key)


def _answered(rule: CompiledRule, facts: Facts, answer: Any) -> Line:
    """The line for an answer that is no positive amount."""
    if isinstance(answer, Absent):
        reason: Reason = "field" if answer.key is None else "table_key"
        return _unpaid(rule, facts, "missing", _detail(reason, answer.name, answer.key or ""))
    if answer == NOBODY:
        roles = (rule.beneficiary, rule.names)
        role = next(role for role in roles if role is not None and role not in facts.people)
        return _unpaid(rule, facts, "no_beneficiary", _detail("person", role))
    if answer == ELSEWHERE:
        return _unpaid(rule, facts, "elsewhere", _PLAIN)
    if answer in _NOT_VALID:
        return _unpaid(rule, facts, "not_valid", _NOT_VALID[answer])
    return _unpaid(rule, facts, "refused", _ZERO)


def _award(
    compiled: CompiledBook, rule: CompiledRule, facts: Facts, state: State, asked: int, day: LocalDay | None
) -> Line:
    """The line for an amount the rule would pay: caps, then budget, then both are drawn on."""
    number, code, _, names, limits, budget = rule
    person_id, attributes = _beneficiary(rule, facts)
    paid, detail, outcome = asked, _PLAIN, "paid"
    counters = _counters(rule, person_id, attributes, facts, day) if day is not None and limits else ()
    for limit, key in counters:
        if key is None:
            return _unpaid(rule, facts, "missing", _detail("field", limit.by or ""), asked)
        left = limit.limit - state.used.get(key, 0)
        if left < (1 if limit.counts_times else paid):
            paid, outcome = left, "capped_part"
            ends_us = compiled.calendar.window_end_us(limit.per, key[2])
            detail = Detail("cap", limit.code, limit=limit.limit, ends_us=ends_us)
            if left <= 0:
                return _unpaid(rule, facts, "capped", detail, asked)
    if budget is not None:
        rest = _rest(state, budget)
        if rest < paid:
            state.short.add(budget)
            return _unpaid(rule, facts, "budget_exhausted", Detail("budget", budget, left=rest), asked)
        state.budgets[budget] = rest - paid
    consumed = _consume(state, counters, paid) if counters else ()
    named_id = None if names is None else facts.people[names][0]
    return _line(Line, (number, code, outcome, asked, paid, person_id, named_id, consumed, detail))


def _rest(state: State, budget: str) -> int:
    try:
        return state.budgets[budget]
    except KeyError as error:
        raise UnableToDecide(f"the rest of the limited budget {budget!r} was not handed over") from error


def _consume(state: State, counters: Iterable[tuple[CompiledLimit, Any]], paid: int) -> tuple[Use, ...]:
    uses = []
    for limit, key in counters:
        amount = 1 if limit.counts_times else paid
        used = state.used.get(key, 0) + amount
        state.used[key] = used
        uses.append(_line(Use, (key, amount, used, limit.limit)))
    return tuple(uses)
