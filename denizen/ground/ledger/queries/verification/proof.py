"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from denizen.kit import db

ROWS_NAMED_MAX = 10


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant. ``sql`` names the rows that break it, one text each; ``en`` and ``zh`` say what is wrong."""

    code: str
    en: str
    zh: str
    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken invariant as a sentence in both languages, with the first rows that break it and how many do."""

    code: str
    en: str
    zh: str
    rows: tuple[str, ...]
    count: int


def verify_with(checks: Sequence[Check]) -> list[Finding]:
    return [finding for check in checks if (finding := _run(check)) is not None]


def _run(check: Check) -> Finding | None:
    rows = db.fetch(
        f"SELECT row, count(*) OVER () FROM ({check.sql}) AS broken(row) ORDER BY row LIMIT {ROWS_NAMED_MAX}",
        dict(check.parameters),
    )
    if not rows:
        return None
    named, count = tuple(row for row, _ in rows), rows[0][1]
    more_en, more_zh = (f" and {count - len(named)} more", f"等共 {count} 处") if count > len(named) else ("", "")
    return Finding(
        check.code,
        f"{check.en}: {', '.join(named)}{more_en}.",
        f"{check.zh}：{'、'.join(named)}{more_zh}。",
        named,
        count,
    )
