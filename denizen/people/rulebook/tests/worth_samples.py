"""Random books, random changes of them and random days of a few residents, for the proof that no claim is false."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from denizen.people.rulebook.rules import (
    Attributes,
    Book,
    Budget,
    Cap,
    Facts,
    Person,
    Rule,
    SharedCap,
    Text,
    check_book,
    parse,
)
from denizen.people.rulebook.rules.expressions import Bool, Expr, Int
from denizen.people.rulebook.rules.model import ALWAYS

from .language_samples import SHAPES, us

WORDS = Text("Words", "文字")
KINDS = ("order", "check_in", "profile_item")
HOUR_US = 3_600_000_000
AMOUNTS: dict[str, tuple[str, ...]] = {
    "order": (
        "1", "2", "3", "5", "entry.cents / 20", "entry.cents / 10", "min(entry.cents, 4)", "min(entry.cents, 6)",
        "tables.rates[entry.model]", "tables.rates[entry.model] + 1", 'entry.gift ? 3 : 1', 'entry.gift ? 4 : 1',
        "max(0, entry.bonus)", "has(entry.bonus) ? min(entry.bonus, 5) : 0", "max(1, min(entry.cents, 3))",
        "floor(ratio(min(entry.cents, 30), 4))", "ceil(ratio(min(entry.cents, 30), 4))",
        "floor(ratio(min(entry.cents, 30), 3))", "min(entry.cents, 4) * 2", "min(entry.cents, 4) * 3",
        "max(0, 5 - min(entry.cents, 9))", "max(0, 7 - min(entry.cents, 9))", "entry.cents % 5",
    ),
    "check_in": ("1", "2", "3", "min(entry.streak, 3)", "min(entry.streak, 5)", "entry.streak % 4 == 0 ? 5 : 1",
                 "entry.streak % 4 == 0 ? 5 : 2", "entry.streak >= 4 ? 4 : 0", "entry.streak / 2 > 3 ? 2 : 1"),
    "profile_item": ("1", "2", "4", "min(entry.length, 3)", "min(entry.length, 5)", "tables.steps[entry.item]"),
}  # fmt: skip
CONDITIONS: dict[str, tuple[str, ...]] = {
    "order": (
        "true", "entry.gift", "!entry.gift", "entry.cents >= 5", "entry.cents > 5", "entry.cents >= 9",
        "entry.cents >= 5 && entry.gift", "entry.cents >= 5 || entry.gift", 'entry.model in ["sedan"]',
        'entry.model in ["sedan", "coupe"]', 'entry.model != "van"', 'entry.model == "coupe"', "entry.bonus > 2",
        "has(entry.bonus) && entry.bonus > 2", "entry.model in tables.rates", "entry.rushed || entry.gift",
        "!(entry.cents < 5)", "!(entry.cents < 3 || entry.gift)", "resident.contribution >= 10",
        "entry.gift || entry.rushed", "entry.bonus > 2 || entry.cents > 5", "!(entry.gift && entry.cents > 5)",
    ),
    "check_in": ("true", "entry.streak >= 2", "entry.streak >= 4", "entry.streak < 9", "moment.weekday <= 5",
                 'beneficiary.grade != "owner"', "entry.streak >= 4 && moment.weekday <= 5"),
    "profile_item": ("true", "entry.length >= 3", "entry.length >= 5", 'entry.item in ["a", "b"]',
                     "entry.item in tables.steps", 'entry.item == "a"'),
}  # fmt: skip
CAP_CONDITIONS = ("true", "true", "true", 'beneficiary.grade != "owner"', 'beneficiary.grade in ["owner", "founder"]')
PERS = ("day", "week", "month", "lifetime")
BY = {"order": ("model",), "check_in": ("streak",), "profile_item": ("item",)}


def a_book(random: Random) -> Book:
    """A sound book with small numbers, so that caps and budgets are met all the time."""
    shared = tuple(
        SharedCap(f"shared_{number}", WORDS, *_limits(random), when=parse(random.choice(CAP_CONDITIONS)))
        for number in range(random.choice((0, 1, 1, 2)))
    )
    budgets = (
        Budget("open", WORDS, WORDS),
        Budget("spare", WORDS, WORDS),
        Budget("tight", WORDS, WORDS, True, random.randint(5, 40)),
    )
    tables = {"rates": {"sedan": 1, "coupe": 3}, "steps": {"a": 2, "b": 4}}
    rules = tuple(a_rule(random, f"rule_{number}", shared) for number in range(random.randint(1, 3)))
    return Book(
        code="random", title=WORDS, time_zone="Asia/Shanghai", tables=tables, shared_caps=shared, budgets=budgets,
        rules=rules,
    )  # fmt: skip


def a_rule(random: Random, code: str, shared: tuple[SharedCap, ...]) -> Rule:
    kind = random.choice(KINDS)
    return Rule(
        code=code, title=WORDS, kind=kind, when=parse(random.choice(("true", *CONDITIONS[kind]))), asset="points",
        amount=parse(random.choice(AMOUNTS[kind])), system="community",
        budget=random.choice(("open", "open", "spare", "tight")), caps=_caps(random, kind),
        shared_caps=tuple(cap.code for cap in shared if random.random() < 0.4),
        beneficiary=random.choice(("resident", "resident", "resident", "inviter")),
        lot_days=random.choice((None, 30)), hold_days=random.choice((0, 3)), behaviour=WORDS, incentive=WORDS,
        feedback=WORDS, complaint_path=WORDS, guideline="Kindness",
    )  # fmt: skip


def a_change(random: Random, book: Book) -> Book:
    """One to three changes; most of them would please somebody."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        book = random.choice(CHANGES)(random, book)
    return book


