"""Read decided entries in the order in which they were decided, a chunk at a time, straight from the wire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from django.db import connection

from denizen.ground.chronicle.kinds import BY_NUMBER
from denizen.kit import db
from denizen.people.growth.models import Decision

MICROS = "((extract(epoch FROM {0}) - 946684800) * 1000000)::bigint"
INSTANT_LOCK = "LOCK TABLE growth_decision IN SHARE MODE"
CHUNK_SQL = """
COPY (
  SELECT d.place, d.entry_id, e.kind_id, e.resident_id, e.occurred_at, e.payload, d.book_id, d.outcome, d.decided_at,
    CASE WHEN jsonb_typeof(d.trace) = 'object' OR e.occurred_at < {begins} OR e.occurred_at >= {ends} THEN d.trace END
  FROM growth_decision AS d JOIN chronicle_entry AS e ON e.id = d.entry_id
  WHERE d.place > {after} AND d.place <= {until} ORDER BY d.place
) TO STDOUT (FORMAT BINARY)
"""
TYPES = ["int8", "int8", "int2", "int8", "int8", "bytea", "int4", "int2", "int8", "bytea"]
POSTINGS_SQL = """
COPY (
  SELECT d.place, p.entry_id, p.purpose_id, p.credit_id, p.amount
  FROM growth_decision AS d JOIN chronicle_entry AS e ON e.id = d.entry_id
    JOIN ledger_posting AS p ON p.entry_id = d.entry_id AND p.code = {award}
  WHERE d.place <= {until} AND e.occurred_at >= {begins} AND e.occurred_at < {ends} ORDER BY d.place, p.id
) TO STDOUT (FORMAT BINARY)
"""
SQL_MOMENT = "(timestamptz '2000-01-01 00:00:00+00' + {0} * interval '1 microsecond')"


@dataclass(frozen=True, slots=True)
class Span:
    """Entries that occurred from ``begins_us`` to before ``ends_us``; decisions up to ``watermark`` (a place)."""

    begins_us: int | None
    ends_us: int | None
    watermark: int

    def holds(self, occurred_us: int) -> bool:
        return (self.begins_us is None or occurred_us >= self.begins_us) and (
            self.ends_us is None or occurred_us < self.ends_us
        )


class Past(NamedTuple):
    """One decided entry. ``trace`` is there for reversals and for entries outside the span; moments in microseconds."""

    place: int
    entry: int
    kind: str
    resident: int
    occurred_us: int
    payload: dict[str, Any]
    book: int | None
    outcome: int
    decided_us: int
    trace: Any


def present_watermark() -> int:
    """The place of the last decision, with no earlier one still on its way. Needs an open transaction.

    Waits for the batches being decided, and lets new ones wait, for the instant it takes to look.
    """
    db.required()
    db.execute(INSTANT_LOCK)
    return int(db.fetch("SELECT coalesce(max(place), 0) FROM growth_decision")[0][0])


def entries_until(watermark: int) -> int:
    """How many decisions a run up to ``watermark`` reads."""
    return Decision.objects.filter(place__lte=watermark).count()


def undone_originals(watermark: int) -> set[int]:
    """Entries whose payments are taken back by some decision up to ``watermark``: a shadow keeps what it paid them."""
    rows = db.fetch(
        "SELECT undoing.original_id FROM growth_undoing AS undoing JOIN growth_decision AS decision"
        " ON decision.entry_id = undoing.entry_id WHERE decision.place <= %s",
        (watermark,),
    )
    return {original for (original,) in rows}


def chunks(span: Span, size: int) -> Iterator[list[Past]]:
    """The decisions of history up to the span's watermark, in order, at most ``size`` places at a time."""
    db.fetch("SELECT brin_summarize_new_values('growth_decision_in_order')")
    after = _before_first()
    while after < span.watermark:
        until = min(after + size, span.watermark)
        yield _chunk(span, after, until)
        after = until


def earliest_to_come(span: Span, size: int) -> dict[int, int]:
    """For each chunk by number: the earliest moment of what it and all later ones hold (microseconds)."""
    rows = db.fetch(
        "SELECT (d.place - %s - 1) / %s, " + MICROS.format("min(e.occurred_at)") + " FROM growth_decision AS d"
        " JOIN chronicle_entry AS e ON e.id = d.entry_id WHERE d.place <= %s GROUP BY 1 ORDER BY 1 DESC",
        (_before_first(), size, span.watermark),
    )  # fmt: skip
    found: dict[int, int] = {}
    earliest: int | None = None
    for number, moment in rows:
        earliest = moment if earliest is None else min(earliest, moment)
        found[number] = earliest
    return found


def _before_first() -> int:
    """Places begin where the sequence stood; a restored city may begin high."""
    return int(db.fetch("SELECT coalesce(min(place), 1) - 1 FROM growth_decision")[0][0])


def _chunk(span: Span, after: int, until: int) -> list[Past]:
    sql = CHUNK_SQL.format(after=int(after), until=int(until), **_moments(span))
    codes = {number: kind.code for number, kind in BY_NUMBER.items()}
    loads = orjson.loads
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(sql) as copy:
        copy.set_types(TYPES)
        return [
            Past(place, entry, codes[kind], resident, occurred, loads(payload[1:]), book, outcome, decided,
                 None if trace is None else loads(trace[1:]))
            for place, entry, kind, resident, occurred, payload, book, outcome, decided, trace in copy.rows()
        ]  # fmt: skip


def postings(span: Span, award: int) -> Iterator[tuple[int, int, int, int]]:
    """The recorded payments of the span's entries: (entry, purpose, account, amount), in the order of deciding."""
    sql = POSTINGS_SQL.format(award=int(award), until=int(span.watermark), **_moments(span))
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(sql) as copy:
        copy.set_types(["int8", "int8", "int4", "int8", "int8"])
        for _, entry, purpose, account, amount in copy.rows():
            yield entry, purpose, account, amount


def _moments(span: Span) -> dict[str, str]:
    """COPY takes no parameters; whole numbers only come in here."""
    begins = "'-infinity'::timestamptz" if span.begins_us is None else SQL_MOMENT.format(int(span.begins_us))
    ends = "'infinity'::timestamptz" if span.ends_us is None else SQL_MOMENT.format(int(span.ends_us))
    return {"begins": begins, "ends": ends}
