"""Reading files: every format reads the same, exactly, and an unreadable line stops nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from denizen.ground.chronicle.ingestion import ingest_file, read_entries, read_mapping
from denizen.ground.chronicle.models import Entry
from denizen.ground.chronicle.testing import NOON

from .files import LINES, PURCHASES, Ingest, Pipeline

FORMATS = {
    "csv": ('who,when,amount\nada,2026-01-01,11.77\n"ben",2026-01-02T08:00:00+08:00,12\n', "format: csv"),
    "csv without names": (
        "ada;2026-01-01;11.77\nben;2026-01-02;12\n",
        "format: csv\ndelimiter: ';'\ncolumns: [who, when, amount]",
    ),
    "jsonl": (
        '{"who": "ada", "when": "2026-01-01", "amount": 11.77}\n'
        '\n{"amount": "12", "when": "2026-01-02", "who": "ben"}\n',
        "format: jsonl",
    ),
}
ANY_FORMAT = """
source: shop
create_residents: true
kind: purchase_made
resident: who
external_id: {template: "{who}-{when}"}
occurred_at: {column: when, format: iso, time_zone: Asia/Shanghai}
payload:
  amount: {column: amount, type: decimal_to_minor_units}
  items: 1
"""


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_reads_the_same(ingest: Ingest, tmp_path: Path, name: str) -> None:
    text, head = FORMATS[name]

    report = ingest(text.splitlines(), mapping=head + ANY_FORMAT)

    first, second = Entry.objects.order_by("id")
    assert (report.accepted, report.rejected) == (2, 0)
    assert (first.payload["amount"], second.payload["amount"]) == (1177, 1200)
    assert first.occurred_at == datetime(2025, 12, 31, 16, tzinfo=UTC)


def test_parquet_is_read_in_batches_with_exact_decimals(db: None, tmp_path: Path, pipeline: Pipeline) -> None:
    path = tmp_path / "file.parquet"
    columns = {
        "who": [f"r{number}" for number in range(12_000)],
        "when": pyarrow.array([datetime(2026, 1, 1)] * 12_000, pyarrow.timestamp("us")),  # noqa: DTZ001
        "amount": pyarrow.array([Decimal("11.77")] * 12_000, pyarrow.decimal128(10, 2)),
    }
    parquet.write_table(pyarrow.table(columns), path)
    mapping = read_mapping("format: parquet" + ANY_FORMAT.replace("-{when}", ""))

    report = ingest_file(path=path, mapping=mapping, advance=pipeline, clock=lambda: NOON)

    entry = Entry.objects.order_by("-id")[0]
    assert (report.accepted, pipeline.calls) == (12_000, 3)
    assert (entry.payload, entry.occurred_at) == (
        {"amount": 1177, "items": 1},
        datetime(2025, 12, 31, 16, tzinfo=UTC),
    )


def test_floats_are_never_read_as_money(db: None, tmp_path: Path, pipeline: Pipeline) -> None:
    path = tmp_path / "file.parquet"
    when = pyarrow.array([datetime(2026, 1, 1)], pyarrow.timestamp("us"))  # noqa: DTZ001
    parquet.write_table(pyarrow.table({"who": ["ada"], "when": when, "amount": [11.77]}), path)

    report = ingest_file(
        path=path, mapping=read_mapping("format: parquet" + ANY_FORMAT), advance=pipeline, clock=lambda: NOON
    )

    assert (report.accepted, report.rejected) == (0, 1)


@pytest.mark.parametrize(
    ("head", "content"),
    [
        ("format: csv\ncolumns: [who, when, amount]", b"\xff\xfe,2026-01-01,1\nada,2026-01-01,1\n"),
        ("format: csv\ncolumns: [who, when, amount]", b"a" * 2_000_000 + b"\nada,2026-01-01,1\n"),
        ("format: text\ncolumns: [who, when, amount]", b"\xff 2026-01-01 1\nada 2026-01-01 1\n"),
        ("format: text\ncolumns: [who, when, amount]", b"a" * 2_000_000 + b"\nada 2026-01-01 1\n"),
        ("format: jsonl", b'[1]\n{"who": "ada", "when": "2026-01-01", "amount": 1}\n'),
        ("format: jsonl", b"[" * 99_999 + b'\n{"who": "ada", "when": "2026-01-01", "amount": 1}\n'),
        ("format: jsonl", b'{"who": "\\ud800", "when": [1], "amount": {}}\n{"who": "ada", "when": "2026-01-01"}\n'),
        ("format: jsonl", b'{"who": "e\\u0000", "when": "2026-01-01", "amount": 1e400}\n{"who": "ada"}\n'),
    ],
)
def test_an_unreadable_line_is_rejected_and_the_next_is_read(
    db: None, tmp_path: Path, pipeline: Pipeline, head: str, content: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    report = ingest_file(path=path, mapping=read_mapping(head + ANY_FORMAT), advance=pipeline, clock=lambda: NOON)

    assert report.lines == 2
    assert report.rejected >= 1
    assert report.rejected_path is not None
    assert json.loads(report.rejected_path.read_text().splitlines()[0])["line"] == 1


def test_kinds_come_from_a_column_by_a_table(ingest: Ingest) -> None:
    mapping = """
format: csv
source: app
create_residents: true
kind: {column: what, table: {in: checked_in, wx: wechat_bound}}
resident: who
external_id: {column: id}
occurred_at: {column: when, format: unix_seconds}
"""

    report = ingest(
        ["id,who,what,when", "1,ada,in,1760000000", "2,ada,wx,1760000001", "3,ada,??,1760000002"], mapping=mapping
    )

    assert (report.accepted, report.rejected) == (2, 1)
    assert list(Entry.objects.order_by("id").values_list("kind__code", flat=True)) == ["checked_in", "wechat_bound"]


def test_reading_alone_needs_no_database(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("\n".join(LINES) + "\n")

    chunks = list(read_entries(path, read_mapping(PURCHASES), chunk_entries=2))

    assert [[line for line, _ in chunk] for chunk in chunks] == [[2, 3], [4]]
    first, second = chunks[0][1][1], chunks[1][0][1]
    assert (first.content, first.external_id) != (second.content, second.external_id)
    assert first.content == second.content
