"""What differs between two books: structured, complete, in a stable order. Two books are equal when nothing differs.

First the book itself, then its rules in the order of the new book with those that are gone after them, then tables,
shared caps, budgets, guidelines and values. A change of something several rules draw on names them all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .expressions import Lookup, Table, walk
from .model import Book, Budget, Cap, Guideline, Pilot, Rule, SharedCap, StatedValue, Text

Part = Literal["book", "rule", "table", "shared_cap", "budget", "guideline", "value"]
Named = Rule | SharedCap | Budget | Guideline | StatedValue

WORDS_ONLY = frozenset({
    "title", "behaviour", "incentive", "feedback", "complaint_path", "guideline", "value", "clauses", "rows", "assumed",
    "system", "benefit", "alarm_at", "text", "examples", "code", "review_months", "pilot_question",
    "pilot_compare_with",
})  # fmt: skip
"""Fields that say something and decide nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. ``code`` names the part (``check_in``), ``field`` what of it, empty for the part whole.

    In a table ``field`` is the key. A cap of a rule is the field ``cap``, a shared cap it names ``shared_cap``; then
    ``item`` is the counter's code. ``before`` is None for what is new, ``after`` for what is gone. ``rules`` are the
    codes of all rules it touches; ``rule`` is the rule itself, as it is now or was last, where one is meant.
    """

    part: Part
    code: str
    field: str
    before: Any
    after: Any
    title: Text
    item: str = ""
    rules: tuple[str, ...] = ()
    rule: Rule | None = None

    @property
    def change(self) -> Literal["added", "removed", "changed"]:
        if self.before is None and self.after is not None:
            return "added"
        return "removed" if self.after is None and self.before is not None else "changed"

    @property
    def only_words(self) -> bool:
        """Whether nobody is paid otherwise by it."""
        return self.part in ("guideline", "value") or self.field in WORDS_ONLY


def differences(before: Book, after: Book) -> tuple[Difference, ...]:
    """Everything that differs, in a stable order; empty exactly when the books are equal."""
    found = [*_of_the_book(before, after)]
    found += _of_parts("rule", before.rules, after.rules)
    found += _of_tables(before, after)
    found += _touching(_of_parts("shared_cap", before.shared_caps, after.shared_caps), before, after)
    found += _touching(_of_parts("budget", before.budgets, after.budgets), before, after)
    found += _of_parts("guideline", before.guidelines, after.guidelines)
    found += _of_parts("value", before.values, after.values)
    return tuple(found)


def _of_the_book(before: Book, after: Book) -> Iterator[Difference]:
    for name in ("code", "title", "time_zone", "review_months", "notice_days"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Difference("book", "", name, old, new, after.title)
    for name in ("rules", "shared_caps", "budgets", "guidelines", "values"):
        old, new = _kept_order(getattr(before, name), getattr(after, name))
        if old != new:
            rules = new if name == "rules" else ()
            yield Difference("book", "", "order", old, new, after.title, item=name, rules=rules)


def _kept_order(old: Sequence[Named], new: Sequence[Named]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes both have, in the order of each."""
    was, now = [part.code for part in old], [part.code for part in new]
    return tuple(code for code in was if code in now), tuple(code for code in now if code in was)


def _of_parts(part: Part, before: Sequence[Named], after: Sequence[Named]) -> Iterator[Difference]:
    old, new = {each.code: each for each in before}, {each.code: each for each in after}
    for code, now in new.items():
        was = old.get(code)
        rule = now if isinstance(now, Rule) else None
        if was is None:
            yield Difference(part, code, "", None, now, now.title, rules=(code,) if rule else (), rule=rule)
        else:
            yield from _of_fields(part, was, now)
    for code, was in old.items():
        if code not in new:
            rule = was if isinstance(was, Rule) else None
            yield Difference(part, code, "", was, None, was.title, rules=(code,) if rule else (), rule=rule)


