"""Ingesting files: repeated, interrupted, awkward and real ones."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.ingestion import Report, UnableToIngest, ingest_file, load_mapping, read_mapping
from denizen.ground.chronicle.models import Checkpoint, Entry, ExternalReference, Resident, Source, Undecided
from denizen.ground.chronicle.testing import NOON

from .files import LINES, PURCHASES, Ingest, Pipeline

HOW_TO = Path(__file__).resolve().parents[4] / "docs" / "how-to"


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

    assert told_lines(report) == [2, 6]
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


class Rival(Pipeline):
    """While a chunk is being advanced, somebody else's chunk has moved the checkpoint."""

    def __call__(self, fresh: Sequence[Fresh], now: datetime) -> None:
        Checkpoint.objects.update(lines=2)


def test_two_at_work_on_one_file_never_count_a_chunk_twice(ingest: Ingest) -> None:
    with pytest.raises(UnableToIngest, match="at work"):
        ingest(LINES, advance=Rival())

    assert Entry.objects.count() == 0


def test_a_rejection_of_a_chunk_that_was_not_kept_is_told_once(ingest: Ingest) -> None:
    lines = [LINES[0], "x", *LINES[1:]]
    with pytest.raises(UnableToIngest):
        ingest(lines, advance=Rival())

    report = ingest(lines)

    assert told_lines(report) == [2]


def test_the_rejections_of_an_earlier_mapping_are_gone(ingest: Ingest) -> None:
    lines = [*LINES, "x"]
    strict = PURCHASES.replace("create_residents: true", "create_residents: false")
    assert told_lines(ingest(lines, mapping=strict)) == [2, 3, 4, 5]

    assert told_lines(ingest(lines)) == [5]


def test_a_folder_takes_the_rejections_of_each_content_apart(db: None, tmp_path: Path) -> None:
    folder, mapping = tmp_path / "rejected", read_mapping(PURCHASES)
    folder.mkdir()
    reports = []
    for name, lines in (("monday", [*LINES, "x"]), ("tuesday", ["y", *LINES]), ("sunday", LINES)):
        file = tmp_path / name / "orders.txt"
        file.parent.mkdir()
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        reports.append(
            ingest_file(
                path=file,
                mapping=mapping,
                advance=Pipeline(),
                clock=lambda: NOON,
                rejected_path=folder,
                chunk_entries=2,
            )
        )

    assert [told_lines(report) for report in reports[:2]] == [[5], [2]]
    assert {report.rejected_path for report in reports[:2]} == set(folder.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert reports[2].rejected_path is None
    assert [list((tmp_path / name).iterdir()) for name in ("monday", "sunday")] == [
        [tmp_path / "monday" / "orders.txt"],
        [tmp_path / "sunday" / "orders.txt"],
    ]


def test_nothing_of_a_chunk_is_kept_where_its_rejections_cannot_be_written(db: None, tmp_path: Path) -> None:
    file, nowhere = tmp_path / "orders.txt", tmp_path / "nowhere" / "rejected.jsonl"
    file.write_text("\n".join([*LINES, "x"]), encoding="utf-8")

    with pytest.raises(UnableToIngest, match="nowhere/rejected"):
        ingest_file(
            path=file,
            mapping=read_mapping(PURCHASES),
            advance=Pipeline(),
            clock=lambda: NOON,
            rejected_path=nowhere,
        )

    assert Entry.objects.count() == 0


def told_lines(report: Report) -> list[int]:
    assert report.rejected_path is not None
    return [json.loads(line)["line"] for line in report.rejected_path.read_text().splitlines()]


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
