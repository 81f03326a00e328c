"""From a document's nodes to a book, telling everything that is wrong in one go."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from denizen.kit.schema import INT64_MAX, Shape

from .book_check import check_book
from .document import Fields, Items, Node, Scalar, node_of, read_json, read_yaml
from .expressions import Expr
from .model import Book, Budget, Cap, Guideline, Pilot, Rule, SharedCap, StatedValue, Text
from .parser import parse
from .problems import Problem, UnableToLoadBook, UnableToReadExpression

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})\Z")
_NOTHING = ("", "~", "null", "Null", "NULL")
_FAULTY: Any = object()
"""Stands for a part that could not be read; its problems are noted already."""

Convert = Callable[["_Reader", Node, str], Any]


class Reading(NamedTuple):
    """What a text says. ``book`` is None when it cannot be read; a readable book may still have ``problems``."""

    book: Book | None
    problems: tuple[Problem, ...]


def read_book(yaml_text: str, shapes: Mapping[str, Shape]) -> Reading:
    """The book of a YAML text as far as it can be read, with every problem and its line; never raises.

    The book is None when a part could not be read at all: leaving that part out would lose what somebody wrote.
    """
    reader = _Reader()
    try:
        book = reader.book(read_yaml(yaml_text))
    except UnableToLoadBook as refusal:
        return Reading(None, refusal.problems)
    unreadable = list(reader.problems)
    if book is None:
        return Reading(None, _by_line(unreadable))
    found = _by_line([*unreadable, *(reader.located(problem) for problem in check_book(book, shapes))])
    return Reading(None if unreadable else book, found)


def load_book(yaml_text: str, shapes: Mapping[str, Shape]) -> Book:
    """A sound book from its YAML form, or :class:`UnableToLoadBook` with every problem and its line."""
    book, problems = read_book(yaml_text, shapes)
    if book is None or problems:
        raise UnableToLoadBook(problems)
    return book


def _by_line(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.file_line or 0))


def from_json(text: str) -> Book:
    """A book from its JSON form (see ``to_json``); its static checks were passed when it was saved."""
    return _well_formed(read_json(text))


def from_data(data: Any) -> Book:
    """A book from the plain data of ``to_data``, as a JSON column returns it."""
    return _well_formed(node_of(data))


def _well_formed(document: Node) -> Book:
    reader = _Reader()
    book = reader.book(document)
    if book is None or reader.problems:
        raise UnableToLoadBook(reader.problems)
    return book


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class _Reader:
    """Converts node by node; a faulty field is noted, the rest is read on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lines: dict[tuple[str, str], int | None] = {}
        self.item = "book"

    def book(self, document: Node) -> Book | None:
        """The book of a document; rules that could not be read are left out, and noted."""
        found = self.record(document, Book, "")
        return None if found is _FAULTY else found

    def record(self, node: Node, form: type, place: str) -> Any:
        """An instance of a dataclass from its fields, or ``_FAULTY`` when a field is missing, unknown or faulty."""
        self.lines[self.item, place.rstrip(".")] = node.line
        if not isinstance(node, Fields):
            self.note("value_wrong", node, place.rstrip("."), wanted="fields")
            return _FAULTY
        converters, sound = FORMS[form], True
        for name in node.fields.keys() - converters.keys():
            known = ", ".join(converters)
            self.note("key_unknown", node.fields[name], place + name[:60], key=name[:60], known=known)
            sound = False
        values: dict[str, Any] = {}
        for field in dataclasses.fields(form):
            if field.name in node.fields:
                sound &= self.convert(node.fields[field.name], converters[field.name], place + field.name, values)
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                self.note("key_missing", node, place + field.name, key=field.name)
                sound = False
        return form(**values) if sound else _FAULTY

    def convert(self, node: Node, converter: Convert, place: str, values: dict[str, Any]) -> bool:
        self.lines[self.item, place] = node.line
        try:
            value = converter(self, node, place)
        except _Refused as refused:
            self.problems.append(refused.problem)
            return False
        values[place.rpartition(".")[2]] = value
        return value is not _FAULTY

    def note(self, code: str, node: Node, place: str, **values: str | int) -> None:
        self.problems.append(Problem(code, None, values, self.item, place, node.line))

    def refused(self, code: str, node: Node, place: str, **values: str | int) -> _Refused:
        return _Refused(Problem(code, None, values, self.item, place, node.line))

    def located(self, problem: Problem) -> Problem:
        """The problem with the line of its place in the file, or of the nearest place around it."""
        place, line = problem.place, self.lines.get((problem.item, problem.place))
        while line is None and place:
            place = place.rpartition(".")[0]
            line = self.lines.get((problem.item, place))
        return replace(problem, file_line=_expression_line(line, problem))


