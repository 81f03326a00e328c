"""Checking payloads against the vocabulary: compiled once per kind, then a few dictionary look-ups per entry."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, NamedTuple

from denizen.ground.chronicle.constants import REFERENCE_LENGTH_MAX
from denizen.ground.chronicle.kinds import Kind, kind_of
from denizen.kit.clock import MOMENT_MAX, MOMENT_MIN
from denizen.kit.schema import INT64_MAX, Field

from .problems import PROBLEMS_MAX, Problem, UnableToAccept, wrong_type

Test = Callable[[Any], Any]
"""From a value as given to the value as kept, or a ``Problem``."""

_is_token = re.compile(r"[A-Za-z0-9._:/@+=#~-]{1,120}").fullmatch
_is_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_ABSENT = object()
_FIELD_NAME_SHOWN_MAX = 60
_OUTSIDE: dict[str, Checker] = {}
_INSIDE: dict[str, Checker] = {}


class Checker(NamedTuple):
    """The compiled tests of one kind: name, required, test."""

    kind: Kind
    tests: tuple[tuple[str, bool, Test], ...]
    residents: tuple[str, ...]


def check_payload(kind: Kind, raw: object) -> dict[str, Any]:
    """The payload as it will be kept, from one given by an outside system; residents are still references.

    Null and absent are the same. Refused with ``UnableToAccept``, which tells every problem.
    """
    payload, problems = examine(outside_checker(kind), raw)
    if problems:
        raise UnableToAccept(problems)
    return payload


def payload_of(given: object) -> dict[str, Any]:
    """The payload of an in-process object of the vocabulary, checked by the same bounds; residents are keys."""
    kind = kind_of(given)
    values = {each.name: _plain(getattr(given, each.name)) for each in fields(kind.payload)}
    payload, problems = examine(inside_checker(kind), values)
    if problems:
        raise UnableToAccept(problems)
    return payload


def examine(checker: Checker, raw: object) -> tuple[dict[str, Any], list[Problem]]:
    """The kept payload and all problems; it means something only when there are none."""
    if type(raw) is not dict:
        return {}, [Problem("payload", "not_an_object")]
    payload: dict[str, Any] = {}
    problems: list[Problem] = []
    seen = 0
    for name, required, test in checker.tests:
        value = raw.get(name, _ABSENT)
        if value is not _ABSENT:
            seen += 1
        if value is None or value is _ABSENT:
            if required:
                problems.append(Problem("payload." + name, "missing"))
            continue
        kept = test(value)
        if type(kept) is Problem:
            problems.append(kept)
        else:
            payload[name] = kept
    if seen != len(raw):
        problems += _unknown_fields(checker, raw)
    return payload, problems


def _unknown_fields(checker: Checker, raw: dict[str, Any]) -> list[Problem]:
    known = {name for name, _, _ in checker.tests}
    unknown = islice((name for name in raw if name not in known), PROBLEMS_MAX)
    return [Problem("payload." + shown(name), "unknown_field", {"owner": checker.kind.code}) for name in unknown]


def shown(name: object) -> str:
    """A name from outside, cut and made printable so that it can be told back."""
    return str(name)[:_FIELD_NAME_SHOWN_MAX].encode("utf-8", "backslashreplace").decode()


def outside_checker(kind: Kind) -> Checker:
    """For payloads from outside: residents are references."""
    return _OUTSIDE.get(kind.code) or _OUTSIDE.setdefault(kind.code, _compiled(kind, _reference_test))


def inside_checker(kind: Kind) -> Checker:
    """For payloads made in-process: residents are keys."""
    return _INSIDE.get(kind.code) or _INSIDE.setdefault(kind.code, _compiled(kind, _key_test))


def _compiled(kind: Kind, resident_test: Callable[[str], Test]) -> Checker:
    tests = []
    for field in kind.shape.fields:
        place = "payload." + field.name
        if kind.reverses is not None and field.name == "original":
            test = _text_test(place)
        elif field.type == "resident":
            test = resident_test(place)
        else:
            test = _TESTS[field.type](place, field)
        tests.append((field.name, field.required, test))
    residents = tuple(field.name for field in kind.shape.fields if field.type == "resident")
    return Checker(kind, tuple(tests), residents)


def _int_test(place: str, field: Field) -> Test:
    low, high = field.minimum, field.maximum

    def test(value: Any) -> Any:
        if type(value) is not int:  # a bool is no int here, and a float never becomes one
            return wrong_type(place, "int", value)
        if value < low:
            return Problem(place, "too_small", {"bound": low})
        if value > high:
            return Problem(place, "too_large", {"bound": high})
        return value

    return test


def _bool_test(place: str, _field: Field) -> Test:
    def test(value: Any) -> Any:
        return value if type(value) is bool else wrong_type(place, "bool", value)

    return test


def _token_test(place: str, field: Field) -> Test:
    choices = frozenset(field.choices)
    if not choices:

        def test(value: Any) -> Any:
            if type(value) is not str:
                return wrong_type(place, "token", value)
            return value if _is_token(value) else Problem(place, "bad_token")

        return test

    def chosen(value: Any) -> Any:
        if type(value) is not str:
            return wrong_type(place, "token", value)
        return value if value in choices else Problem(place, "not_a_choice", {"choices": ", ".join(field.choices)})

    return chosen


def _text_test(place: str) -> Test:
    def test(value: Any) -> Any:
        return check_text(place, value, REFERENCE_LENGTH_MAX)

    return test


_reference_test = _text_test


def check_text(place: str, value: Any, length: int) -> Any:
    """An outside system's own name of something: printable, so neither NUL nor control nor a lone surrogate."""
    if type(value) is not str:
        return wrong_type(place, "text", value)
    if 0 < len(value) <= length and value.isprintable() and value == value.strip():
        return value
    return Problem(place, "bad_text", {"length": length})


def _key_test(place: str) -> Test:
    def test(value: Any) -> Any:
        return value if type(value) is int and 0 < value <= INT64_MAX else wrong_type(place, "key", value)

    return test


def _moment_test(place: str, _field: Field) -> Test:
    def test(value: Any) -> Any:
        moment = read_moment(place, value)
        if type(moment) is Problem:
            return moment
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

    return test


def read_moment(place: str, value: Any) -> Any:
    """An aware datetime between 1970 and 2199, or a ``Problem``."""
    if type(value) is not str:
        return wrong_type(place, "moment", value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return Problem(place, "bad_moment")
    if moment.tzinfo is None:
        return Problem(place, "bad_moment")
    if moment < MOMENT_MIN:
        return Problem(place, "too_early")
    return moment if moment < MOMENT_MAX else Problem(place, "too_late")


def _day_test(place: str, _field: Field) -> Test:
    def test(value: Any) -> Any:
        if type(value) is not str:
            return wrong_type(place, "day", value)
        if not _is_day(value):
            return Problem(place, "bad_day")
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            return Problem(place, "bad_day")

    return test


_TESTS: dict[str, Callable[[str, Field], Test]] = {
    "int": _int_test,
    "bool": _bool_test,
    "token": _token_test,
    "moment": _moment_test,
    "day": _day_test,
}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
