"""The programs come from a setting, a wheel or the system; a wheel is a folder to us, never code."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from denizen.kit.embedded import Embedded, UnableToRunDatabase, binaries
from denizen.kit.embedded.binaries import WHEELS, Binaries, find_binaries
from denizen.kit.home import Home
from denizen.kit.testing import THROWAWAY
from denizen.kit.tests.conftest import ask, servers_in

SYSTEM = sorted(folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists())
needs_system = pytest.mark.skipif(not SYSTEM, reason="this machine has no PostgreSQL of its own")


def pretend(folder: Path, version: str, *, missing: str = "") -> Path:
    """A PostgreSQL that can only say its version."""
    folder.mkdir(parents=True)
    for name in {"initdb", "postgres", "pg_ctl"} - {missing}:
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def wheels(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for pretended wheels, the only ones there are; importing one is a failure. No system programs."""
    monkeypatch.setattr(sys, "path", [str(folder / "wheels")])
    monkeypatch.setattr(binaries, "_system_folders", lambda: iter([folder / "system"]))
    for package, _ in WHEELS:
        monkeypatch.delitem(sys.modules, package, raising=False)
    return folder / "wheels"


def wheel(wheels: Path, number: int, version: str) -> Path:
    package, tree = WHEELS[number]
    found = pretend(wheels / package / tree / "bin", version)
    (wheels / package / "__init__.py").write_text("raise AssertionError('a wheel was imported')\n")
    importlib.invalidate_caches()
    return found


def test_the_setting_wins(folder: Path, wheels: Path) -> None:
    wheel(wheels, 0, "18.4")
    mine = pretend(folder / "mine", "17.2")

    assert find_binaries({"DENIZEN_PG_BIN": str(mine)}) == Binaries(mine, "17.2")


def test_the_first_wheel_comes_before_the_second_and_that_before_the_system(folder: Path, wheels: Path) -> None:
    system = pretend(folder / "system", "15.18")
    assert find_binaries({}).folder == system

    second = wheel(wheels, 1, "18.6")
    assert find_binaries({}).folder == second

    first = wheel(wheels, 0, "18.4")
    assert find_binaries({}).folder == first


def test_data_chooses_the_programs_that_wrote_it(folder: Path, wheels: Path) -> None:
    wheel(wheels, 0, "18.4")
    system = pretend(folder / "system", "15.18")

    assert find_binaries({}, written=15).folder == system


def test_it_refuses_data_that_none_of_the_programs_wrote(folder: Path, wheels: Path) -> None:
    wheel(wheels, 0, "18.4")

    with pytest.raises(UnableToRunDatabase) as refusal:
        find_binaries({}, written=16, data=folder)

    assert refusal.value.code == "other_version"
    assert "18.4" in refusal.value.message()


@pytest.mark.parametrize(("version", "missing"), [("14.9", ""), ("18.4", "initdb"), ("nonsense", "")])
def test_it_refuses_when_nothing_usable_is_found(folder: Path, wheels: Path, version: str, missing: str) -> None:
    pretend(folder / "system", version, missing=missing)

    with pytest.raises(UnableToRunDatabase) as refusal:
        find_binaries({})

    assert refusal.value.code == "no_binaries"


def test_a_setting_that_leads_nowhere_is_not_silently_replaced(folder: Path, wheels: Path) -> None:
    wheel(wheels, 0, "18.4")

    with pytest.raises(UnableToRunDatabase) as refusal:
        find_binaries({"DENIZEN_PG_BIN": str(folder / "nowhere")})

    assert refusal.value.code == "no_binaries"
    assert "nowhere" in refusal.value.message()


def test_the_real_programs_are_found_without_importing_their_wheel() -> None:
    find_binaries({})

    assert not [package for package, _ in WHEELS if package in sys.modules]


@needs_system
def test_the_systems_own_programs_serve_as_well(home: Home) -> None:
    server = Embedded(home, settings=THROWAWAY, environ={"DENIZEN_PG_BIN": str(SYSTEM[0])})

    with server.running() as address:
        assert str(ask(address, "SHOW server_version")).startswith(SYSTEM[0].parent.name)
        words = "SELECT string_agg(word, ' ' ORDER BY word) FROM unnest(ARRAY['b', 'a', 'B', 'Ä', '城']) AS word"
        assert ask(address, words) == "B a b Ä 城"
        assert ask(address, "SELECT lower('ÄЖ')") == "äж"

    assert servers_in(home.path) == []


@needs_system
def test_data_of_an_older_version_is_not_opened_by_a_newer_one(home: Home) -> None:
    newest = find_binaries({})
    with Embedded(home, settings=THROWAWAY, environ={"DENIZEN_PG_BIN": str(SYSTEM[0])}).running():
        pass

    with (
        pytest.raises(UnableToRunDatabase) as refusal,
        Embedded(home, settings=THROWAWAY, environ={"DENIZEN_PG_BIN": str(newest.folder)}).running(),
    ):
        pytest.fail("it cannot read this data")

    assert refusal.value.code == "other_version"
