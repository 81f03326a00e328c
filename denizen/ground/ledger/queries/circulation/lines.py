"""A relation of rows that a figure is the sum of: its total, how many rows it has, and its pages in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from denizen.ground.ledger.queries.circulation.flows import (
    ACCOUNT_SQL,
    FLOW_SQL,
    POINTS_ONLY,
    RESIDENT_SQL,
    Flow,
)
from denizen.kit import db

PAGE = 50
Key = tuple[int, int, int]
BEFORE_ALL: Key = (-(2**62), 0, 0)
COLUMNS = "k1, k2, k3, resident, flow, purpose, amount, effective_at, recorded_at"


@dataclass(frozen=True, slots=True)
class Span:
    """``since <= effective_at < until``; ``since`` None means from the beginning. ``known_from`` and ``known_until``
    bound ``recorded_at`` in the same way."""

    until: datetime
    since: datetime | None = None
    known_from: datetime | None = None
    known_until: datetime | None = None

    def sql(self, name: str = "posting") -> str:
        bounds = (
            (self.since, f"{name}.effective_at >= %(since)s"),
            (self.until, f"{name}.effective_at < %(until)s"),
            (self.known_from, f"{name}.recorded_at >= %(known_from)s"),
            (self.known_until, f"{name}.recorded_at < %(known_until)s"),
        )
        return " AND ".join(text for moment, text in bounds if moment is not None)

    def parameters(self) -> dict[str, Any]:
        named = {
            "since": self.since, "until": self.until, "known_from": self.known_from, "known_until": self.known_until,
        }  # fmt: skip
        return {name: moment for name, moment in named.items() if moment is not None}


@dataclass(frozen=True, slots=True)
class Lines:
    """SQL that yields ``COLUMNS``; the key is unique and orders the rows."""

    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


class Line(NamedTuple):
    """One row of a figure. What ``key`` names depends on the relation: a posting, a lot, a hold, a resident, a day."""

    key: Key
    resident: int | None
    flow: str
    purpose: str
    amount: int
    effective_at: datetime | None
    recorded_at: datetime | None


def total(lines: Lines) -> int:
    return int(db.fetch(f"SELECT coalesce(sum(amount), 0) FROM ({lines.sql}) AS line", lines.parameters)[0][0])


def count(lines: Lines) -> int:
    return int(db.fetch(f"SELECT count(*) FROM ({lines.sql}) AS line", lines.parameters)[0][0])


def people(lines: Lines) -> int:
    """How many different residents the rows name."""
    return int(db.fetch(f"SELECT count(DISTINCT resident) FROM ({lines.sql}) AS line", lines.parameters)[0][0])


def page(lines: Lines, *, after: Key | None = None, limit: int = PAGE) -> list[Line]:
    """Up to ``limit`` rows behind the key ``after``. One query."""
    rows = db.fetch(
        f"SELECT k1, k2, k3, resident, flow, coalesce(purpose.code, ''), amount, effective_at, recorded_at"
        f" FROM ({lines.sql}) AS line LEFT JOIN ledger_purpose AS purpose ON purpose.id = line.purpose"
        " WHERE (k1, k2, k3) > (%(k1)s, %(k2)s, %(k3)s) ORDER BY k1, k2, k3 LIMIT %(limit)s",
        {**lines.parameters, **dict(zip(("k1", "k2", "k3"), after or BEFORE_ALL, strict=True)), "limit": limit},
    )
    return [_line(row) for row in rows]


def _line(row: tuple[Any, ...]) -> Line:
    k1, k2, k3, resident, flow, purpose, amount, effective_at, recorded_at = row
    return Line((k1, k2, k3), resident, flow, purpose, int(amount), effective_at, recorded_at)


def page_and_total(lines: Lines, *, after: Key | None = None, limit: int = PAGE) -> tuple[list[Line], int]:
    """A page and the total of all rows, from one look at them."""
    rows = db.fetch(
        f"WITH line AS MATERIALIZED ({lines.sql}), whole AS (SELECT coalesce(sum(amount), 0) AS total FROM line)"
        " SELECT whole.total, shown.* FROM whole LEFT JOIN LATERAL ("
        "  SELECT k1, k2, k3, resident, flow, coalesce(purpose.code, ''), amount, effective_at, recorded_at"
        "  FROM line LEFT JOIN ledger_purpose AS purpose ON purpose.id = line.purpose"
        "  WHERE (k1, k2, k3) > (%(k1)s, %(k2)s, %(k3)s) ORDER BY k1, k2, k3 LIMIT %(limit)s) AS shown ON true"
        " ORDER BY k1, k2, k3",
        {**lines.parameters, **dict(zip(("k1", "k2", "k3"), after or BEFORE_ALL, strict=True)), "limit": limit},
    )
    return [_line(row[1:]) for row in rows if row[1] is not None], int(rows[0][0])


def posting_lines(
    weights: Mapping[Flow, int],
    span: Span,
    *,
    purposes: Sequence[str] | None = None,
    account: int | None = None,
) -> Lines:
    """Postings of the flows in ``weights``, each counted so many times; of some purposes, of one system account."""
    narrowed, parameters = narrowing(purposes, account)
    return weighted(_postings(span.sql(), narrowed), weights, {**span.parameters(), **parameters})


def stage_lines(weights: Mapping[Flow, int], span: Span, *, grade: str, purposes: Sequence[str] | None = None) -> Lines:
    """The same, of residents who held ``grade`` when it happened; who holds none is a fan."""
    narrowed, parameters = narrowing(purposes, None)
    sql = (
        f"SELECT line.* FROM ({_postings(span.sql(), narrowed)}) AS line LEFT JOIN identity_gradespan AS stage"
        " ON stage.resident_id = line.resident AND stage.held @> line.effective_at"
        " WHERE coalesce(stage.grade, 'fan') = %(grade)s"
    )
    return weighted(sql, weights, {**span.parameters(), **parameters, "grade": grade})


def narrowing(purposes: Sequence[str] | None, account: int | None) -> tuple[str, dict[str, Any]]:
    sql = ""
    parameters: dict[str, Any] = {}
    if purposes is not None:
        sql += " AND posting.purpose_id IN (SELECT id FROM ledger_purpose WHERE code = ANY(%(purposes)s::text[]))"
        parameters["purposes"] = list(purposes)
    if account is not None:
        sql += f" AND {ACCOUNT_SQL} = %(account)s"
        parameters["account"] = account
    return sql, parameters


def weighted(sql: str, weights: Mapping[Flow, int], parameters: Mapping[str, Any]) -> Lines:
    """Only rows of the flows in ``weights``, their amounts multiplied."""
    times = " ".join(f"WHEN '{flow}' THEN {weight}" for flow, weight in weights.items())
    wanted = ", ".join(f"'{flow}'" for flow in weights)
    return Lines(
        f"SELECT k1, k2, k3, resident, flow, purpose, CASE flow {times} END * amount AS amount, effective_at,"
        f" recorded_at FROM ({sql}) AS moved WHERE flow IN ({wanted})",
        parameters,
    )


def _postings(bounds: str, narrowed: str) -> str:
    return (
        f"SELECT posting.id AS k1, 0 AS k2, 0 AS k3, {RESIDENT_SQL} AS resident, {FLOW_SQL} AS flow,"
        " posting.purpose_id AS purpose, posting.amount, posting.effective_at, posting.recorded_at"
        f" FROM ledger_posting AS posting WHERE {POINTS_ONLY} AND {bounds}{narrowed}"
    )


def stage_sums(span: Span) -> dict[tuple[str, Flow], int]:
    """Points moved within ``span`` by the grade their resident held when it happened, and by flow. One query."""
    rows = db.fetch(
        "SELECT coalesce(stage.grade, 'fan'), line.flow, sum(line.amount)::bigint"
        f" FROM ({_postings(span.sql(), '')}) AS line LEFT JOIN identity_gradespan AS stage"
        " ON stage.resident_id = line.resident AND stage.held @> line.effective_at GROUP BY 1, 2",
        span.parameters(),
    )
    return {(grade, Flow(flow)): amount for grade, flow, amount in rows}
