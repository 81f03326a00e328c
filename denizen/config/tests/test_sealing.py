"""The worker's sealing, and the roots file: each closed day one line, whatever happened in between."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from denizen.config.errands import sealing
from denizen.config.errands.sealing import Sealer
from denizen.config.reference_city.milestones import BEGUN, COMPLETE
from denizen.config.wires import conninfo
from denizen.ground.identity.commands import note_act
from denizen.ground.identity.constants import HOUSE
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger import queries
from denizen.ground.ledger.commands.roots_file import UnableToPublishRoots
from denizen.ground.ledger.testing import a_resident, day, earn
from denizen.kit import db

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    def __init__(self) -> None:
        self.moment = day(0)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sealing, "now", clock)
    return clock


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.ROOTS_FOLDER = tmp_path
    return tmp_path


def earn_some() -> None:
    with db.opening():
        earn(a_resident(), 10)


def days_in(folder: Path) -> list[str]:
    lines = (folder / "roots.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if not line.startswith("#")]


def live(sealer: Sealer, clock: Clock, moment: datetime) -> None:
    clock.moment = moment
    earn_some()
    sealer.sweep(moment)


def test_a_sweep_seals_and_a_day_that_is_over_gets_its_line(clock: Clock, folder: Path) -> None:
    sealer = Sealer()
    for number in range(3):
        live(sealer, clock, day(number))

    assert queries.sealed_so_far().waiting == 0
    assert days_in(folder) == ["2026-01-01", "2026-01-02"]
    assert stat.S_IMODE((folder / "roots.txt").stat().st_mode) == 0o600
    assert (folder / "roots.txt").read_text(encoding="utf-8") == queries.roots_text()


def test_a_quiet_city_makes_few_seals(clock: Clock, folder: Path) -> None:
    sealer = Sealer()
    for minute in range(30):
        live(sealer, clock, day(0) + timedelta(minutes=minute))

    assert queries.sealed_so_far().number == 3


def test_a_busy_city_does_not_wait(clock: Clock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "SEAL_ROWS_WAITING", 2)
    sealer = Sealer()
    live(sealer, clock, day(0))
    earn_some()
    live(sealer, clock, day(0) + timedelta(minutes=1))

    assert queries.sealed_so_far().waiting == 0


def test_what_is_not_settled_is_sealed_by_a_later_sweep(clock: Clock, folder: Path) -> None:
    sealer = Sealer()
    earn_some()
    with psycopg.connect(conninfo()) as writer:
        writer.execute("SELECT nextval('ledger_posting_id_seq')")
        sealer.sweep(day(0))
        assert queries.sealed_so_far().total == 0
        clock.moment = day(0) + timedelta(minutes=1)
    with psycopg.connect(conninfo()) as later:
        later.execute("SELECT nextval('ledger_posting_id_seq')")
        sealer.sweep(clock.moment)

    assert queries.sealed_so_far().total == 1


def reach(act: str) -> None:
    """A milestone of the reference city."""
    with db.opening():
        note_act(actor=HOUSE, act=act, subject_kind="reference_city", subject_id="it", details={}, moment=day(0))


def test_a_past_that_is_still_invented_is_left_to_who_invents_it(clock: Clock, folder: Path) -> None:
    sealer = Sealer()
    with db.opening():
        note_act(
            actor=HOUSE, act=BEGUN, subject_kind="reference_city", subject_id="reference", details={}, moment=day(0)
        )
    live(sealer, clock, day(0))
    assert queries.sealed_so_far().total == 0

    reach(COMPLETE)
    sealer.sweep(day(0))

    assert queries.sealed_so_far().total == 1


def test_a_crash_before_the_file_is_written_is_made_good_once(clock: Clock, folder: Path) -> None:
    sealer = Sealer()
    live(sealer, clock, day(0))
    clock.moment = day(1)
    with db.opening():
        ledger.close_days(moment=day(1), time_zone="Asia/Shanghai")  # and here the worker dies

    Sealer().sweep(day(1))
    Sealer().sweep(day(1))

    assert days_in(folder) == ["2026-01-01"]


def test_a_line_cut_short_by_a_crash_is_written_anew(clock: Clock, folder: Path) -> None:
    sealer = Sealer()
    for number in range(3):
        live(sealer, clock, day(number))
    file = folder / "roots.txt"
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])

    assert ledger.publish_roots(folder=folder) == 1
    assert ledger.publish_roots(folder=folder) == 0

    assert file.read_bytes() == whole


def test_it_refuses_to_write_below_a_history_that_is_not_its_own(
    clock: Clock, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As after an older backup was restored: the file knows what the database has not lived."""
    sealer = Sealer()
    for number in range(3):
        live(sealer, clock, day(number))
    file = folder / "roots.txt"
    newer = file.read_text(encoding="utf-8").replace("2026-01-02\t", "2026-01-12\t")
    file.write_text(newer, encoding="utf-8")

    with pytest.raises(UnableToPublishRoots, match="line 3 on"):
        ledger.publish_roots(folder=folder)
    live(sealer, clock, day(3))
    live(sealer, clock, day(4))

    assert file.read_text(encoding="utf-8") == newer
    assert [record.message for record in caplog.records if "different histories" in record.message] == [
        record.message for record in caplog.records[:1]
    ]


def test_a_disk_that_is_full_stops_nothing_else(clock: Clock, folder: Path, settings: Any) -> None:
    settings.ROOTS_FOLDER = folder / "missing"
    complaints: list[str] = []

    assert sealing.close_and_publish(complaints.append, moment=day(1)) == 0

    assert "cannot be written" in complaints[0]


def test_the_command_seals_everything_at_once(clock: Clock, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        earn_some()

    assert sealing.seal() == 0
    assert sealing.seal() == 0

    assert queries.sealed_so_far().total == 3
    assert capsys.readouterr().err == ""
