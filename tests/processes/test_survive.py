"""What is killed comes back, and nothing is lost or counted twice."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path

from tests.processes.conftest import Town, check_ins, until

MAPPING = """
format: jsonl
source: app
create_residents: true
kind: checked_in
resident: resident
external_id: {column: external_id}
occurred_at: {column: occurred_at, format: iso}
"""
ROUNDS = 3


def balances(town: Town) -> str:
    return town.run("export", "balances").stdout


def test_a_killed_web_process_comes_back(town: Town) -> None:
    town.bring_up()

    killed = town.kill("processes.web")

    until(lambda: town.process("processes.web") != killed)
    assert town.call("GET", "/patterns/")[0] == 200  # the port was never given away: the call waits


def test_a_killed_database_comes_back_and_everybody_with_it(town: Town) -> None:
    town.bring_up()
    town.report(check_ins(2))
    until(town.decided_all)
    stream = town.stream("ada")

    killed = town.kill("postgres -D")
    until(lambda: town.process("postgres -D") != killed)

    until(lambda: town.report(check_ins(2, first=2)) == 200)
    until(lambda: town.ask("SELECT count(*) FROM growth_decision") == [(4,)])
    assert b"event: change" in _heard(stream)
    assert town.run("verify").returncode == 0


def _heard(stream: object) -> bytes:
    """Read a stream up to its first change."""
    lines = b""
    while b"event: change" not in lines:
        lines += stream.readline()  # type: ignore[attr-defined]
    return lines


def test_a_worker_killed_at_any_moment_loses_nothing_and_pays_nothing_twice(towns: Callable[[str], Town]) -> None:
    chance = random.Random(7)
    entries = [
        entry for day in range(40) for name in ("ada", "ben") for entry in check_ins(1, first=day, resident=name)
    ]
    troubled, calm = towns("troubled"), towns("calm")
    calm.bring_up()
    assert calm.report(entries) == 200
    until(calm.decided_all)

    troubled.bring_up()
    for start in range(0, len(entries), len(entries) // ROUNDS):
        assert troubled.report(entries[start : start + len(entries) // ROUNDS]) == 200
        time.sleep(chance.random() * 0.05)
        troubled.kill("processes.worker")
    assert troubled.report(entries) == 200
    until(troubled.decided_all)

    assert balances(troubled) == balances(calm) != "resident,asset,balance\n"
    assert troubled.run("verify").returncode == 0


def test_an_ingestion_killed_at_any_moment_ends_in_the_same_city(towns: Callable[[str], Town], folder: Path) -> None:
    chance = random.Random(11)
    file, mapping = folder / "days.jsonl", folder / "days.map.yaml"
    mapping.write_text(MAPPING)
    names = [f"resident-{number}" for number in range(150)]
    entries = [entry for day in range(40) for name in names for entry in check_ins(1, first=day, resident=name)]
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    troubled, calm = towns("troubled"), towns("calm")
    command = ("ingest", file, "--map", mapping)
    assert calm.run(*command).returncode == 0

    for _ in range(ROUNDS):
        ingesting = troubled.begin(*command)
        time.sleep(1.0 + chance.random())
        ingesting.kill()
        ingesting.communicate()
    done = troubled.run(*command)

    assert done.returncode == 0, done.stderr
    assert balances(troubled) == balances(calm)
    assert balances(calm).count("\n") > len(names)
    assert troubled.run("verify").returncode == 0
