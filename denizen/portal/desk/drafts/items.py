"""Items of a book's other parts: how each is shown, edited, and put back into the book."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denizen.people.rulebook.queries.language import (
    Book,
    Budget,
    Guideline,
    SharedCap,
    StatedValue,
    Text,
    condition_of,
    condition_tree,
)
from denizen.portal.desk.drafts import boxes
from denizen.portal.desk.drafts.boxes import ConditionBox
from denizen.portal.desk.drafts.forms import lines_of
from denizen.portal.desk.drafts.item_forms import (
    BudgetForm,
    ExampleForm,
    ItemForm,
    SharedCapForm,
    StatedForm,
    TableRowForm,
)
from denizen.portal.desk.drafts.offers import Speech
from denizen.portal.desk.drafts.reading import UnableToReadBoxes, read_condition
from denizen.portal.desk.drafts.speech import Titles, cap_vocabulary
from denizen.portal.words import spoken

SPARE = 2
"""Empty lines at the end of a list; saving brings new ones."""

Line = tuple[str, str, str]
"""Code, title, words."""


class Editor:
    """One item with its boxes. ``rows`` are further small forms, ``when`` a condition where the item has one."""

    form_class: type[ItemForm] = ItemForm

    def __init__(self, book: Book, part: Part, code: str | None, titles: Titles, data: QueryDict | None) -> None:
        self.book, self.part, self.code, self.titles, self.data = book, part, code, titles, data
        item = part.item(book, code) if code is not None else None
        self.form = self.form_class(
            data, taken=set(part.codes(book)), fixed=code is not None, initial=self.initial(item) if item else {}
        )
        self.rows: list[forms.Form] = self.rows_of(item)
        self.when: ConditionBox | None = self.when_of(item)
        self.speech = Speech(cap_vocabulary(titles))

    def initial(self, _item: Any) -> dict[str, Any]:
        return {}

    def rows_of(self, _item: Any) -> list[forms.Form]:
        return []

    def when_of(self, _item: Any) -> ConditionBox | None:
        return None

    def made(self, _code: str, _given: dict[str, Any]) -> Any:
        raise NotImplementedError

    def act(self, act: str) -> None:
        """Do what a button asks of the boxes of the condition."""
        boxes.changed_boxes(act, lambda prefix: self.when if self.when and self.when.prefix == prefix else None, None)

    def read(self) -> Book:
        """The book with the item as the boxes have it. Raises UnableToReadBoxes."""
        sound = [form.is_valid() for form in (self.form, *self.rows)]
        if not all(sound):
            raise UnableToReadBoxes
        code = self.code if self.code is not None else self.form.cleaned_data["code"]
        return self.part.put(self.book, code, self.made(code, self.form.cleaned_data))

    def without(self) -> Book:
        return self.part.put(self.book, self.code or "", None)


class BudgetEditor(Editor):
    form_class = BudgetForm

    def initial(self, item: Budget) -> dict[str, Any]:
        return {**_texts(item, "title", "benefit"), "amount": item.amount, "alarm_at": item.alarm_at}

    def made(self, code: str, given: dict[str, Any]) -> Budget:
        return Budget(
            code, _text(given, "title"), _text(given, "benefit"), given["amount"] is not None, given["amount"],
            given["alarm_at"],
        )  # fmt: skip


class CapEditor(Editor):
    form_class = SharedCapForm

    def initial(self, item: SharedCap) -> dict[str, Any]:
        return {**_texts(item, "title"), "limit": item.limit, "unit": item.unit, "per": item.per}

    def when_of(self, item: SharedCap | None) -> ConditionBox:
        if self.data is not None:
            return boxes.posted_condition(self.data, "when")
        if item is None:
            return ConditionBox("when")
        return boxes.condition_box(condition_of(item.when), "when", cap_vocabulary(self.titles))

    def made(self, code: str, given: dict[str, Any]) -> SharedCap:
        assert self.when is not None
        tree = condition_tree(read_condition(self.when, cap_vocabulary(self.titles)))
        return SharedCap(code, _text(given, "title"), given["limit"], given["unit"], given["per"], tree)


class GuidelineEditor(Editor):
    form_class = StatedForm

    def initial(self, item: Guideline | StatedValue) -> dict[str, Any]:
        return {**_texts(item, "title", "text"), "assumed": item.assumed}

    def made(self, code: str, given: dict[str, Any]) -> Guideline | StatedValue:
        return Guideline(code, _text(given, "title"), _text(given, "text"), given["assumed"])


class ValueEditor(GuidelineEditor):
    def rows_of(self, item: StatedValue | None) -> list[forms.Form]:
        known = [{"en": each.en, "zh": each.zh} for each in item.examples] if item else []
        return _row_forms(ExampleForm, known, self.data, "example", "en")

    def made(self, code: str, given: dict[str, Any]) -> StatedValue:
        rows = [row.cleaned_data for row in self.rows]
        examples = tuple(Text(row["en"], row["zh"]) for row in rows if row["en"] or row["zh"])
        return StatedValue(code, _text(given, "title"), _text(given, "text"), examples, given["assumed"])


class TableEditor(Editor):
    def rows_of(self, item: dict[str, int] | None) -> list[forms.Form]:
        known = [{"key": key, "value": value} for key, value in sorted((item or {}).items())]
        return _row_forms(TableRowForm, known, self.data, "row", "key")

    def made(self, _code: str, _given: dict[str, Any]) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in self.rows:
            key = row.cleaned_data["key"]
            if key in found:
                row.add_error("key", _("This key stands here twice."))
                raise UnableToReadBoxes
            if key:
                found[key] = row.cleaned_data["value"]
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a book. ``name`` is its address and ``attribute`` its place; ``noun`` names its items in problems."""

    name: str
    attribute: str
    noun: str
    title: Promise
    about: Promise
    editor_class: type[Editor]
    words: Callable[[Any], str] = field(default=lambda item: spoken(item.text))

    def codes(self, book: Book) -> list[str]:
        held = getattr(book, self.attribute)
        return sorted(held) if self.name == "tables" else [item.code for item in held]

    def item(self, book: Book, code: str) -> Any:
        held = getattr(book, self.attribute)
        return held[code] if self.name == "tables" else next(each for each in held if each.code == code)

    def print_of(self, book: Book, code: str) -> str:
        """A short print of an item: whether it is still the one somebody has read; empty for one that is not there."""
        known = code in self.codes(book)
        return hashlib.sha256(repr(self.item(book, code)).encode()).hexdigest()[:16] if known else ""

    def lines(self, book: Book) -> list[Line]:
        items = [(code, self.item(book, code)) for code in self.codes(book)]
        return [
            (code, code if self.name == "tables" else spoken(item.title) or code, self.words(item))
            for code, item in items
        ]

    def editor(self, book: Book, code: str | None, titles: Titles, data: QueryDict | None) -> Editor:
        return self.editor_class(book, self, code, titles, data)

    def put(self, book: Book, code: str, item: Any) -> Book:
        """The book with an item put in its place or behind all others; None takes it out."""
        held = getattr(book, self.attribute)
        if self.name == "tables":
            rest: Any = {name: table for name, table in held.items() if name != code}
            return replace(book, tables=rest if item is None else {**rest, code: item})
        if item is None:
            changed = tuple(each for each in held if each.code != code)
        elif any(each.code == code for each in held):
            changed = tuple(item if each.code == code else each for each in held)
        else:
            changed = (*held, item)
        parts: dict[str, Any] = {self.attribute: changed}
        return replace(book, **parts)


