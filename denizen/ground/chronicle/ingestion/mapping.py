"""The mapping of a file onto entries: read from YAML, checked, and kept as values. Pure.

``docs/how-to/ingest.md`` explains every part with examples.
"""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from denizen.ground.chronicle.kinds import KINDS

from .problems import UnableToMap

Format = Literal["csv", "text", "jsonl", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "text", "jsonl", "parquet")
MOMENT_FORMATS = ("yyyymmdd", "unix_seconds", "iso")
FIELD_TYPES = ("int", "token", "bool", "resident", "moment", "day", "decimal_to_minor_units")
DECIMALS_MAX = 6
LINE_AND_OCCURRENCE = "line"


@dataclass(frozen=True, slots=True)
class KindFrom:
    """Which kind a line is: a constant, or the value of ``column`` looked up in ``table``."""

    constant: str | None = None
    column: str | int | None = None
    table: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MomentFrom:
    column: str | int
    format: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class FieldFrom:
    """One payload field: a column read as ``type``, or a constant. ``decimals``: of the minor unit (2: cents)."""

    name: str
    column: str | int | None
    type: str = "token"
    decimals: int = 2
    constant: Any = None


@dataclass(frozen=True, slots=True)
class IdFrom:
    """The external id: a column, a template such as ``{date}-{number}``, or the line's content and its occurrence."""

    column: str | int | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class FileMapping:
    """Everything the reading of a file needs. ``columns`` name positions where the file itself has no names."""

    format: Format
    source: str
    kind: KindFrom
    resident: str | int
    external_id: IdFrom
    occurred_at: MomentFrom
    payload: tuple[FieldFrom, ...] = ()
    columns: tuple[str, ...] = ()
    skip_lines: int = 0
    delimiter: str = ","
    encoding: str = "utf-8"
    create_residents: bool = False
    lateness_seconds_max: int | None = None
    digest: bytes = b""


PARTS = (
    "format", "source", "kind", "resident", "external_id", "occurred_at", "payload", "columns", "skip_lines",
    "delimiter", "encoding", "create_residents", "lateness",
)  # fmt: skip


def load_mapping(path: Path | str) -> FileMapping:
    """Read a mapping from a YAML file; refused with ``UnableToMap``, whose message is a sentence."""
    return read_mapping(Path(path).read_text(encoding="utf-8"))


def read_mapping(text: str) -> FileMapping:
    """The mapping written in YAML ``text``."""
    try:
        document = yaml.safe_load(text)
    except (
        yaml.YAMLError,
        ValueError,
        RecursionError,
    ) as error:  # also impossible days, endless depth
        raise UnableToMap("unreadable", error=" ".join(str(error).split())[:200]) from error
    given = _mapping("the mapping", document, PARTS, needed=PARTS[:6])
    kind = _kind(given["kind"])
    return FileMapping(
        format=_choice("format", given["format"], FORMATS),
        source=_text("source", given["source"]),
        kind=kind,
        resident=_column("resident", given["resident"]),
        external_id=_external_id(given["external_id"]),
        occurred_at=_moment(given["occurred_at"]),
        payload=_payload(given.get("payload", {}), kind),
        columns=tuple(_text("columns", each) for each in _listing("columns", given.get("columns", []))),
        skip_lines=_count("skip_lines", given.get("skip_lines", 0)),
        delimiter=_delimiter(given.get("delimiter", ",")),
        encoding=_encoding(given.get("encoding", "utf-8")),
        create_residents=_flag("create_residents", given.get("create_residents", False)),
        lateness_seconds_max=_lateness(given.get("lateness", "unlimited")),
        digest=sha256(text.encode()).digest(),
    )


def _kind(given: Any) -> KindFrom:
    if isinstance(given, str):
        return KindFrom(constant=_kind_code(given))
    parts = _mapping("kind", given, ("column", "table"), needed=("column", "table"))
    if not isinstance(parts["table"], dict) or not parts["table"]:
        raise UnableToMap("not_a_mapping", part="kind.table")
    table = {str(value): _kind_code(code) for value, code in parts["table"].items()}
    return KindFrom(column=_column("kind.column", parts["column"]), table=table)


def _kind_code(given: Any) -> str:
    if given not in KINDS:
        raise UnableToMap("unknown_kind", given=_brief(given))
    return str(given)


def _external_id(given: Any) -> IdFrom:
    if given == LINE_AND_OCCURRENCE:
        return IdFrom()
    parts = _mapping("external_id", given, ("column", "template"))
    if set(parts) == {"column"}:
        return IdFrom(column=_column("external_id.column", parts["column"]))
    if set(parts) == {"template"}:
        return IdFrom(template=_text("external_id.template", parts["template"]))
    wanted = "line, or one of column and template"
    raise UnableToMap("bad_value", part="external_id", wanted=wanted, given=_brief(given))