def is_sound(book: Book) -> bool:
    return not check_book(book, SHAPES)


def a_life(random: Random) -> list[Facts]:
    """Entries of three residents over some weeks; each keeps his standing throughout."""
    people = {
        number: Attributes(
            grade=random.choice(("", "owner", "founder")), contribution=random.choice((0, 5, 20))
        )
        for number in (1, 2, 3)
    }  # fmt: skip
    moment, found = us(2026, 3, 26), []
    for _ in range(random.randint(3, 45)):
        moment += random.choice((1, 1, 2, 5, 14, 30, 70)) * HOUR_US
        found.append(_entry(random, people, moment))
    return found


def _entry(random: Random, people: dict[int, Attributes], moment: int) -> Facts:
    kind = random.choice(KINDS)
    payload: dict[str, Any]
    if kind == "order":
        payload = {
            "cents": random.randint(0, 40), "balance": 0, "gift": random.random() < 0.5,
            "model": random.choice(("sedan", "coupe", "van")),
        }  # fmt: skip
        payload |= {"bonus": random.randint(0, 8)} if random.random() < 0.5 else {}
        payload |= {"rushed": random.random() < 0.5} if random.random() < 0.5 else {}
    elif kind == "check_in":
        payload = {"streak": random.randint(1, 12)}
    else:
        payload = {"item": random.choice("abc"), "length": random.randint(0, 9)}
    who, inviter = random.choice((1, 2)), random.choice((2, 3, None))
    others = {"inviter": Person(inviter, people[inviter])} if inviter else {}
    return Facts(kind, moment, payload, who, people[who], others)


def _limits(random: Random) -> tuple[int, Any, Any]:
    return random.randint(1, 12), random.choice(("times", "amount")), random.choice(PERS)


def _caps(random: Random, kind: str) -> tuple[Cap, ...]:
    caps: dict[str, Cap] = {}
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        limit, unit, per = _limits(random)
        by = random.choice((None, None, None, *BY[kind]))
        cap = Cap(min(limit, 4) if unit == "times" else limit, unit, per, by, parse(random.choice(CAP_CONDITIONS)))
        caps[cap.code_in("")] = cap
    return tuple(caps.values())


def _with_rule(book: Book, random: Random, change: Callable[[Rule], Rule]) -> Book:
    place = random.randrange(len(book.rules)) if book.rules else -1
    rules = tuple(change(rule) if number == place else rule for number, rule in enumerate(book.rules))
    return replace(book, rules=rules)


def _literals_up(tree: Expr, random: Random) -> Expr:
    return Int(tree.value + random.choice((1, 1, 2, -1))) if isinstance(tree, Int) else tree


def _larger_amount(random: Random, book: Book) -> Book:
    return _with_rule(book, random, lambda rule: replace(rule, amount=_literals_up(rule.amount, random)))


def _other_amount(random: Random, book: Book) -> Book:
    return _with_rule(book, random, lambda rule: replace(rule, amount=parse(random.choice(AMOUNTS[rule.kind]))))


def _other_condition(random: Random, book: Book) -> Book:
    return _with_rule(book, random, lambda rule: replace(rule, when=parse(random.choice(CONDITIONS[rule.kind]))))


def _no_condition(random: Random, book: Book) -> Book:
    return _with_rule(book, random, lambda rule: replace(rule, when=Bool(True)))


