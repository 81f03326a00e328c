"""Ingesting files: real ones, awkward ones, and interrupted ones."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from django.db import connection
from pyarrow import parquet

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.ingestion import (
    Report,
    UnableToIngest,
    ingest_file,
    load_mapping,
    read_entries,
    read_mapping,
)
from denizen.ground.chronicle.models import Checkpoint, Entry, ExternalReference, Resident, Source, Undecided

HOW_TO = Path(__file__).resolve().parents[4] / "docs" / "how-to"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PURCHASES = """
format: text
skip_lines: 1
columns: [customer, date, items, amount]
source: cdnow
create_residents: true
kind: purchase_made
resident: customer
external_id: line
occurred_at: {column: date, format: yyyymmdd}
payload:
  amount: {column: amount, type: decimal_to_minor_units}
  items: {column: items, type: int}
"""
LINES = [
    "customer date items amount",
    "00001 19970101  1   11.77",
    "00002 19970112  1   12.00",
    "00002 19970112  1   12.00",
]


class Pipeline:
    """Stands for the pipeline: it notes what it is given, and can fail at a chunk as a crash would."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.advanced: list[Fresh] = []
        self.calls = 0
        self.fails_at = fails_at

    def __call__(self, fresh: Sequence[Fresh], now: datetime) -> None:
        assert connection.in_atomic_block
        self.calls += 1
        if self.calls == self.fails_at:
            raise KeyboardInterrupt
        self.advanced += fresh


Ingest = Callable[..., Report]


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.fixture
def ingest(db: None, tmp_path: Path, pipeline: Pipeline) -> Ingest:
    def run(
        lines: Sequence[str], mapping: str = PURCHASES, advance: Pipeline = pipeline, chunk_entries: int = 2
    ) -> Report:
        path = tmp_path / "file.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return ingest_file(
            path=path, mapping=read_mapping(mapping), advance=advance, clock=lambda: NOON, chunk_entries=chunk_entries
        )

    return run


@pytest.mark.partial("B-67")
def test_identical_lines_are_distinct_entries_with_exact_amounts(ingest: Ingest, pipeline: Pipeline) -> None:
    report = ingest(LINES)

    entries = list(Entry.objects.order_by("id"))
    assert (report.lines, report.accepted, report.rejected, report.rejected_path) == (3, 3, 0, None)
    assert [each.payload for each in entries] == [
        {"amount": 1177, "items": 1},
        {"amount": 1200, "items": 1},
        {"amount": 1200, "items": 1},
    ]
    assert entries[0].occurred_at == datetime(1997, 1, 1, tzinfo=UTC)
    assert entries[1].resident_id == entries[2].resident_id != entries[0].resident_id
    assert [each.id for each in pipeline.advanced] == [each.id for each in entries]
    assert not Undecided.objects.exists()


def test_a_finished_file_again_exists_and_is_not_advanced_again(ingest: Ingest) -> None:
    ingest(LINES)
    again = Pipeline()

    report = ingest(LINES, advance=again)

    assert (report.accepted, report.existing, report.lines) == (0, 3, 3)
    assert (Entry.objects.count(), again.advanced) == (3, [])


def test_an_interrupted_ingestion_goes_on_where_it_stopped(ingest: Ingest) -> None:
    broken = Pipeline(fails_at=2)
    with pytest.raises(KeyboardInterrupt):
        ingest(LINES, advance=broken)
    assert Entry.objects.count() == 2

    rest = Pipeline()
    report = ingest(LINES, advance=rest)

    assert (report.resumed_behind, report.lines, report.accepted, report.existing) == (3, 3, 3, 0)
    assert [each.id for each in rest.advanced] == [Entry.objects.order_by("-id")[0].id]
    assert len({each.id for each in broken.advanced + rest.advanced}) == 3
    assert Checkpoint.objects.get().finished_at == NOON


def test_the_effects_of_a_failed_chunk_are_gone_with_it(ingest: Ingest) -> None:
    with pytest.raises(KeyboardInterrupt):
        ingest(LINES, advance=Pipeline(fails_at=1))

    assert (Entry.objects.count(), Resident.objects.count(), Checkpoint.objects.get().lines) == (0, 0, 0)


def test_rejected_lines_are_told_with_reasons_and_block_nobody(ingest: Ingest) -> None:
    bad = [
        "00003 19971301 1 5.00",
        "00004 19970101 one 5.00",
        "00005 19970101 1 5.005",
        "00006",
        "00007 19970101 -1 1.00",
    ]

    report = ingest([*LINES, *bad, "00008 19970101 1 1.00"])

    assert (report.accepted, report.rejected) == (4, 5)
    assert report.rejected_path is not None
    told = [json.loads(line) for line in report.rejected_path.read_text().splitlines()]
    assert [(each["line"], [(why["field"], why["code"]) for why in each["reasons"]]) for each in told] == [
        (5, [("occurred_at", "bad_yyyymmdd")]),
        (6, [("payload.items", "bad_int")]),
        (7, [("payload.amount", "bad_decimal_to_minor_units")]),
        (8, [("occurred_at", "bad_yyyymmdd")]),
        (9, [("payload.items", "too_small")]),
    ]
    assert told[0]["content"] == "00003 19971301 1 5.00"
    assert not ExternalReference.objects.filter(reference="00007").exists()


def test_a_rejection_is_told_once_although_the_ingestion_was_interrupted(ingest: Ingest) -> None:
    lines = [LINES[0], "x", *LINES[1:], "y", "00009 19970101 1 1.00"]
    with pytest.raises(KeyboardInterrupt):
        ingest(lines, advance=Pipeline(fails_at=2))

    report = ingest(lines)

    assert report.rejected_path is not None
    assert [json.loads(line)["line"] for line in report.rejected_path.read_text().splitlines()] == [2, 6]
    assert (report.accepted, report.rejected) == (4, 2)


