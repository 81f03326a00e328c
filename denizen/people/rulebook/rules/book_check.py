"""Static checks of a whole book against the kinds it speaks of: everything wrong, found before anybody is paid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from denizen.kit.schema import Shape

from .bounds import Bounds
from .checker import Scope, check
from .expressions import Expr
from .model import (
    AMOUNT_MAX,
    ASSETS,
    CLAUSES,
    CONTRIBUTION_CLASSES,
    SYSTEMS,
    UNITS,
    Book,
    Budget,
    Cap,
    Guideline,
    Rule,
    SharedCap,
    StatedValue,
    Text,
)
from .pilot_check import pilot_problems
from .problems import Problem
from .windows import PERS, UnableToFindTimeZone, calendar_of

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
ROW = re.compile(r"[A-Z]-[0-9]{2,3}\Z")
PROSE_LENGTH_MAX = 2_000
EXAMPLES_MAX = 20
RULES_MAX = 1_000
TABLE_KEYS_MAX = 10_000
LIMIT_MAX = 10**12
TABLE_VALUES = Bounds(-(10**12), 10**12)


class Place(NamedTuple):
    """A part of the book (``rule check_in``) and a field in it (``amount``)."""

    item: str
    field: str

    def problem(self, code: str, /, **values: str | int) -> Problem:
        return Problem(code, None, values, self.item, self.field)


def check_book(book: Book, shapes: Mapping[str, Shape]) -> tuple[Problem, ...]:
    """Every problem of the book, in the order of the book; an empty answer means it may be compiled and decided.

    ``shapes``: the shapes of all kinds, by kind.
    """
    found = [*_book_problems(book)]
    for name, table in book.tables.items():
        found += _table_problems(name, table)
    for budget in book.budgets:
        found += _budget_problems(budget)
    for shared in book.shared_caps:
        found += _shared_cap_problems(shared)
    for guideline in book.guidelines:
        found += _stated_problems(f"guideline {guideline.code}", guideline)
    for value in book.values:
        found += _value_problems(value)
    for rule in book.rules:
        found += _rule_problems(rule, book, shapes)
    return tuple(found)


def _book_problems(book: Book) -> Iterator[Problem]:
    yield from _code_problems("book", book.code)
    yield from _text_problems(Place("book", "title"), book.title)
    yield from _range_problems(Place("book", "review_months"), book.review_months, 1, 120)
    yield from _range_problems(Place("book", "notice_days"), book.notice_days, 0, 365)
    yield from _range_problems(Place("book", "rules"), len(book.rules), 0, RULES_MAX)
    try:
        calendar_of(book.time_zone)
    except UnableToFindTimeZone:
        yield Place("book", "time_zone").problem("time_zone_unknown", name=book.time_zone)
    for kind, codes in (
        ("rule", [rule.code for rule in book.rules]),
        ("budget", [budget.code for budget in book.budgets]),
        ("shared_cap", [cap.code for cap in book.shared_caps]),
        ("guideline", [guideline.code for guideline in book.guidelines]),
        ("value", [value.code for value in book.values]),
    ):
        for code in _repeated(codes):
            yield Place(f"{kind} {code}", "code").problem("code_twice", code=code)


def _table_problems(name: str, table: Mapping[str, int]) -> Iterator[Problem]:
    place = Place(f"table {name}", "")
    yield from _code_problems(place.item, name)
    yield from _range_problems(place, len(table), 1, TABLE_KEYS_MAX)
    for key, value in table.items():
        if not key or len(key) > 120 or _has_controls(key):
            yield place.problem("table_key_shape", key=key[:40])
        yield from _range_problems(Place(place.item, key[:40]), value, int(TABLE_VALUES.low), int(TABLE_VALUES.high))


def _budget_problems(budget: Budget) -> Iterator[Problem]:
    item = f"budget {budget.code}"
    yield from _code_problems(item, budget.code)
    yield from _text_problems(Place(item, "title"), budget.title)
    yield from _text_problems(Place(item, "benefit"), budget.benefit)
    if budget.limited != (budget.amount is not None):
        yield Place(item, "amount").problem("budget_amount")
    if budget.amount is not None:
        yield from _range_problems(Place(item, "amount"), budget.amount, 1, LIMIT_MAX)
    if budget.alarm_at is not None and (budget.amount is None or not 0 <= budget.alarm_at <= budget.amount):
        yield Place(item, "alarm_at").problem("budget_alarm")


def _shared_cap_problems(cap: SharedCap) -> Iterator[Problem]:
    item = f"shared_cap {cap.code}"
    yield from _code_problems(item, cap.code)
    yield from _text_problems(Place(item, "title"), cap.title)
    yield from _cap_problems(item, "", cap)


def _stated_problems(item: str, stated: Guideline | StatedValue) -> Iterator[Problem]:
    yield from _code_problems(item, stated.code)
    yield from _text_problems(Place(item, "title"), stated.title)
    yield from _text_problems(Place(item, "text"), stated.text)


def _value_problems(value: StatedValue) -> Iterator[Problem]:
    item = f"value {value.code}"
    yield from _stated_problems(item, value)
    yield from _range_problems(Place(item, "examples"), len(value.examples), 1, EXAMPLES_MAX)
    for number, example in enumerate(value.examples, start=1):
        yield from _text_problems(Place(item, f"examples[{number}]"), example)


def _purpose_problems(item: str, rule: Rule, book: Book) -> Iterator[Problem]:
    """What a rule is for: its guideline (A-37), its value (A-29) and the clauses it serves (A-03)."""
    if book.guidelines and book.guideline(rule.guideline) is None:
        known = ", ".join(guideline.code for guideline in book.guidelines)
        yield Place(item, "guideline").problem("guideline_unknown", name=rule.guideline[:60], known=known)
    else:
        yield from _word_problems(Place(item, "guideline"), rule.guideline)
    if book.value(rule.value) is None and (book.values or rule.value is not None):
        known = ", ".join(value.code for value in book.values)
        yield Place(item, "value").problem("value_unknown", name=str(rule.value)[:60], known=known)
    for clause in rule.clauses:
        yield from _choice_problems(Place(item, "clauses"), clause, CLAUSES)
    for repeated in _repeated(rule.clauses):
        yield Place(item, "clauses").problem("code_twice", code=repeated)


def _rule_problems(rule: Rule, book: Book, shapes: Mapping[str, Shape]) -> Iterator[Problem]:
    item = f"rule {rule.code}"
    yield from _code_problems(item, rule.code)
    for name in ("title", "behaviour", "incentive", "feedback", "complaint_path"):
        yield from _text_problems(Place(item, name), getattr(rule, name))
    yield from _purpose_problems(item, rule, book)
    for row in rule.rows:
        if not ROW.match(row):
            yield Place(item, "rows").problem("row_shape", row=row[:40])
    yield from _asset_problems(item, rule, book)
    yield from _validity_problems(item, rule)
    yield from pilot_problems(item, rule)
    if rule.pilot is not None:
        yield from _text_problems(Place(item, "pilot.question"), rule.pilot.question)
    shape = shapes.get(rule.kind)
    if shape is None:
        yield Place(item, "kind").problem("kind_unknown", kind=rule.kind[:60])
        return
    yield from _people_problems(item, rule, shape)
    yield from _reversal_problems(item, rule, shapes)
    yield from _limit_problems(item, rule, book, shape)
    scope = Scope(shape, book.tables)
    yield from expression_problems(Place(item, "when"), rule.when, scope, "bool")
    yield from expression_problems(Place(item, "amount"), rule.amount, scope, "int")


def expression_problems(place: Place, expression: Expr, scope: Scope, wanted: str) -> Iterator[Problem]:
    """Problems of an expression at its place; a number that is to be an amount must lie within 0 and the maximum."""
    verdict = check(expression, scope, wanted)
    for each in verdict.problems:
        yield Problem(each.code, each.at, each.values, place.item, place.field)
    if verdict.problems or wanted != "int":
        return
    low, high = int(verdict.bounds.low), int(verdict.bounds.high)
    if low < 0:
        yield Problem("amount_negative", expression.at, {"low": low}, place.item, place.field)
    if high > AMOUNT_MAX:
        yield Problem("amount_too_large", expression.at, {"high": high, "limit": AMOUNT_MAX}, *place)


def _asset_problems(item: str, rule: Rule, book: Book) -> Iterator[Problem]:
    yield from _range_problems(Place(item, "hold_days"), rule.hold_days, 0, 3_650)
    yield from _range_problems(Place(item, "lot_priority"), rule.lot_priority, -1_000, 1_000)
    yield from _choice_problems(Place(item, "asset"), rule.asset, ASSETS)
    if rule.lot_days is not None:
        yield from _range_problems(Place(item, "lot_days"), rule.lot_days, 1, 36_500)
    if rule.asset == "contribution":
        yield from _choice_problems(Place(item, "contribution_class"), rule.contribution_class, CONTRIBUTION_CLASSES)
        unset = {"lot_days": None, "lot_priority": 0, "hold_days": 0, "budget": None}
        for name, value in unset.items():
            if getattr(rule, name) != value:
                yield Place(item, name).problem("points_only", name=name)
    else:
        yield from _choice_problems(Place(item, "system"), rule.system, SYSTEMS)
        if rule.contribution_class is not None:
            yield Place(item, "contribution_class").problem("contribution_only")
        if rule.budget not in {budget.code for budget in book.budgets}:
            known = ", ".join(budget.code for budget in book.budgets)
            yield Place(item, "budget").problem("budget_unknown", name=str(rule.budget)[:60], known=known)


def _validity_problems(item: str, rule: Rule) -> Iterator[Problem]:
    for name in ("valid_from", "valid_to"):
        moment = getattr(rule, name)
        if moment is not None and moment.tzinfo is None:
            yield Place(item, name).problem("validity_without_offset")
            return
    if rule.valid_from is not None and rule.valid_to is not None and rule.valid_from >= rule.valid_to:
        yield Place(item, "valid_to").problem("validity_order")


def _people_problems(item: str, rule: Rule, shape: Shape) -> Iterator[Problem]:
    fields = {field.name for field in shape.fields if field.type == "resident"}
    for name, roles in (("beneficiary", {"resident", "inviter"}), ("names", {"inviter"})):
        person = getattr(rule, name)
        if person is not None and person not in fields | roles:
            known = ", ".join(sorted(fields | roles))
            yield Place(item, name).problem("person_unknown", name=person[:60], kind=shape.kind, known=known)


def _reversal_problems(item: str, rule: Rule, shapes: Mapping[str, Shape]) -> Iterator[Problem]:
    if rule.reversal_kind is None:
        return
    reversal = shapes.get(rule.reversal_kind)
    if reversal is None:
        yield Place(item, "reversal_kind").problem("kind_unknown", kind=rule.reversal_kind[:60])
    elif reversal.reverses != rule.kind:
        yield Place(item, "reversal_kind").problem("reversal_mismatch", kind=reversal.kind, reversed=rule.kind)


def _limit_problems(item: str, rule: Rule, book: Book, shape: Shape) -> Iterator[Problem]:
    for number, cap in enumerate(rule.caps, start=1):
        prefix = f"caps[{number}]."
        yield from _cap_problems(item, prefix, cap)
        field = shape.field(cap.by) if cap.by is not None else None
        if cap.by is not None and (field is None or field.type in ("bool", "moment")):
            usable = ", ".join(each.name for each in shape.fields if each.type not in ("bool", "moment"))
            yield Place(item, prefix + "by").problem("cap_by", name=cap.by[:60], kind=shape.kind, known=usable)
    for code in _repeated(cap.code_in(rule.code) for cap in rule.caps):
        yield Place(item, "caps").problem("cap_twice", code=code)
    for code in _repeated(rule.shared_caps):
        yield Place(item, "shared_caps").problem("code_twice", code=code)
    for code in rule.shared_caps:
        if code not in {cap.code for cap in book.shared_caps}:
            known = ", ".join(cap.code for cap in book.shared_caps)
            yield Place(item, "shared_caps").problem("shared_cap_unknown", name=code[:60], known=known)


def _cap_problems(item: str, prefix: str, cap: Cap | SharedCap) -> Iterator[Problem]:
    yield from _range_problems(Place(item, f"{prefix}limit"), cap.limit, 1, LIMIT_MAX)
    yield from _choice_problems(Place(item, f"{prefix}unit"), cap.unit, UNITS)
    yield from _choice_problems(Place(item, f"{prefix}per"), cap.per, PERS)
    scope = Scope(people=("beneficiary",), moment=False)
    yield from expression_problems(Place(item, f"{prefix}when"), cap.when, scope, "bool")


def _code_problems(item: str, code: str) -> Iterator[Problem]:
    if not CODE.match(code):
        yield Place(item, "code").problem("code_shape", code=code[:60])


def _text_problems(place: Place, text: Text) -> Iterator[Problem]:
    for language, words in (("en", text.en), ("zh", text.zh)):
        yield from _word_problems(Place(place.item, f"{place.field}.{language}"), words)


def _word_problems(place: Place, words: str) -> Iterator[Problem]:
    if not words.strip():
        yield place.problem("text_empty")
    elif len(words) > PROSE_LENGTH_MAX:
        yield place.problem("prose_too_long", limit=PROSE_LENGTH_MAX)
    elif _has_controls(words.replace("\n", "")):
        yield place.problem("text_control")


def _range_problems(place: Place, value: int, low: int, high: int) -> Iterator[Problem]:
    if not low <= value <= high:
        yield place.problem("number_range", low=low, high=high, found=value)


def _choice_problems(place: Place, value: str | None, allowed: tuple[str, ...]) -> Iterator[Problem]:
    if value not in allowed:
        yield place.problem("choice_wrong", found=str(value)[:60], allowed=", ".join(allowed))


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(character)[0] == "C" for character in text)


def _repeated(codes: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [code for code in codes if code in seen or seen.add(code)]  # type: ignore[func-returns-value]
