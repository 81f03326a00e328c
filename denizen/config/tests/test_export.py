"""Where exports go: whole files for their owner only, and nothing that was there before is destroyed."""

from __future__ import annotations

import csv
import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from denizen.config.errands.exporting import UnableToExport, export
from denizen.ground.chronicle.commands import receive_entries
from denizen.ground.chronicle.testing import make_residents, make_source, raw_entry

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


def exported(path: Path) -> None:
    export(what="balances", form="csv", moment=NOON, output=path)


def test_a_file_is_readable_for_its_owner_only(tmp_path: Path) -> None:
    exported(tmp_path / "balances.csv")

    assert stat.S_IMODE((tmp_path / "balances.csv").stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "balances.csv"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text(encoding="utf-8")))
    reader.start()

    exported(pipe)

    reader.join(10)
    assert heard == ["resident,asset,balance\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_it_follows_nobodys_link(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept", encoding="utf-8")
    (tmp_path / f".balances.csv.{os.getpid()}").symlink_to(tmp_path / "precious")

    with pytest.raises(UnableToExport):
        exported(tmp_path / "balances.csv")

    assert (tmp_path / "precious").read_text(encoding="utf-8") == "kept"


def test_references_are_written_as_they_are_also_those_a_spreadsheet_would_calculate(tmp_path: Path) -> None:
    """An export is data for machines and comes back unchanged; docs/how-to/read-the-numbers.md says how to open one."""
    source = make_source()
    names = ["=1+1", '@SUM(A1:A9),"quoted"', "-2+3", "+4"]
    make_residents(source, "ben", *names)
    told = [raw_entry(external_id=name, resident=name) for name in names]
    receive_entries(source=source, raw=told, allowed=None, create_residents=False, now=NOON)

    export(what="entries", form="csv", moment=NOON, output=tmp_path / "entries.csv")

    with (tmp_path / "entries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["resident"] for row in rows] == names
    assert [row["external_id"] for row in rows] == names
