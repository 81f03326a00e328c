"""One rule on the desk: its boxes, what they mean now, and how they become the rule again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TypeVar

from django.http import QueryDict

from denizen.ground.chronicle.kinds import SHAPES
from denizen.people.rulebook.queries.language import (
    Amount,
    Book,
    Cap,
    Condition,
    Rule,
    Text,
    Vocabulary,
    amount_of,
    amount_tree,
    check_book,
    condition_of,
    condition_tree,
    dump_rule,
    parse,
)
from denizen.portal.desk.drafts import boxes
from denizen.portal.desk.drafts.boxes import AmountBox, ConditionBox
from denizen.portal.desk.drafts.forms import CapForm, RuleForm
from denizen.portal.desk.drafts.reading import UnableToReadBoxes, read_amount, read_condition
from denizen.portal.desk.drafts.speech import Titles, cap_vocabulary, problem_words, vocabulary_of

CAPS_MAX, CAP_NUMBERS = 10, 40
Read = TypeVar("Read")


@dataclass(slots=True)
class CapBox:
    """The boxes of one limit. They keep the number they were made with, whichever others go."""

    form: CapForm
    when: ConditionBox

    @property
    def number(self) -> int:
        return int(str(self.form.prefix).removeprefix("cap-"))


@dataclass(slots=True)
class RuleBoxes:
    """All boxes of a rule. ``rule`` is the one they were opened with."""

    rule: Rule
    book: Book
    titles: Titles
    form: RuleForm
    when: ConditionBox
    amount: AmountBox
    caps: list[CapBox]

    @classmethod
    def opened(cls, rule: Rule, book: Book, titles: Titles) -> RuleBoxes:
        vocabulary, of_caps = vocabulary_of(rule, book, titles), cap_vocabulary(titles)
        caps = [
            CapBox(
                CapForm(rule=rule, cap=cap, prefix=f"cap-{number}"),
                boxes.condition_box(condition_of(cap.when), f"cap-{number}-when", of_caps),
            )
            for number, cap in enumerate(rule.caps)
        ]
        when = boxes.condition_box(condition_of(rule.when), "when", vocabulary)
        amount = boxes.amount_box(amount_of(rule.amount), vocabulary)
        return cls(rule, book, titles, RuleForm(rule=rule, book=book), when, amount, caps)

    @classmethod
    def posted(cls, data: QueryDict, rule: Rule, book: Book, titles: Titles) -> RuleBoxes:
        caps = [
            CapBox(
                CapForm(data, rule=rule, prefix=f"cap-{number}"),
                boxes.posted_condition(data, f"cap-{number}-when"),
            )
            for number in range(CAP_NUMBERS)
            if f"cap-{number}-limit" in data
        ]
        form = RuleForm(data, rule=rule, book=book)
        when = boxes.posted_condition(data, "when")
        return cls(rule, book, titles, form, when, boxes.posted_amount(data), caps)

    def copied(self) -> RuleBoxes:
        """Boxes that can be read without a mark on these: half-written ones are not called wrong before Save."""
        return replace(self, when=deepcopy(self.when), amount=deepcopy(self.amount), caps=[
            CapBox(cap.form, deepcopy(cap.when)) for cap in self.caps
        ])  # fmt: skip

    def condition(self, prefix: str) -> ConditionBox | None:
        """The condition whose boxes carry a prefix."""
        every = [self.when, *(row.condition for row in self.amount.rows), *(cap.when for cap in self.caps)]
        return next((box for box in every if box.prefix == prefix), None)

    def act(self, act: str) -> None:
        """Do what a button asks of the boxes; one that only wants them shown again asks for nothing."""
        if boxes.changed_boxes(act, self.condition, self.amount):
            return
        verb, _colon, place = act.partition(":")
        if verb == "drop-cap" and place.isdigit() and int(place) < len(self.caps):
            del self.caps[int(place)]
        if verb == "add-cap" and len(self.caps) < CAPS_MAX:
            number = next(free for free in range(CAP_NUMBERS) if all(cap.number < free for cap in self.caps))
            given = {f"cap-{number}-limit": "1", f"cap-{number}-unit": "times", f"cap-{number}-per": "day"}
            form = CapForm(given, rule=self.rule, prefix=f"cap-{number}")
            self.caps.append(CapBox(form, ConditionBox(f"cap-{number}-when")))
        if self.amount.shape == "decision" and not self.amount.rows:
            self.amount.rows.append(boxes.new_row())
            self.amount.otherwise = self.amount.fixed or "0"
            boxes.numbered(self.amount)

    def read(self) -> Rule:
        """The rule the boxes stand for. Raises UnableToReadBoxes, with the reasons noted in the boxes."""
        sound = self.form.is_valid()
        # All boxes are read before the first refusal, so that everything wrong is told at once.
        when = self._read(lambda: read_condition(self.when, self.vocabulary))
        amount: Amount | None = self._read(lambda: read_amount(self.amount, self.vocabulary))
        caps = [self._read_cap(cap) for cap in self.caps]
        if not sound or when is None or amount is None or any(cap is None for cap in caps):
            raise UnableToReadBoxes
        return replace(
            self.rule, **self.form.changes(), when=condition_tree(when), amount=amount_tree(amount),
            caps=tuple(cap for cap in caps if cap is not None),
        )  # fmt: skip

    @property
    def vocabulary(self) -> Vocabulary:
        """What may be spoken of, for whoever is paid according to the boxes."""
        paid = self.form["beneficiary"].value() or self.rule.beneficiary
        return vocabulary_of(replace(self.rule, beneficiary=paid), self.book, self.titles)

    def _read_cap(self, box: CapBox) -> Cap | None:
        condition: Condition | None = self._read(lambda: read_condition(box.when, cap_vocabulary(self.titles)))
        if not box.form.is_valid() or condition is None:
            return None
        given = box.form.cleaned_data
        return Cap(given["limit"], given["unit"], given["per"], given["by"] or None, condition_tree(condition))

    @staticmethod
    def _read(read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except UnableToReadBoxes:
            return None


def print_of(rule: Rule | None) -> str:
    """A short print of a rule: whether it is still the one somebody has read."""
    return hashlib.sha256(dump_rule(rule).encode()).hexdigest()[:16] if rule is not None else ""


def with_rule(book: Book, rule: Rule) -> Book:
    """The book with a rule put in the place of the one with its code, or behind all others."""
    if book.rule(rule.code) is None:
        return replace(book, rules=(*book.rules, rule))
    return replace(book, rules=tuple(rule if each.code == rule.code else each for each in book.rules))


def without_rule(book: Book, code: str) -> Book:
    return replace(book, rules=tuple(each for each in book.rules if each.code != code))


def rule_problems(rule: Rule, book: Book) -> dict[str, list[str]]:
    """What is wrong with a rule within its book, by field."""
    found: dict[str, list[str]] = {}
    for problem in check_book(replace(with_rule(book, rule), rules=(rule,)), SHAPES):
        if problem.item == f"rule {rule.code}":
            found.setdefault(problem.place, []).append(problem_words(problem))
    return found


def new_rule(code: str, kind: str, group: str, book: Book) -> Rule:
    """An unfinished rule: what has to be written is empty, and the draft says so."""
    points = not group.startswith("n-")
    empty = Text("", "")
    return Rule(
        code=code, title=empty, kind=kind, asset="points" if points else "contribution",
        system=group if points else None,  # type: ignore[arg-type]
        contribution_class=None if points else group.removeprefix("n-"),  # type: ignore[arg-type]
        amount=parse("1"), budget=next((each.code for each in book.budgets), None) if points else None,
        behaviour=empty, incentive=empty, feedback=empty, complaint_path=empty, guideline="", assumed=True,
        caps=(Cap(1, "times", "day"),),
        reversal_kind=next((other for other, each in SHAPES.items() if each.reverses == kind), None),
    )  # fmt: skip
