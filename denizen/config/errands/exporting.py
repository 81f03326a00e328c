"""``denizen export``: tables of the city as files, streamed, so that memory does not grow with the city."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import orjson
import pyarrow
from django.db import connection, transaction
from pyarrow import parquet

from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, SLOTS, Code, Slot
from denizen.ground.ledger.queries.export import AS_OF_SQL
from denizen.ground.ledger.queries.sealed_journal import sealed_journal
from denizen.kit.explained import Explained
from denizen.people.standing.queries.journal import MOVES

ROWS_AT_ONCE = 5_000

NAMES = """
names AS (
  SELECT DISTINCT ON (x.resident_id) x.resident_id,
    CASE WHEN shared.reference IS NULL THEN x.reference ELSE s.code || ':' || x.reference END AS name
  FROM chronicle_externalreference x JOIN chronicle_source s ON s.id = x.source_id
  LEFT JOIN (
    SELECT reference FROM chronicle_externalreference GROUP BY reference HAVING count(DISTINCT resident_id) > 1
  ) AS shared ON shared.reference = x.reference
  ORDER BY x.resident_id, x.source_id, x.reference
), people AS (
  SELECT r.id, coalesce(names.name, r.public_id::text) AS name
  FROM chronicle_resident r LEFT JOIN names ON names.resident_id = r.id
)
"""
"""A resident by the reference he is known by outside; by ``source:reference`` where two sources mean different people
by one reference; by his public id where no source knows him."""

SLOT = "CASE {0} %% 8 " + " ".join(f"WHEN {slot.value} THEN '{slot.name.lower()}'" for slot in Slot) + " END"
CODE = "CASE posting.code " + " ".join(f"WHEN {code.value} THEN '{code.name.lower()}'" for code in Code) + " END"


def _side(side: str) -> str:
    return (
        f"{side}.name, CASE WHEN posting.{side}_id >= {RESIDENT_ACCOUNT_MIN}"
        f" THEN {SLOT.format(f'posting.{side}_id')} ELSE {side}_account.code END"
    )


BALANCES = (
    f"WITH {NAMES} SELECT people.name, balances.asset, balances.balance"
    f" FROM ({AS_OF_SQL}) AS balances(resident, asset, balance) JOIN people ON people.id = balances.resident"
    " ORDER BY balances.resident, balances.asset"
)
POSTINGS = (
    f"WITH {NAMES} SELECT posting.id, {_side('debit')}, {_side('credit')}, posting.amount, {CODE}, purpose.code,"
    " posting.entry_id, posting.reverses_id, posting.effective_at, posting.recorded_at"
    " FROM ledger_posting AS posting JOIN ledger_purpose AS purpose ON purpose.id = posting.purpose_id"
    " JOIN ledger_account AS debit_account ON debit_account.id = posting.debit_id"
    " JOIN ledger_account AS credit_account ON credit_account.id = posting.credit_id"
    f" LEFT JOIN people AS debit ON debit.id = posting.debit_id / {SLOTS}"
    f" LEFT JOIN people AS credit ON credit.id = posting.credit_id / {SLOTS}"
    " WHERE posting.effective_at <= %(moment)s ORDER BY posting.id"
)
ENTRIES = (
    f"WITH {NAMES} SELECT entry.id, kind.code, people.name, source.code, key.external_id, entry.occurred_at,"
    " entry.recorded_at, entry.payload::text"
    " FROM chronicle_entry AS entry JOIN chronicle_kindcode AS kind ON kind.id = entry.kind_id"
    " JOIN chronicle_source AS source ON source.id = entry.source_id JOIN people ON people.id = entry.resident_id"
    " LEFT JOIN chronicle_entrykey AS key ON key.entry_id = entry.id"
    " WHERE entry.occurred_at <= %(moment)s ORDER BY entry.id"
)
CLASSES = tuple(slot.name.lower() for slot in Slot if slot >= Slot.INTERACTION)
STANDING = (
    f"WITH {NAMES} SELECT people.name, "
    + ", ".join(
        f"coalesce(sum(amount) FILTER (WHERE account %% {SLOTS} = {Slot[name.upper()].value}), 0)::bigint"
        for name in CLASSES
    )
    + f", sum(amount)::bigint, max(effective_at) FROM {MOVES} AS moves JOIN people ON people.id = account / {SLOTS}"
    " WHERE effective_at <= %(moment)s GROUP BY people.id, people.name"
    " ORDER BY sum(amount) DESC, max(effective_at), people.id"
)

TEXT, INTEGER, MOMENT = pyarrow.string(), pyarrow.int64(), pyarrow.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True)
class Export:
    """A query of one moment, and the columns it returns in order."""

    sql: str
    columns: tuple[tuple[str, pyarrow.DataType], ...]


EXPORTS = {
    "balances": Export(BALANCES, (("resident", TEXT), ("asset", TEXT), ("balance", INTEGER))),
    "postings": Export(
        POSTINGS,
        (
            ("posting", INTEGER), ("debit_resident", TEXT), ("debit_account", TEXT), ("credit_resident", TEXT),
            ("credit_account", TEXT), ("amount", INTEGER), ("code", TEXT), ("purpose", TEXT), ("entry", INTEGER),
            ("reverses", INTEGER), ("effective_at", MOMENT), ("recorded_at", MOMENT),
        ),
    ),
    "entries": Export(
        ENTRIES,
        (
            ("entry", INTEGER), ("kind", TEXT), ("resident", TEXT), ("source", TEXT), ("external_id", TEXT),
            ("occurred_at", MOMENT), ("recorded_at", MOMENT), ("payload", TEXT),
        ),
    ),
    "standing": Export(
        STANDING,
        (("resident", TEXT), *((name, INTEGER) for name in CLASSES), ("total", INTEGER), ("reached_at", MOMENT)),
    ),
}  # fmt: skip

Chunk = Sequence[tuple[Any, ...]]
Write = Callable[[Chunk], None]


class UnableToExport(Explained):
    sentences = {
        "needs_file": {
            "en": "Parquet is not for a terminal; name a file: --output balances.parquet",
            "zh": "Parquet 不能输出到终端；请指定文件：--output balances.parquet",
        },
        "not_written": {
            "en": "{path} cannot be written ({reason}).",
            "zh": "无法写入 {path}（{reason}）。",
        },
    }


def export_journal(*, output: Path | None) -> int:
    """Write the sealed journal as JSON lines, for ``tools/verify_journal.py``; the exit code."""
    try:
        with _destination(output) as file, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for row in sealed_journal():
                file.write(orjson.dumps(row) + b"\n")
    except BrokenPipeError:
        raise
    except OSError as refusal:
        raise UnableToExport("not_written", path=output or "-", reason=refusal.strerror or refusal) from refusal
    return 0


def export(*, what: str, form: Literal["csv", "parquet"], moment: datetime, output: Path | None) -> int:
    """Write one table as of a moment of happening; the exit code. A file appears whole or not at all."""
    wanted = EXPORTS[what]
    if form == "parquet" and output is None:
        raise UnableToExport("needs_file")
    try:
        with _destination(output) as file, _writer(form, file, wanted) as write:
            for chunk in _chunks(wanted.sql, moment):
                write(chunk)
    except BrokenPipeError:
        raise
    except OSError as refusal:
        raise UnableToExport("not_written", path=output or "-", reason=refusal.strerror or refusal) from refusal
    return 0


def _chunks(sql: str, moment: datetime) -> Iterator[Chunk]:
    """The rows through a cursor in the server, all as of one sight of the database."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL cursor_tuple_fraction = 1")  # every row is read, so plan for the last one
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql, {"moment": moment})
            rows = iter(cursor)
            while chunk := list(islice(rows, ROWS_AT_ONCE)):
                yield chunk