def _of_fields(part: Part, was: Named, now: Named) -> Iterator[Difference]:
    rule = now if isinstance(now, Rule) else None
    rules = (now.code,) if rule else ()
    for each in dataclasses.fields(now):
        old, new = getattr(was, each.name), getattr(now, each.name)
        if old == new:
            continue
        if each.name == "caps":
            yield from _of_caps(was, now)
        elif each.name == "shared_caps":
            yield from _of_shared_caps(was, now)
        elif each.name == "pilot" and old is not None and new is not None:
            yield from _of_a_pilot(was, now)
        else:
            yield Difference(part, now.code, each.name, old, new, now.title, rules=rules, rule=rule)


def _of_caps(was: Named, now: Named) -> Iterator[Difference]:
    """Each cap is known by its counter, so that another limit is a change and another window is another cap."""
    assert isinstance(was, Rule)
    assert isinstance(now, Rule)
    old: dict[str, Cap] = {cap.code_in(was.code): cap for cap in was.caps}
    new: dict[str, Cap] = {cap.code_in(now.code): cap for cap in now.caps}
    for code in dict.fromkeys([*new, *old]):
        if old.get(code) != new.get(code):
            yield Difference(
                "rule", now.code, "cap", old.get(code), new.get(code), now.title, item=code, rules=(now.code,), rule=now
            )
    if [code for code in old if code in new] != [code for code in new if code in old]:
        yield Difference("rule", now.code, "caps", was.caps, now.caps, now.title, rules=(now.code,), rule=now)


def _of_a_pilot(was: Named, now: Named) -> Iterator[Difference]:
    """A pilot that goes on otherwise: its cities, what they are compared with, its question."""
    assert isinstance(was, Rule)
    assert isinstance(now, Rule)
    for each in dataclasses.fields(Pilot):
        old, new = getattr(was.pilot, each.name), getattr(now.pilot, each.name)
        if old != new:
            yield Difference("rule", now.code, f"pilot_{each.name}", old, new, now.title, rules=(now.code,), rule=now)


def _of_shared_caps(was: Named, now: Named) -> Iterator[Difference]:
    assert isinstance(was, Rule)
    assert isinstance(now, Rule)
    for code in dict.fromkeys([*now.shared_caps, *was.shared_caps]):
        old, new = (code if code in rule.shared_caps else None for rule in (was, now))
        if old != new:
            yield Difference(
                "rule", now.code, "shared_cap", old, new, now.title, item=code, rules=(now.code,), rule=now
            )
    kept = [code for code in was.shared_caps if code in now.shared_caps]
    if kept != [code for code in now.shared_caps if code in was.shared_caps]:
        yield Difference(
            "rule", now.code, "shared_caps", was.shared_caps, now.shared_caps, now.title, rules=(now.code,), rule=now
        )


def _of_tables(before: Book, after: Book) -> Iterator[Difference]:
    for name in sorted({*before.tables, *after.tables}):
        rows = _rows(before.tables.get(name)), _rows(after.tables.get(name))
        rules = _reading(name, before, after)
        for key in dict.fromkeys([*rows[1], *rows[0]]):
            old, new = (each.get(key) for each in rows)
            if old != new:
                yield Difference("table", name, key, old, new, Text(name, name), rules=rules)


def _rows(table: Mapping[str, int] | None) -> Mapping[str, int]:
    return {} if table is None else dict(sorted(table.items()))


def _reading(table: str, *books: Book) -> tuple[str, ...]:
    """The rules of either book whose condition or amount reads the table."""
    found = [
        rule.code
        for book in books
        for rule in book.rules
        for tree in (rule.when, rule.amount)
        for node in walk(tree)
        if (isinstance(node, Lookup) and node.table == table) or (isinstance(node, Table) and node.name == table)
    ]
    return tuple(dict.fromkeys(found))


def _touching(found: Iterator[Difference], before: Book, after: Book) -> Iterator[Difference]:
    """Shared caps and budgets, with the rules of either book that draw on them."""
    for each in found:
        rules = [
            rule.code
            for book in (before, after)
            for rule in book.rules
            if each.code in (rule.shared_caps if each.part == "shared_cap" else (rule.budget,))
        ]
        yield dataclasses.replace(each, rules=tuple(dict.fromkeys(rules)))