def _expression_line(line: int | None, problem: Problem) -> int | None:
    return line + problem.at.line - 1 if line is not None and problem.at is not None else line


def _scalar(reader: _Reader, node: Node, place: str, wanted: str) -> Scalar:
    if not isinstance(node, Scalar):
        raise reader.refused("value_wrong", node, place, wanted=wanted)
    return node


def _string(reader: _Reader, node: Node, place: str) -> str:
    scalar = _scalar(reader, node, place, "text")
    if scalar.plain and scalar.text in _NOTHING[1:]:
        raise reader.refused("value_wrong", node, place, wanted="text")
    return scalar.text


def _whole(reader: _Reader, node: Node, place: str) -> int:
    scalar = _scalar(reader, node, place, "whole number")
    if not scalar.plain or not _WHOLE.match(scalar.text) or abs(int(scalar.text)) > INT64_MAX:
        raise reader.refused("value_wrong", node, place, wanted="whole number")
    return int(scalar.text)


def _yes_or_no(reader: _Reader, node: Node, place: str) -> bool:
    scalar = _scalar(reader, node, place, "true / false")
    if not scalar.plain or scalar.text not in ("true", "false"):
        raise reader.refused("value_wrong", node, place, wanted="true / false")
    return scalar.text == "true"


def _moment(reader: _Reader, node: Node, place: str) -> datetime:
    text = _scalar(reader, node, place, "moment").text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise reader.refused("value_wrong", node, place, wanted="2026-01-01T00:00:00+08:00") from error
    if moment.tzinfo is None:
        raise reader.refused("validity_without_offset", node, place)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise reader.refused("value_wrong", node, place, wanted="2026-01-01T00:00:00+08:00") from error


def _expression(reader: _Reader, node: Node, place: str) -> Expr:
    text = _scalar(reader, node, place, "expression").text
    try:
        return parse(text)
    except UnableToReadExpression as refusal:
        fault = refusal.problems[0]
        line = _expression_line(node.line, fault)
        raise _Refused(replace(fault, item=reader.item, place=place, file_line=line)) from refusal


def _optional(converter: Convert) -> Convert:
    def convert(reader: _Reader, node: Node, place: str) -> Any:
        empty = isinstance(node, Scalar) and node.plain and node.text in _NOTHING
        return None if empty else converter(reader, node, place)

    return convert


def _record(form: type) -> Convert:
    def convert(reader: _Reader, node: Node, place: str) -> Any:
        return reader.record(node, form, f"{place}.")

    return convert


def _items(reader: _Reader, node: Node, place: str) -> tuple[Node, ...]:
    if not isinstance(node, Items):
        raise reader.refused("value_wrong", node, place, wanted="list")
    return node.items


def _list(converter: Convert) -> Convert:
    def convert(reader: _Reader, node: Node, place: str) -> Any:
        found = []
        for number, item in enumerate(_items(reader, node, place), start=1):
            at = f"{place}[{number}]"
            reader.lines[reader.item, at] = item.line
            found.append(converter(reader, item, at))
        return _FAULTY if any(each is _FAULTY for each in found) else tuple(found)

    return convert


