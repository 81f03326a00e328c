"""A book made ready to decide: for each kind one fused function and a plan with everything else worked out before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from denizen.kit.schema import Shape

from .book_check import check_book
from .compiler import Code, code_of, environment, fields_of
from .expressions import Attribute, Moment, walk
from .inputs import Attributes, Facts
from .model import ALWAYS, Book, Limit, Rule, limits_of
from .problems import UnableToLoadBook
from .windows import PERS, Calendar, Per, calendar_of, moment_us

EARLY, LATE, NOBODY, ELSEWHERE = "early", "late", "nobody", "elsewhere"
"""What the fused function says instead of an amount: not yet valid, no longer valid, no beneficiary, a pilot of
other cities than the one where the resident who acted lived."""

Fused = Callable[[Facts], tuple[Any, ...]]
"""For each rule of the kind in the book's order: an amount, None (condition false), one of the four words above, or
an ``Absent``."""


class CompiledLimit(NamedTuple):
    """A cap of one rule: ``per_index`` picks the window start, ``applies`` is None when the cap always applies."""

    code: str
    limit: int
    counts_times: bool
    per: Per
    per_index: int
    by: str | None
    applies: Callable[[Attributes], bool] | None


class CompiledRule(NamedTuple):
    """A rule as ``decide`` reads it; ``number`` is its place in the book. ``budget``: code of a limited budget."""

    number: int
    code: str
    beneficiary: str | None
    names: str | None
    limits: tuple[CompiledLimit, ...]
    budget: str | None


class Plan(NamedTuple):
    """Everything about one kind."""

    fused: Fused
    rules: tuple[CompiledRule, ...]
    has_limits: bool


@dataclass(frozen=True, slots=True)
class CompiledBook:
    """A book with its plans by kind. Safe to share between threads: deciding writes only to the caller's state."""

    book: Book
    calendar: Calendar
    plans: Mapping[str, Plan]

    @property
    def limited_budgets(self) -> tuple[str, ...]:
        """Codes of the budgets whose remainder the caller must hand to ``decide``."""
        return tuple(budget.code for budget in self.book.budgets if budget.limited)


def compile_book(book: Book, shapes: Mapping[str, Shape]) -> CompiledBook:
    """The book made ready to decide. Raises :class:`UnableToLoadBook` when a static check fails."""
    problems = check_book(book, shapes)
    if problems:
        raise UnableToLoadBook(problems)
    calendar = calendar_of(book.time_zone)
    kinds = dict.fromkeys(rule.kind for rule in book.rules)
    return CompiledBook(book, calendar, {kind: _plan(kind, book, calendar) for kind in kinds})


def fused_source(kind: str, book: Book) -> str:
    """The Python source of a kind's fused function; written from checked trees only, and readable for audits."""
    rules = [rule for rule in book.rules if rule.kind == kind]
    trees = [tree for rule in rules for tree in (rule.when, rule.amount)]
    lines = ["def fused(facts):", "    resident = facts.resident"]
    if any(rule.valid_from or rule.valid_to for rule in rules):
        lines.append("    occurred_us = facts.occurred_us")
    if any(rule.beneficiary != "resident" or rule.names for rule in rules):
        lines.append("    people = facts.people")
    if any(isinstance(node, Moment) for tree in trees for node in walk(tree)):
        lines.append("    moment = moment_of(facts.occurred_us)")
    names = sorted(set().union(*(fields_of(tree) for tree in trees)))
    lines += ["    payload_get = facts.payload.get"] if names else []
    lines += [f"    entry_{name} = payload_get({name!r})" for name in names]
    for number, rule in enumerate(rules):
        lines += _rule_lines(number, rule)
    answers = ", ".join(f"answer_{number}" for number in range(len(rules)))
    return "\n".join([*lines, f"    return ({answers},)"]) + "\n"


def _rule_lines(number: int, rule: Rule) -> list[str]:
    """Lines that set ``answer_<number>``: place and validity first, then the persons, then condition and amount."""
    answer = f"answer_{number}"
    tests: list[tuple[str, str]] = []
    if rule.pilot is not None:
        tests.append((f"facts.city not in {rule.pilot.cities!r}", ELSEWHERE))
    if rule.valid_from is not None:
        tests.append((f"occurred_us < {moment_us(rule.valid_from)}", EARLY))
    if rule.valid_to is not None:
        tests.append((f"occurred_us >= {moment_us(rule.valid_to)}", LATE))
    tests += [(f"{role!r} not in people", NOBODY) for role in _roles(rule)]
    lines = [
        f"    {'if' if not index else 'elif'} {test}: {answer} = {word!r}" for index, (test, word) in enumerate(tests)
    ]
    lines.append("    else:" if tests else "    if True:")
    if _mentions_beneficiary(rule):
        person = "resident" if rule.beneficiary == "resident" else f"people[{rule.beneficiary!r}].attributes"
        lines.append(f"        beneficiary = {person}")
    when, amount = code_of(rule.when), code_of(rule.amount)
    paying = amount.text if rule.when == ALWAYS else f"{amount.text} if {when.text} else None"
    lines += ["        try:", f"            {answer} = {paying}", "        except Absent as gone:"]
    return [*lines, f"            {answer} = gone"]


def _roles(rule: Rule) -> list[str]:
    """Persons who must be known before the rule can pay: who gets it, then whom the line names."""
    return [role for role in (rule.beneficiary, rule.names) if role is not None and role != "resident"]


def _mentions_beneficiary(rule: Rule) -> bool:
    nodes = [*walk(rule.when), *walk(rule.amount)]
    return any(isinstance(node, Attribute) and node.who == "beneficiary" for node in nodes)


def _plan(kind: str, book: Book, calendar: Calendar) -> Plan:
    names = environment(book.tables) | {"moment_of": calendar.moment}
    exec(compile(fused_source(kind, book), f"<rules for {kind}>", "exec"), names)
    limited = {budget.code for budget in book.budgets if budget.limited}
    rules = tuple(
        CompiledRule(
            number,
            rule.code,
            None if rule.beneficiary == "resident" else rule.beneficiary,
            rule.names,
            tuple(map(_compiled_limit, limits_of(rule, book))),
            rule.budget if rule.budget in limited else None,
        )
        for number, rule in enumerate(book.rules)
        if rule.kind == kind
    )
    return Plan(names["fused"], rules, any(rule.limits for rule in rules))


def _compiled_limit(limit: Limit) -> CompiledLimit:
    applies = None if limit.when == ALWAYS else _condition(code_of(limit.when))
    per_index = PERS.index(limit.per)
    return CompiledLimit(limit.code, limit.limit, limit.unit == "times", limit.per, per_index, limit.by, applies)


def _condition(code: Code) -> Callable[[Attributes], bool]:
    names = environment({})
    exec(compile(f"def applies(beneficiary):\n    return {code.text}\n", "<cap>", "exec"), names)
    applies: Callable[[Attributes], bool] = names["applies"]
    return applies
