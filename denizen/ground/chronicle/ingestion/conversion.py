"""From a row's values to an entry: moments, exact amounts, ids. Pure; what does not fit is rejected with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from denizen.ground.chronicle.schemas import Problem
from denizen.kit.clock import SECOND, to_micros

from .mapping import FieldFrom, FileMapping, MomentFrom
from .problems import UnableToMap
from .readers import Row

UNIX_EPOCH_US = to_micros(datetime(1970, 1, 1, tzinfo=UTC))
UNIX_SECONDS_MAX = 10**11
DAYS_REMEMBERED = 10_000
DIGITS_MAX = 18
"""Of an amount, on either side of its point: more would never fit, and only cost time."""

_is_digits = re.compile(r"[0-9]{1,18}").fullmatch
_is_integer = re.compile(r"[+-]?[0-9]{1,18}").fullmatch
_is_day = re.compile(r"[0-9]{8}").fullmatch
_is_decimal = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?").fullmatch
_placeholder = re.compile(r"\{([^{}]+)\}")


class RawEntry(NamedTuple):
    """An entry as read from a line, before the vocabulary checks it. ``occurred_at`` in microseconds."""

    kind: object
    resident: object
    occurred_at: int
    external_id: object
    payload: dict[str, Any]
    content: str


class Rejection(NamedTuple):
    """A line that is no entry, and why. ``problems`` of fields carry stable codes; ``content`` is what was read."""

    problems: tuple[Problem, ...]
    content: str


class Converter:
    """Turns rows into raw entries, in the order of the file: it numbers the occurrences of identical lines."""

    def __init__(self, mapping: FileMapping) -> None:
        self.mapping = mapping
        self.used = list(used_columns(mapping))
        self._at = {column: position for position, column in enumerate(self.used)}
        self._read_moment = moment_reader(mapping.occurred_at)
        self._constants = {each.name: each.constant for each in mapping.payload if each.column is None}
        self._fields = [
            (each, self._at[each.column], field_reader(each)) for each in mapping.payload if each.column is not None
        ]
        self._seen: dict[bytes, int] = {}

    def __call__(self, row: Row) -> RawEntry | Rejection:
        if row.problem is not None:
            return Rejection((Problem("line", row.problem),), row.content)
        external_id = self._external_id(row)
        values, mapping, problems = row.values, self.mapping, []
        occurred_at = self._read_moment(values[self._at[mapping.occurred_at.column]])
        if occurred_at is None:
            problems.append(Problem("occurred_at", "bad_" + mapping.occurred_at.format))
        payload: dict[str, Any] = dict(self._constants)
        for field, at, read in self._fields:
            value = values[at]
            if value is None or value == "":
                continue
            payload[field.name] = converted = read(value)
            if converted is None:
                problems.append(Problem("payload." + field.name, "bad_" + field.type))
        kind = self._kind(values)
        if kind is None:
            problems.append(Problem("kind", "not_in_table"))
        if problems:
            return Rejection(tuple(problems), row.content)
        resident = _as_text(values[self._at[mapping.resident]])
        return RawEntry(kind, resident, occurred_at or 0, external_id, payload, row.content)

    def _kind(self, values: Any) -> str | None:
        kind = self.mapping.kind
        if kind.column is None:
            return kind.constant
        return kind.table.get(_as_text(values[self._at[kind.column]]) or "")

    def _external_id(self, row: Row) -> object:
        """Identical lines are distinct entries: the second, third … carry the number of their occurrence."""
        chosen = self.mapping.external_id
        if chosen.column is not None:
            return _as_text(row.values[self._at[chosen.column]])
        if chosen.template is not None:
            return self._filled(chosen.template, row)
        digest = blake2b(row.content.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        occurrence = self._seen[digest] = self._seen.get(digest, 0) + 1
        return f"{digest.hex()}-{occurrence}"

    def _filled(self, template: str, row: Row) -> str:
        return _placeholder.sub(lambda found: _as_text(row.values[self._at[found[1]]]) or "", template)


def used_columns(mapping: FileMapping) -> Iterator[str | int]:
    """The columns a mapping reads, each once."""
    wanted: list[str | int | None] = [mapping.resident, mapping.occurred_at.column, mapping.kind.column]
    wanted += [each.column for each in mapping.payload]
    wanted.append(mapping.external_id.column)
    if mapping.external_id.template is not None:
        names = _placeholder.findall(mapping.external_id.template)
        if not names:
            raise UnableToMap("no_template")
        wanted += names
    return iter(dict.fromkeys(each for each in wanted if each is not None))


def moment_reader(moment: MomentFrom) -> Callable[[Any], int | None]:
    """From a value to microseconds (``kit.clock``); None for what is no moment in the mapping's format."""
    if moment.format == "unix_seconds":
        return _unix_micros
    if moment.format == "iso":
        return lambda value: _iso_micros(value, moment)
    day_micros = lru_cache(DAYS_REMEMBERED)(lambda text: _day_micros(text, moment))
    return lambda value: day_micros(_as_text(value) or "")


def _day_micros(text: str, moment: MomentFrom) -> int | None:
    """The first moment of the day in the mapping's zone."""
    if not _is_day(text):
        return None
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return to_micros(datetime.combine(day, time(), moment.zone).astimezone(UTC)) if day.year > 1 else None


def _unix_micros(value: Any) -> int | None:
    text = _as_text(value) or ""
    if not _is_digits(text) or int(text) > UNIX_SECONDS_MAX:
        return None
    return int(text) * SECOND + UNIX_EPOCH_US


def _iso_micros(value: Any, moment: MomentFrom) -> int | None:
    """Without an offset the moment is one of the mapping's zone."""
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(_as_text(value) or "")
        return to_micros((read if read.tzinfo else read.replace(tzinfo=moment.zone)).astimezone(UTC))
    except (ValueError, TypeError, OverflowError):
        return None


def field_reader(field: FieldFrom) -> Callable[[Any], Any]:
    """From a value to the JSON value of a payload field; None for what does not fit."""
    scale = 10**field.decimals
    readers: dict[str, Callable[[Any], Any]] = {
        "int": _integer,
        "bool": _boolean,
        "token": _as_text,
        "resident": _as_text,
        "moment": _as_text,
        "day": _as_text,
        "decimal_to_minor_units": lambda value: _minor_units(value, scale),
    }
    return readers[field.type]


def _integer(value: Any) -> int | None:
    if type(value) is int:
        return value
    return int(value) if isinstance(value, str) and _is_integer(value) else None


def _boolean(value: Any) -> bool | None:
    if type(value) is bool:
        return value
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower())


def _minor_units(value: Any, scale: int) -> int | None:
    """Exact: an amount with more decimals than the minor unit is refused, never rounded; a float is never read."""
    if isinstance(value, str):
        if not _is_decimal(value):
            return None
    elif type(value) not in (int, Decimal):
        return None
    amount = Decimal(value)
    if not amount.is_finite() or amount.adjusted() > DIGITS_MAX or abs(int(amount.as_tuple().exponent)) > DIGITS_MAX:
        return None
    numerator, denominator = amount.as_integer_ratio()
    units, rest = divmod(numerator * scale, denominator)
    return None if rest else units


def _as_text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if value is None or isinstance(value, float | bytes | dict | list):
        return None
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
