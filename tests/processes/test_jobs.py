"""Jobs are done by a process of their own; one that is killed is taken up again, and nothing untrue is told."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.processes.conftest import REPOSITORY, Town, check_ins, until

NEW_BOOK = REPOSITORY / "denizen" / "people" / "rulebook" / "reference" / "reference.rules.yaml"
JOBS = "processes.jobs"


@pytest.fixture
def busy(town: Town) -> Town:
    """A city that is up, with ten decided check-ins."""
    town.bring_up()
    assert town.report(check_ins(10)) == 200
    until(lambda: town.ask("SELECT count(*) FROM growth_decision") == [(10,)])
    return town


def ask(town: Town) -> str:
    told = subprocess.run(
        [sys.executable, "-m", "tests.processes.asking"],
        env=town.environ(), capture_output=True, text=True, check=False, cwd=REPOSITORY,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return told.stdout


def state(town: Town, key: str) -> tuple[str, int]:
    found = town.ask(f"SELECT state, attempts FROM growth_backtest WHERE key = '{key}'")
    return found[0][0], found[0][1]


@contextmanager
def held_up(town: Town) -> Iterator[None]:
    """While somebody holds the history, a replay stands still in the middle."""
    conninfo = f"host={town.home / 'run' / 'socket'} port=5432 dbname=denizen user=denizen"
    with closing(psycopg.connect(conninfo)) as connection:  # closed, not committed: the server may have ended meanwhile
        connection.execute("LOCK TABLE growth_undoing IN ACCESS EXCLUSIVE MODE")
        yield


def test_a_backtest_is_done_by_the_jobs_process(busy: Town) -> None:
    key = ask(busy)

    until(lambda: state(busy, key) == ("done", 1))

    assert busy.ask("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert busy.ask("SELECT count(*) FROM rulebook_trial") == [(1,)]


def test_a_backtest_whose_process_is_killed_in_the_middle_is_taken_up_again(busy: Town) -> None:
    with held_up(busy):
        key = ask(busy)
        until(lambda: state(busy, key) == ("running", 1))
        killed = busy.kill(JOBS)
        until(lambda: busy.process(JOBS) != killed)
        assert state(busy, key) == ("running", 1)

    until(lambda: state(busy, key) == ("done", 2), seconds=60)


def test_the_city_ends_at_once_in_the_middle_of_a_job_and_goes_on_with_it_next_time(busy: Town) -> None:
    assert busy.up is not None
    with held_up(busy):
        key = ask(busy)
        until(lambda: state(busy, key) == ("running", 1))
        busy.up.send_signal(signal.SIGTERM)
        until(lambda: not [line for line in busy.processes().values() if JOBS in line])
    busy.up.wait(20)
    until(lambda: not busy.processes())

    busy.bring_up()

    until(lambda: state(busy, key)[0] == "done", seconds=60)


def test_a_backtest_from_the_command_line_tells_exact_figures_and_nothing_else(busy: Town) -> None:
    told = busy.run("rules", "backtest", NEW_BOOK, "--json")

    figures = json.loads(told.stdout)
    assert told.returncode == 0, told.stderr
    assert [total["difference"] for total in figures["totals"]] == [0, 0]
    assert (figures["entries"], figures["replay_payments"], figures["replay_differing"]) == (10, 20, 0)
    assert "equal all 20 recorded payments" in told.stderr


def test_a_backtest_is_told_in_words_in_both_languages(busy: Town, tmp_path: Path) -> None:
    text = NEW_BOOK.read_text(encoding="utf-8")
    head, before, tail = text.partition("code: check_in_points")
    (tmp_path / "new.yaml").write_text(head + before + tail.replace("amount: 5", "amount: 9", 1), encoding="utf-8")

    english = busy.run("rules", "backtest", tmp_path / "new.yaml")
    chinese = busy.run("rules", "backtest", tmp_path / "new.yaml", DENIZEN_LANGUAGE="zh-hans")

    assert "+40" in english.stdout
    assert "check_in_points" in english.stdout
    assert "+40" in chinese.stdout
    assert "重新裁定 10 条记录" in chinese.stdout


def test_a_book_with_a_fault_is_refused_with_its_place(busy: Town, tmp_path: Path) -> None:
    text = NEW_BOOK.read_text(encoding="utf-8").replace("amount: 5\n", "amount: 5 +\n", 1)
    line = 1 + text[: text.index("amount: 5 +")].count("\n")
    (tmp_path / "new.yaml").write_text(text, encoding="utf-8")

    told = busy.run("rules", "backtest", tmp_path / "new.yaml", "--json")

    assert told.returncode == 1
    assert told.stdout == ""
    assert f":{line} " in told.stderr