def test_strangers_are_rejected_where_residents_are_not_created(ingest: Ingest) -> None:
    report = ingest(LINES, mapping=PURCHASES.replace("create_residents: true", "create_residents: false"))

    assert (report.accepted, report.rejected, Resident.objects.count()) == (0, 3, 0)


def test_late_entries_wait_for_review_and_are_not_advanced(ingest: Ingest, pipeline: Pipeline) -> None:
    lines = [LINES[0], "00001 19970301 1 1.00", "00001 19970101 1 1.00", "00001 19970228 1 1.00"]

    report = ingest(lines, mapping=PURCHASES + "lateness: 172800\n")

    assert (report.accepted, report.late, len(pipeline.advanced)) == (3, 1, 2)
    assert Undecided.objects.get().state == Undecided.State.REVIEW


def test_a_changed_line_under_the_same_id_is_told_as_a_conflict(ingest: Ingest) -> None:
    mapping = PURCHASES.replace("external_id: line", "external_id: {template: '{customer}-{date}'}")
    ingest(LINES[:2], mapping=mapping)

    report = ingest([LINES[0], "00001 19970101 1 99.00"], mapping=mapping)

    assert (report.conflicting, report.rejected) == (1, 0)
    assert report.rejected_path is not None
    assert json.loads(report.rejected_path.read_text())["reasons"][0]["field"] == "payload.amount"


def test_a_missing_file_is_refused(db: None, tmp_path: Path, pipeline: Pipeline) -> None:
    with pytest.raises(UnableToIngest, match="There is no file"):
        ingest_file(path=tmp_path / "no", mapping=read_mapping(PURCHASES), advance=pipeline, clock=lambda: NOON)


def test_two_at_work_on_one_file_never_count_a_chunk_twice(ingest: Ingest, tmp_path: Path) -> None:
    class Rival(Pipeline):
        """While a chunk is being advanced, somebody else's chunk has moved the checkpoint."""

        def __call__(self, fresh: Sequence[Fresh], now: datetime) -> None:
            Checkpoint.objects.update(lines=2)

    with pytest.raises(UnableToIngest, match="at work"):
        ingest(LINES, advance=Rival())

    assert Entry.objects.count() == 0


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


@pytest.mark.django_db(transaction=True)
def test_two_ingestions_that_create_the_same_residents_both_succeed(tmp_path: Path) -> None:
    header, lines = LINES[0], [f"{number:05} 19970101 1 1.00" for number in range(300)]
    reports: list[Report] = []

    def run(name: str, order: int) -> None:
        path = tmp_path / name
        path.write_text("\n".join([header, *lines[::order]]) + "\n")
        mapping = read_mapping(
            PURCHASES.replace("external_id: line", f"external_id: {{template: '{name}-{{customer}}'}}")
        )
        try:
            advance = Pipeline()
            reports.append(
                ingest_file(path=path, mapping=mapping, advance=advance, clock=lambda: NOON, chunk_entries=50)
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in (("up", 1), ("down", -1))]
    Source.objects.create(code="cdnow")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [report.accepted for report in reports] == [300, 300]
    assert (Resident.objects.count(), ExternalReference.objects.count(), Entry.objects.count()) == (300, 300, 600)


def real_file(name: str) -> Path:
    data = os.environ.get("DENIZEN_DATA")
    if not data:
        pytest.skip("DENIZEN_DATA names no folder with the real files")
    return Path(data) / "behaviour" / name


@pytest.mark.data
@pytest.mark.django_db(transaction=True)
def test_the_purchases_of_cdnow_are_recorded_to_the_cent(pipeline: Pipeline, tmp_path: Path) -> None:
    path = real_file("cdnow_purchases.txt")
    cells = [line.split() for line in path.read_text().splitlines()[1:]]

    report = ingest_file(
        path=path,
        mapping=load_mapping(HOW_TO / "cdnow.map.yaml"),
        advance=pipeline,
        clock=lambda: NOON,
        rejected_path=tmp_path / "rejected.jsonl",
    )

    assert (report.lines, report.accepted, report.rejected) == (69_659, 69_659, 0)
    assert Resident.objects.count() == 23_570
    total = sum(int(Decimal(amount) * 100) for _, _, _, amount in cells)
    assert sum(each.payload["amount"] for each in pipeline.advanced) == total
    assert [each.payload["items"] for each in pipeline.advanced] == [int(items) for _, _, items, _ in cells]


@pytest.mark.data
@pytest.mark.django_db(transaction=True)
def test_the_messages_of_the_college_are_recorded_for_their_senders(pipeline: Pipeline, tmp_path: Path) -> None:
    path = real_file("college_messages.txt")
    senders = {line.split()[0] for line in path.read_text().splitlines()}

    report = ingest_file(
        path=path,
        mapping=load_mapping(HOW_TO / "college.map.yaml"),
        advance=pipeline,
        clock=lambda: NOON,
        rejected_path=tmp_path / "rejected.jsonl",
    )

    assert (report.accepted, report.rejected) == (59_835, 0)
    assert Resident.objects.count() == len(senders)
    assert pipeline.advanced[0].payload == {"receiver": "2"}


def test_reading_alone_needs_no_database(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("\n".join(LINES) + "\n")

    chunks = list(read_entries(path, read_mapping(PURCHASES), chunk_entries=2))

    assert [[line for line, _ in chunk] for chunk in chunks] == [[2, 3], [4]]
    first, second = chunks[0][1][1], chunks[1][0][1]
    assert (first.content, first.external_id) != (second.content, second.external_id)
    assert first.content == second.content