def _budget_words(item: Budget) -> str:
    words = spoken(item.benefit)
    return words if item.amount is None else f"{words} · {item.amount:,}"


def _cap_words(item: SharedCap) -> str:
    return f"{item.limit:,} · {dict(_per_words())[item.per]}"


def _per_words() -> Iterable[tuple[str, str]]:
    return (
        ("day", _("a day")), ("week", _("a week")), ("month", _("a month")), ("year", _("a year")),
        ("lifetime", _("in all")),
    )  # fmt: skip


def _table_words(item: dict[str, int]) -> str:
    return " · ".join(f"{key} {value:,}" for key, value in list(item.items())[:6])


PARTS: dict[str, Part] = {
    part.name: part
    for part in (
        Part("budgets", "budgets", "budget", gettext_lazy("Envelopes"),
             gettext_lazy("Where points come from, and what residents get for them."), BudgetEditor, _budget_words),
        Part("caps", "shared_caps", "shared_cap", gettext_lazy("Shared limits"),
             gettext_lazy("Limits that several rules count against together."), CapEditor, _cap_words),
        Part("tables", "tables", "table", gettext_lazy("Tables"),
             gettext_lazy("Values that rules look up by a word."), TableEditor, _table_words),
        Part("guidelines", "guidelines", "guideline", gettext_lazy("Guidelines"),
             gettext_lazy("What the rules come from."), GuidelineEditor),
        Part("values", "values", "value", gettext_lazy("Values"),
             gettext_lazy("What the city stands for, with examples of how it looks when it is lived."), ValueEditor),
    )
}  # fmt: skip


def _row_forms(
    kind: type[forms.Form], known: list[dict[str, Any]], data: QueryDict | None, name: str, first: str
) -> list[forms.Form]:
    if data is not None:
        numbers = sum(1 for key in data if key.startswith(f"{name}-") and key.endswith(f"-{first}"))
        return [kind(data, prefix=f"{name}-{number}") for number in range(numbers)]
    filled = [*known, *({} for _spare in range(SPARE))]
    return [kind(prefix=f"{name}-{number}", initial=each) for number, each in enumerate(filled)]


def _texts(item: Any, *names: str) -> dict[str, str]:
    return {f"{name}_{lang}": getattr(getattr(item, name), lang) for name in names for lang in ("en", "zh")}


def _text(given: dict[str, Any], name: str) -> Text:
    return Text(lines_of(given[f"{name}_en"]), lines_of(given[f"{name}_zh"]))