@contextmanager
def _destination(output: Path | None) -> Iterator[Any]:
    """Standard output, or a sibling of the file that takes its name at the end.

    What is no file, such as a pipe or ``/dev/null``, is written to as it is: taking its name would destroy it.
    """
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if output.exists() and not output.is_file():
        with output.open("wb") as file:
            yield file
        return
    making = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        # Made anew and never through somebody's link, for its owner only: it says what people did and hold.
        descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
        making.replace(output)
    finally:
        making.unlink(missing_ok=True)


@contextmanager
def _writer(form: str, file: Any, wanted: Export) -> Iterator[Write]:
    names = [name for name, _ in wanted.columns]
    if form == "csv":
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(names)
        yield lambda chunk: lines.writerows([[_written(value) for value in row] for row in chunk])
        text.detach()
        return
    schema = pyarrow.schema(wanted.columns)
    with parquet.ParquetWriter(file, schema, compression="zstd") as tables:
        yield lambda chunk: tables.write_table(
            pyarrow.table([pyarrow.array(column, type=kind) for column, (_, kind) in _columns(chunk, wanted)], schema)
        )


def _columns(chunk: Chunk, wanted: Export) -> Iterator[tuple[tuple[Any, ...], tuple[str, pyarrow.DataType]]]:
    return zip(zip(*chunk, strict=True), wanted.columns, strict=True)


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
