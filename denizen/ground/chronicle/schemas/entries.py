"""Checking whole entries as outside systems send them, and the hash by which a repetition is recognised."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

import orjson

from denizen.ground.chronicle.constants import EXTERNAL_ID_LENGTH_MAX, PAYLOAD_BYTES_MAX, REFERENCE_LENGTH_MAX
from denizen.ground.chronicle.kinds import KINDS, Kind
from denizen.kit.clock import DAY, MOMENT_MIN, to_micros

from .payloads import check_text, examine, outside_checker, read_moment, shown
from .problems import PROBLEMS_MAX, Problem

FIELDS = ("kind", "resident", "occurred_at", "external_id", "payload")
_MOMENT_MIN_US = to_micros(MOMENT_MIN)


class CheckedEntry(NamedTuple):
    """An entry that may be recorded once its residents are resolved.

    ``resident`` and the residents of ``payload`` are references of the source; ``occurred_at`` in microseconds
    (``kit.clock``); ``content_hash``: 16 bytes over everything the source said.
    """

    kind: Kind
    resident: str
    occurred_at: int
    external_id: str
    payload: dict[str, Any]
    content_hash: bytes


class Verdict(NamedTuple):
    """Either ``entry``, or all the ``problems`` and, where it could be read, the external id to answer with."""

    entry: CheckedEntry | None
    problems: tuple[Problem, ...] = ()
    external_id: str | None = None


def check_entry(raw: object, *, now: int, allowed: Collection[str] | None = None) -> Verdict:
    """Check one object with the fields ``FIELDS``.

    ``now`` in microseconds (``kit.clock``); ``allowed``: the kinds its sender may report, None for all.
    """
    if type(raw) is not dict:
        return Verdict(None, (Problem("entry", "not_an_object"),))
    unknown = islice((name for name in raw if name not in FIELDS), PROBLEMS_MAX)
    problems = [Problem(shown(name), "unknown_field", {"owner": "entry"}) for name in unknown]
    given = raw.get("occurred_at")
    moment: Any = Problem("occurred_at", "missing") if given is None else _moment_micros(given)
    if type(moment) is Problem:
        problems.append(moment)
        moment = 0
    return check_parts(
        kind=raw.get("kind"),
        resident=raw.get("resident"),
        occurred_at=moment,
        external_id=raw.get("external_id"),
        payload=raw.get("payload") if raw.get("payload") is not None else {},
        now=now,
        allowed=allowed,
        problems=problems,
    )


def check_parts(
    *,
    kind: object,
    resident: object,
    occurred_at: int,
    external_id: object,
    payload: object,
    now: int,
    allowed: Collection[str] | None = None,
    problems: list[Problem] | None = None,
) -> Verdict:
    """Check an entry whose moment is already in microseconds. ``problems``: what was found before. None is absent."""
    found: list[Problem] = problems if problems is not None else []
    parts = (("kind", kind), ("resident", resident), ("external_id", external_id))
    found += [Problem(name, "missing") for name, value in parts if value is None]
    known = _kind(kind, allowed, found)
    if resident is not None and type(fault := check_text("resident", resident, REFERENCE_LENGTH_MAX)) is Problem:
        found.append(fault)
    usable_id = None if external_id is None else check_text("external_id", external_id, EXTERNAL_ID_LENGTH_MAX)
    if type(usable_id) is Problem:
        found.append(usable_id)
        usable_id = None
    if occurred_at > now + DAY:
        found.append(Problem("occurred_at", "in_the_future"))
    elif occurred_at < _MOMENT_MIN_US:
        found.append(Problem("occurred_at", "too_early"))
    if known is None:
        return Verdict(None, tuple(found), usable_id)
    kept, faults = examine(outside_checker(known), payload)
    if found or faults:
        return Verdict(None, tuple(found + faults), usable_id)
    content = canonical(kept)
    if len(content) > PAYLOAD_BYTES_MAX:
        return Verdict(None, (Problem("payload", "payload_too_large", {"bound": PAYLOAD_BYTES_MAX}),), usable_id)
    digest = content_hash(known.code, str(resident), occurred_at, content)
    return Verdict(CheckedEntry(known, str(resident), occurred_at, str(usable_id), kept, digest))


def canonical(payload: Mapping[str, Any]) -> bytes:
    """The one spelling of a payload: JSON with sorted keys and no spaces."""
    return orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)


def content_hash(kind: str, resident: str, occurred_at: int, content: bytes) -> bytes:
    """16 bytes over everything an entry says; the same key with another hash is a conflict."""
    head = f"{kind}\x00{resident}\x00{occurred_at}\x00".encode()
    return blake2b(head + content, digest_size=16).digest()


def _kind(code: object, allowed: Collection[str] | None, found: list[Problem]) -> Kind | None:
    if code is None:
        return None
    known = KINDS.get(code) if type(code) is str else None
    if known is None:
        found.append(Problem("kind", "unknown_kind"))
    elif allowed is not None and known.code not in allowed:
        found.append(Problem("kind", "kind_not_allowed"))
    return known


def _moment_micros(value: object) -> Any:
    moment = read_moment("occurred_at", value)
    return moment if type(moment) is Problem else to_micros(moment)