def _kinder_caps(random: Random, book: Book) -> Book:
    def change(rule: Rule) -> Rule:
        caps = [replace(cap, limit=cap.limit + random.choice((0, 1, 1, 2))) for cap in rule.caps]
        if caps and random.random() < 0.5:
            caps.pop(random.randrange(len(caps)))
        return replace(rule, caps=tuple(caps))

    return _with_rule(book, random, change)


def _one_kinder_cap(random: Random, book: Book) -> Book:
    def change(rule: Rule) -> Rule:
        place = random.randrange(len(rule.caps)) if rule.caps else -1
        caps = (replace(cap, limit=cap.limit + 1) if each == place else cap for each, cap in enumerate(rule.caps))
        return replace(rule, caps=tuple(caps))

    return _with_rule(book, random, change)


def _caps_that_bind_fewer(random: Random, book: Book) -> Book:
    def change(rule: Rule) -> Rule:
        caps = (replace(cap, when=parse(random.choice(CAP_CONDITIONS))) for cap in rule.caps)
        return replace(rule, caps=tuple(caps))

    return _with_rule(book, random, change)


def _other_caps(random: Random, book: Book) -> Book:
    return _with_rule(book, random, lambda rule: replace(rule, caps=_caps(random, rule.kind)))


def _leaves_shared_caps(random: Random, book: Book) -> Book:
    return _with_rule(book, random, lambda rule: replace(rule, shared_caps=rule.shared_caps[1:]))


def _joins_shared_caps(random: Random, book: Book) -> Book:
    return _with_rule(book, random, lambda rule: replace(rule, shared_caps=tuple(c.code for c in book.shared_caps)))


def _kinder_shared_caps(random: Random, book: Book) -> Book:
    caps = (replace(cap, limit=cap.limit + random.choice((0, 1, 3))) for cap in book.shared_caps)
    return replace(book, shared_caps=tuple(caps))


def _shared_caps_that_bind_fewer(random: Random, book: Book) -> Book:
    caps = (replace(cap, when=random.choice((cap.when, ALWAYS, Bool(False)))) for cap in book.shared_caps)
    return replace(book, shared_caps=tuple(caps))


def _another_budget(random: Random, book: Book) -> Book:
    return _with_rule(book, random, lambda rule: replace(rule, budget=random.choice(("open", "spare", "tight"))))


def _larger_budget(random: Random, book: Book) -> Book:
    budgets = (
        replace(budget, amount=budget.amount + random.choice((-2, 1, 5, 20))) if budget.amount else budget
        for budget in book.budgets
    )
    return replace(book, budgets=tuple(budgets))


def _free_budget(random: Random, book: Book) -> Book:
    return replace(book, budgets=tuple(replace(budget, limited=False, amount=None) for budget in book.budgets))


def _new_rule(random: Random, book: Book) -> Book:
    rule = a_rule(random, f"rule_{len(book.rules) + 5}", book.shared_caps)
    place = random.randint(0, len(book.rules))
    return replace(book, rules=(*book.rules[:place], rule, *book.rules[place:]))


def _fewer_rules(random: Random, book: Book) -> Book:
    return replace(book, rules=book.rules[1:])


def _another_order(random: Random, book: Book) -> Book:
    return replace(book, rules=tuple(random.sample(book.rules, len(book.rules))))


def _other_terms(random: Random, book: Book) -> Book:
    return _with_rule(book, random, lambda rule: replace(
        rule, lot_days=random.choice((None, 30, 60)), hold_days=random.choice((0, 1, 3)),
        names=random.choice((None, None, "inviter")),
    ))  # fmt: skip


def _other_tables(random: Random, book: Book) -> Book:
    def values(table: dict[str, int]) -> Iterator[tuple[str, int]]:
        for key, value in table.items():
            yield key, max(0, value + random.choice((0, 0, 1, 2, -1)))
        yield random.choice(("van", "c")), random.randint(0, 5)

    tables = {name: dict(values(dict(table))) for name, table in book.tables.items()}
    return replace(book, tables=tables)


CHANGES: tuple[Callable[[Random, Book], Book], ...] = (
    _larger_amount, _larger_amount, _other_amount, _other_amount, _other_condition, _other_condition, _no_condition,
    _kinder_caps, _kinder_caps, _one_kinder_cap, _one_kinder_cap, _caps_that_bind_fewer, _other_caps,
    _leaves_shared_caps, _leaves_shared_caps, _joins_shared_caps, _kinder_shared_caps, _kinder_shared_caps,
    _shared_caps_that_bind_fewer, _another_budget, _larger_budget, _larger_budget, _free_budget, _new_rule,
    _fewer_rules, _another_order, _other_terms, _other_tables, _other_tables,
)  # fmt: skip
