"""From a book to its written forms: YAML for people, canonical JSON for storage, a digest for proof."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

from .expressions import Bool, Expr, Int
from .model import Book, Rule
from .printer import to_text

WIDTH = 2**31 - 1
"""Of a line: words are never broken."""

_QUICK = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def dump_book(book: Book) -> str:
    """Canonical YAML: ``load_book(dump_book(b), …) == b``, and dumping again gives the same text.

    Fields that have their default are left out; tables are in order of name and key.
    """
    return _written(to_data(book))


def to_json(book: Book) -> str:
    """Canonical JSON: sorted keys, no spaces, so equal books give equal bytes."""
    return json.dumps(to_data(book), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(book: Book) -> str:
    """SHA-256 over the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(to_json(book).encode()).hexdigest()


def to_data(book: Book) -> dict[str, Any]:
    """The book as plain data (dict, list, str, int, bool), ready for a JSON column.

    Expressions are text; an expression that is a lone literal is the literal itself.
    """
    data: dict[str, Any] = to_plain(book)
    return data


def to_plain(value: Any) -> Any:
    """Any value of a book (a rule, a cap, an expression, a text, a moment) as plain data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_plain(value[key]) for key in sorted(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value


def _record(value: Any) -> Any:
    if isinstance(value, Int | Bool):
        return value.value
    if isinstance(value, Expr):
        return to_text(value)
    given = {}
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        default = {} if field.default_factory is not dataclasses.MISSING else field.default
        if content != default or type(content) is not type(default):
            given[field.name] = to_plain(content)
    return given


def dump_rule(rule: Rule) -> str:
    """One rule as it stands in the canonical YAML of its book, for reading."""
    return _written(to_plain(rule))


def _written(data: Any) -> str:
    """``libyaml`` writes five times as fast, but spells out signs beyond the basic plane: those Python writes."""
    text = _yaml(data, _QUICK)
    return _yaml(data, yaml.SafeDumper) if "\\" in text else text


def _yaml(data: Any, dumper: type) -> str:
    text: str = yaml.dump(data, Dumper=dumper, sort_keys=False, allow_unicode=True, width=WIDTH, line_break="\n")
    return text
