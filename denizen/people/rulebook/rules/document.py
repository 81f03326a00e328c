"""A document as plain nodes with their lines, from YAML or JSON.

Scalars stay text: what they mean is decided by the field they stand in, so no word silently becomes a boolean, a
float or a date. Anchors, aliases, tags, repeated keys, several documents and deep nesting are refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from .problems import Problem, UnableToLoadBook

DOCUMENT_BYTES_MAX = 1_000_000
NESTING_MAX = 12
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOT_PLAIN = ("'", '"', "|", ">")


@dataclass(frozen=True, slots=True)
class Scalar:
    """``plain``: written without quotes, so it may stand for a number, a yes or no, or nothing."""

    text: str
    plain: bool
    line: int | None


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Node, ...]
    line: int | None


@dataclass(frozen=True, slots=True)
class Fields:
    fields: dict[str, Node]
    line: int | None


Node = Scalar | Items | Fields


def read_yaml(text: str) -> Node:
    """The single document of a YAML text. Raises :class:`UnableToLoadBook` at the first thing that is not allowed."""
    _check_size(text)
    try:
        return _document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark
        raise _refused("yaml_syntax", mark and mark.line + 1, reason=str(error.problem)[:200]) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise _refused("yaml_syntax", None, reason=str(error)[:200]) from error


def read_json(text: str) -> Node:
    """The nodes of a JSON text; they have no lines."""
    _check_size(text)
    try:
        return node_of(json.loads(text, object_pairs_hook=_unrepeated))
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnableToLoadBook):
            raise
        raise _refused("yaml_syntax", None, reason=str(error)[:200]) from error


def node_of(data: Any, level: int = 1) -> Node:
    """Nodes of plain data (dict, list, str, int, bool, None)."""
    if level > NESTING_MAX:
        raise _refused("yaml_deep", None, limit=NESTING_MAX)
    if isinstance(data, dict):
        return Fields({str(key): node_of(value, level + 1) for key, value in data.items()}, None)
    if isinstance(data, list):
        return Items(tuple(node_of(value, level + 1) for value in data), None)
    if isinstance(data, str):
        return Scalar(data, False, None)
    return Scalar(json.dumps(data), True, None)


def _check_size(text: str) -> None:
    if len(text) > DOCUMENT_BYTES_MAX or len(text.encode("utf-8", "surrogatepass")) > DOCUMENT_BYTES_MAX:
        raise _refused("yaml_too_large", None, limit=DOCUMENT_BYTES_MAX)


def _document(events: Iterator[Any]) -> Node:
    root: Node | None = None
    for event in events:
        if not isinstance(event, yaml.DocumentStartEvent):
            continue
        if root is not None:
            raise _refused("yaml_many_documents", event.start_mark.line + 1)  # type: ignore[union-attr]
        root = _node(next(events), events, 1)
    if root is None:
        raise _refused("yaml_syntax", 1, reason="empty")
    return root


def _node(event: Any, events: Iterator[Any], level: int) -> Node:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise _refused("yaml_alias", line)
    if event.tag is not None:
        raise _refused("yaml_tag", line, tag=str(event.tag)[:60])
    if level > NESTING_MAX:
        raise _refused("yaml_deep", line, limit=NESTING_MAX)
    if isinstance(event, yaml.ScalarEvent):
        # The text of a block begins on the line after its marker.
        return Scalar(event.value, event.style not in _NOT_PLAIN, line + (event.style in ("|", ">")))
    if isinstance(event, yaml.SequenceStartEvent):
        return Items(tuple(_node(each, events, level + 1) for each in _until(events, yaml.SequenceEndEvent)), line)
    fields: dict[str, Node] = {}
    for key_event in _until(events, yaml.MappingEndEvent):
        key = _node(key_event, events, level + 1)
        if not isinstance(key, Scalar):
            raise _refused("key_not_word", line)
        if key.text in fields:
            raise _refused("key_twice", key.line, key=key.text[:60])
        fields[key.text] = _node(next(events), events, level + 1)
    return Fields(fields, line)


def _until(events: Iterator[Any], end: type) -> Iterator[Any]:
    while not isinstance(event := next(events), end):
        yield event


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _refused("key_twice", None, key=key[:60])
        found[key] = value
    return found


def _refused(code: str, line: int | None, **values: str | int) -> UnableToLoadBook:
    return UnableToLoadBook([Problem(code, None, values, "book", "", line)])