def _parts(form: type, noun: str) -> Convert:
    """A list of the book's parts; each is named by its code in problems, and a faulty one is left out."""

    def convert(reader: _Reader, node: Node, place: str) -> tuple[Any, ...]:
        found = []
        for number, item in enumerate(_items(reader, node, place), start=1):
            code = item.fields.get("code") if isinstance(item, Fields) else None
            reader.item = f"{noun} {code.text[:60] if isinstance(code, Scalar) else f'#{number}'}"
            found.append(reader.record(item, form, ""))
        reader.item = "book"
        return tuple(part for part in found if part is not _FAULTY)

    return convert


def _tables(reader: _Reader, node: Node, place: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name, rows in _fields(reader, node, place).items():
        reader.item = f"table {name[:60]}"
        reader.lines[reader.item, ""] = rows.line
        found[name] = {}
        for key, value in _fields(reader, rows, "").items():
            values: dict[str, int] = {}
            reader.convert(value, _whole, "", values)
            reader.lines[reader.item, key[:40]] = value.line
            found[name][key] = values.get("", 0)
    reader.item = "book"
    return found


def _fields(reader: _Reader, node: Node, place: str) -> dict[str, Node]:
    if not isinstance(node, Fields):
        raise reader.refused("value_wrong", node, place, wanted="fields")
    return node.fields


_CAP: dict[str, Convert] = {"limit": _whole, "unit": _string, "per": _string, "when": _expression}

FORMS: dict[type, dict[str, Convert]] = {
    Text: {"en": _string, "zh": _string},
    Cap: {**_CAP, "by": _optional(_string)},
    SharedCap: {"code": _string, "title": _record(Text), **_CAP},
    Budget: {
        "code": _string,
        "title": _record(Text),
        "benefit": _record(Text),
        "limited": _yes_or_no,
        "amount": _optional(_whole),
        "alarm_at": _optional(_whole),
    },
    Pilot: {"cities": _list(_string), "question": _record(Text), "compare_with": _list(_string)},
    Guideline: {"code": _string, "title": _record(Text), "text": _record(Text), "assumed": _yes_or_no},
    StatedValue: {
        "code": _string,
        "title": _record(Text),
        "text": _record(Text),
        "examples": _list(_record(Text)),
        "assumed": _yes_or_no,
    },
    Rule: {
        "code": _string,
        "title": _record(Text),
        "kind": _string,
        "asset": _string,
        "amount": _expression,
        "behaviour": _record(Text),
        "incentive": _record(Text),
        "feedback": _record(Text),
        "complaint_path": _record(Text),
        "guideline": _string,
        "value": _optional(_string),
        "clauses": _list(_string),
        "when": _expression,
        "beneficiary": _string,
        "names": _optional(_string),
        "contribution_class": _optional(_string),
        "system": _optional(_string),
        "budget": _optional(_string),
        "caps": _list(_record(Cap)),
        "shared_caps": _list(_string),
        "lot_days": _optional(_whole),
        "lot_priority": _whole,
        "hold_days": _whole,
        "reversal_kind": _optional(_string),
        "valid_from": _optional(_moment),
        "valid_to": _optional(_moment),
        "pilot": _optional(_record(Pilot)),
        "rows": _list(_string),
        "assumed": _yes_or_no,
    },
    Book: {
        "code": _string,
        "title": _record(Text),
        "time_zone": _string,
        "rules": _parts(Rule, "rule"),
        "tables": _tables,
        "shared_caps": _parts(SharedCap, "shared_cap"),
        "budgets": _parts(Budget, "budget"),
        "guidelines": _parts(Guideline, "guideline"),
        "values": _parts(StatedValue, "value"),
        "review_months": _whole,
        "notice_days": _whole,
    },
}
"""How each field of each noun is read; a field without a default in the dataclass must be present."""
