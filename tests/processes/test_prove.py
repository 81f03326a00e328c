"""Proving from a terminal: seals, roots outside the database, the tool that needs no city, backups against roots."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes.conftest import REPOSITORY, Town, check_ins
from tests.processes.test_survive import MAPPING

TOOL = REPOSITORY / "tools" / "verify_journal.py"
# Twenty-six hours lie between them: what is sealed in the west is of a day that is over in the east.
WEST, EAST = "Etc/GMT+12", "Pacific/Kiritimati"


@pytest.fixture
def lived(town: Town, folder: Path) -> Town:
    """A city in which Ada checked in on three days."""
    (folder / "days.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in check_ins(3)))
    (folder / "days.map.yaml").write_text(MAPPING)
    assert town.run("ingest", folder / "days.jsonl", "--map", folder / "days.map.yaml").returncode == 0
    return town


def checked(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-S", TOOL, *arguments], capture_output=True, text=True, check=False)


def test_a_day_is_sealed_published_and_checked_without_the_city(lived: Town) -> None:
    assert lived.run("seal", DENIZEN_TIME_ZONE=WEST).returncode == 0
    sealed = lived.run("seal", DENIZEN_TIME_ZONE=EAST, DENIZEN_LANGUAGE="en")
    roots, journal = lived.home / "roots" / "roots.txt", lived.home.parent / "journal.jsonl"

    assert "0 postings sealed" in sealed.stdout
    assert "1 days closed" in sealed.stdout
    assert len(roots.read_text(encoding="utf-8").splitlines()) == 2
    assert lived.run("export", "journal", "--output", journal).returncode == 0
    assert lived.run("export", "journal").stdout == journal.read_text(encoding="utf-8")
    assert lived.run("verify", "--roots", roots).returncode == 0
    assert checked(journal, "--roots", roots).returncode == 0

    lived.bring_up()
    lived.ask("SET session_replication_role = replica; UPDATE ledger_posting SET amount = amount + 1"
              " WHERE id = (SELECT max(id) FROM ledger_posting)")  # fmt: skip
    proof = lived.run("verify", "--roots", roots, DENIZEN_LANGUAGE="en")
    assert lived.run("export", "journal", "--output", journal).returncode == 0

    assert proof.returncode == 1
    assert "WRONG  ledger: seals" in proof.stdout
    assert "says something else than when it was sealed: posting" in proof.stderr
    assert checked(journal, "--roots", roots).returncode == 1


def test_a_backup_keeps_seals_and_roots_and_an_older_one_is_told_from_newer_roots(lived: Town) -> None:
    older, newer = lived.home.parent / "older.tar", lived.home.parent / "newer.tar"
    assert lived.run("seal", DENIZEN_TIME_ZONE=WEST).returncode == 0
    assert lived.run("backup", older).returncode == 0
    assert lived.run("seal", DENIZEN_TIME_ZONE=EAST).returncode == 0
    assert lived.run("backup", newer).returncode == 0
    roots = lived.home / "roots" / "roots.txt"

    same, behind = Town(lived.home.with_name("same")), Town(lived.home.with_name("behind"))
    assert same.run("restore", newer).returncode == 0
    assert behind.run("restore", older).returncode == 0

    assert (same.home / "roots" / "roots.txt").read_bytes() == roots.read_bytes()
    assert (same.home / "roots" / "roots.txt").stat().st_mode & 0o777 == 0o600
    assert same.run("verify", "--roots", roots).returncode == 0
    proof = behind.run("verify", "--roots", roots, DENIZEN_LANGUAGE="en")
    assert proof.returncode == 1
    assert "knows days that the database does not: it is older than the file" in proof.stderr
    shutil.copy(roots, behind.home / "roots" / "roots.txt")
    refused = behind.run("seal", DENIZEN_TIME_ZONE=WEST)
    assert refused.returncode == 1
    assert "different histories from line 2 on" in refused.stderr
    assert (behind.home / "roots" / "roots.txt").read_bytes() == roots.read_bytes()


def test_a_roots_file_that_is_not_there_and_a_form_that_does_not_fit_are_said(lived: Town) -> None:
    absent = lived.run("verify", "--roots", lived.home / "absent.txt", DENIZEN_LANGUAGE="en")

    assert absent.returncode == 1
    assert "cannot be read" in absent.stderr
    assert lived.run("export", "journal", "--format", "csv").returncode == 2
    assert lived.run("export", "balances", "--format", "jsonl").returncode == 2