def _moment(given: Any) -> MomentFrom:
    parts = _mapping("occurred_at", given, ("column", "format", "time_zone"), needed=("column", "format"))
    zone = _text("occurred_at.time_zone", parts.get("time_zone", "UTC"))
    try:
        read_zone = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnableToMap("unknown_zone", given=_brief(zone)) from error
    return MomentFrom(
        _column("occurred_at.column", parts["column"]),
        _choice("occurred_at.format", parts["format"], MOMENT_FORMATS),
        read_zone,
    )


def _payload(given: Any, kind: KindFrom) -> tuple[FieldFrom, ...]:
    if not isinstance(given, dict):
        raise UnableToMap("not_a_mapping", part="payload")
    kinds = [kind.constant] if kind.constant else sorted(set(kind.table.values()))
    return tuple(_field(str(name), parts, kinds) for name, parts in given.items())


def _field(name: str, given: Any, kinds: list[str]) -> FieldFrom:
    known = sorted({each.name for code in kinds for each in KINDS[code].shape.fields})
    if name not in known:
        raise UnableToMap("unknown_field", given=name[:80], kind=", ".join(kinds), known=", ".join(known) or "-")
    if not isinstance(given, dict):
        return FieldFrom(name, None, constant=given)
    part = f"payload.{name}"
    parts = _mapping(part, given, ("column", "type", "decimals"), needed=("column", "type"))
    decimals = parts.get("decimals", 2)
    if type(decimals) is not int or not 0 <= decimals <= DECIMALS_MAX:
        wanted = f"an integer from 0 to {DECIMALS_MAX}"
        raise UnableToMap("bad_value", part=f"{part}.decimals", wanted=wanted, given=_brief(decimals))
    column = _column(f"{part}.column", parts["column"])
    return FieldFrom(name, column, _choice(f"{part}.type", parts["type"], FIELD_TYPES), decimals)


def _mapping(part: str, given: Any, known: tuple[str, ...], needed: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise UnableToMap("not_a_mapping", part=part)
    for name in given:
        if name not in known:
            raise UnableToMap("unknown_part", part=part, name=str(name)[:80], known=", ".join(known))
    for name in needed:
        if given.get(name) is None:
            raise UnableToMap("missing_part", part=part, name=name)
    return given


def _brief(given: Any) -> str:
    """What was given, cut before it is spelled out: aliases of YAML can make a few lines as large as a disk."""
    return reprlib.repr(given)[:80]


def _column(part: str, given: Any) -> str | int:
    if (type(given) is int and given >= 0) or (isinstance(given, str) and given):
        return given
    raise UnableToMap("bad_value", part=part, wanted="a column's name, or its position from 0", given=_brief(given))


def _text(part: str, given: Any) -> str:
    if isinstance(given, str) and given:
        return given
    raise UnableToMap("bad_value", part=part, wanted="text", given=_brief(given))


def _choice(part: str, given: Any, choices: tuple[Any, ...]) -> Any:
    if given in choices:
        return given
    raise UnableToMap("bad_value", part=part, wanted=" / ".join(choices), given=_brief(given))


def _count(part: str, given: Any) -> int:
    if type(given) is int and given >= 0:
        return given
    raise UnableToMap("bad_value", part=part, wanted="a whole number from 0", given=_brief(given))


def _flag(part: str, given: Any) -> bool:
    if type(given) is bool:
        return given
    raise UnableToMap("bad_value", part=part, wanted="true / false", given=_brief(given))


def _listing(part: str, given: Any) -> list[Any]:
    if isinstance(given, list):
        return given
    raise UnableToMap("bad_value", part=part, wanted="a list", given=_brief(given))


def _delimiter(given: Any) -> str:
    if isinstance(given, str) and len(given) == 1 and given not in '\r\n"':
        return given
    raise UnableToMap("bad_value", part="delimiter", wanted="one character", given=_brief(given))


def _encoding(given: Any) -> str:
    """An encoding in which a line ends with the byte 10, so that files can be cut into lines before decoding."""
    try:
        usable = "\n".encode(given) == b"\n"
    except (LookupError, TypeError):
        usable = False
    if not usable:
        raise UnableToMap("bad_value", part="encoding", wanted="an encoding such as utf-8", given=_brief(given))
    return str(given)


def _lateness(given: Any) -> int | None:
    if given == "unlimited":
        return None
    return _count("lateness", given)
