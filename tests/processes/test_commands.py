"""Commands at a terminal: what they print, what they refuse, and that a city survives them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from pyarrow import parquet

from denizen.config.cli.main import denizen
from tests.processes.conftest import Town, check_ins
from tests.processes.test_survive import MAPPING


@pytest.fixture
def lived(town: Town, folder: Path) -> Town:
    """A city in which Ada checked in on three days."""
    (folder / "days.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in check_ins(3)))
    (folder / "days.map.yaml").write_text(MAPPING)
    done = town.run("ingest", folder / "days.jsonl", "--map", folder / "days.map.yaml")
    assert done.returncode == 0, done.stderr
    assert "accepted" in done.stdout
    return town


def test_it_exports_balances_by_the_references_sources_know_as_of_a_day(lived: Town) -> None:
    now = list(csv.reader(lived.run("export", "balances").stdout.splitlines()))
    then = list(csv.reader(lived.run("export", "balances", "--as-of", "2026-01-02").stdout.splitlines()))
    before = lived.run("export", "balances", "--as-of", "2026-01-01T00:00:00Z").stdout

    assert now[0] == ["resident", "asset", "balance"]
    assert {(resident, asset) for resident, asset, _ in now[1:]} == {("ada", "points"), ("ada", "contribution")}
    assert [3 * int(amount) for _, _, amount in then[1:]] == [int(amount) for _, _, amount in now[1:]]
    assert before == "resident,asset,balance\n"


def test_parquet_holds_what_csv_holds(lived: Town, folder: Path) -> None:
    for what in ("postings", "standing"):
        lines = list(csv.DictReader(lived.run("export", what).stdout.splitlines()))
        file = folder / f"{what}.parquet"

        assert lived.run("export", what, "--format", "parquet", "--output", file).returncode == 0

        rows = parquet.read_table(file).to_pylist()
        assert [list(row) for row in rows] == [list(line) for line in lines]
        assert len(rows) == len(lines) > 0


def test_it_refuses_parquet_without_a_file_and_moments_without_a_zone(town: Town) -> None:
    assert town.run("export", "balances", "--format", "parquet").returncode == 1
    assert town.run("export", "balances", "--as-of", "2026-01-01T00:00:00").returncode == 2
    assert town.run("export", "gossip").returncode == 2


def test_a_file_of_which_nothing_comes_in_ends_with_one(lived: Town, folder: Path) -> None:
    (folder / "odd.jsonl").write_text('{"who": "nobody"}\n{"who": "else"}\n', encoding="utf-8")

    done = lived.run("ingest", folder / "odd.jsonl", "--map", folder / "days.map.yaml")

    assert done.returncode == 1
    assert "Rejected and conflicting lines" in done.stderr


def test_verify_says_what_is_wrong_and_ends_with_one(lived: Town) -> None:
    assert lived.run("verify").returncode == 0
    lived.bring_up()
    lived.ask("UPDATE growth_capcounter SET used = used - 1 WHERE used > 0")
    lived.ask("ALTER TABLE chronicle_undecided DISABLE TRIGGER ALL")
    lived.ask("SET session_replication_role = replica; DELETE FROM growth_decision WHERE entry_id ="
              " (SELECT max(entry_id) FROM growth_decision)")  # fmt: skip

    proof = lived.run("verify", DENIZEN_LANGUAGE="en")

    assert proof.returncode == 1
    assert "Cap " in proof.stderr
    assert "neither decided nor waiting" in proof.stderr
    assert "Awards were posted for entries never decided" in proof.stderr
    assert "WRONG  growth" in proof.stdout
    assert "ok     ledger" in proof.stdout


def test_a_second_first_book_is_refused_with_what_to_do_in_either_language(town: Town) -> None:
    english = town.run("rules", "publish")
    chinese = town.run("rules", "publish", DENIZEN_LANGUAGE="zh-hans")

    assert (english.returncode, chinese.returncode) == (1, 1)
    assert "denizen rules propose FILE --as" in english.stderr
    assert "第二人" in chinese.stderr


def test_rules_are_shown_listed_and_checked(town: Town, folder: Path) -> None:
    shown = town.run("rules", "show")
    (folder / "again.yaml").write_text(shown.stdout)
    (folder / "broken.yaml").write_text("code: x\n")

    assert town.run("rules", "check", folder / "again.yaml").returncode == 0
    assert "in_force" in town.run("rules", "list").stdout
    broken = town.run("rules", "check", folder / "broken.yaml")
    assert broken.returncode == 1
    assert "Traceback" not in broken.stderr
    stranger = town.run("rules", "propose", folder / "again.yaml", "--as", "nobody@example.org")
    assert (stranger.returncode, "Nobody on the staff" in stranger.stderr) == (1, True)
    assert town.run("rules", "show", "99").returncode == 1


def test_a_backup_taken_while_up_brings_the_same_city_back(lived: Town, towns: Callable[[str], Town]) -> None:
    lived.bring_up()
    (lived.home / "media" / "picture.bin").write_bytes(b"lake")
    file = lived.home.parent / "city.tar"

    assert lived.run("backup", file).returncode == 0

    assert file.stat().st_mode & 0o777 == 0o600
    assert lived.run("backup", file).returncode == 1  # never overwritten
    empty = Town(lived.home.with_name("empty"))
    assert empty.run("restore", file).returncode == 0
    for what in ("balances", "entries"):
        assert empty.run("export", what).stdout == lived.run("export", what).stdout
    assert (empty.home / "media" / "picture.bin").read_bytes() == b"lake"
    key = Path("secrets", "secret_key")
    assert (empty.home / key).read_text() == (lived.home / key).read_text()
    assert (empty.home / key).stat().st_mode & 0o777 == 0o600


def test_restore_refuses_a_home_where_somebody_lives_and_a_damaged_backup(lived: Town) -> None:
    file = lived.home.parent / "city.tar"
    assert lived.run("backup", file).returncode == 0
    damaged = file.with_name("damaged.tar")
    damaged.write_bytes(file.read_bytes().replace(b"PGDMP", b"PGDXP", 1))
    empty = Town(lived.home.with_name("empty"))

    assert "There is a city here already" in lived.run("restore", file).stderr
    assert "the dump is damaged" in empty.run("restore", damaged).stderr
    assert empty.run("restore", file.with_name("absent.tar")).returncode == 1
    assert empty.run("restore", file).returncode == 0


def test_doctor_finds_a_fit_city_fit_and_says_what_is_in_the_way(town: Town) -> None:
    assert town.run("doctor", "--port", "18765").returncode == 0

    sick = town.run("doctor", DENIZEN_PG_BIN="/nowhere")

    assert sick.returncode == 1
    assert "TO DO" in sick.stdout
    assert "Traceback" not in sick.stderr


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        here = (*path, name)
        found += commands(command, here) if isinstance(command, click.Group) else [here]
    return found


@pytest.mark.parametrize("path", commands(denizen), ids=" ".join)
def test_every_command_teaches_with_an_example_and_says_what_it_never_does(path: tuple[str, ...]) -> None:
    command: click.Command = denizen
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]

    told = command.help or ""

    assert f"denizen {' '.join(path)}" in told
    assert "ever" in told or "绝不" in told
