"""Files that mean two things, or nothing at all, in front of who checks the books: they are unreadable, never right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_journal.py"
NAMES = (
    "id", "debit", "credit", "amount", "code", "purpose", "effect_no", "effective_at", "recorded_at", "reverses",
    "named", "entry", "kind", "resident", "occurred_at", "entry_commitment", "staff", "approver", "department",
    "reason_commitment",
)  # fmt: skip
POSTING = json.dumps(dict.fromkeys(NAMES, 1))
HONEST = f'{{"posting": {POSTING}}}'

HOSTILE = {
    "an amount said twice": HONEST.replace('"amount": 1', '"amount": 1, "amount": 1000000'),
    "a posting said twice": f'{{"posting": {POSTING}, "posting": {POSTING}}}',
    "a posting behind a seal": f'{{"seal": {{}}, "posting": {POSTING}}}',
    "more beside a posting": f'{{"posting": {POSTING}, "note": 1}}',
    "no number": HONEST.replace('"amount": 1', '"amount": NaN'),
    "an endless number": HONEST.replace('"amount": 1', f'"amount": {"9" * 5_000}'),
    "a broken number": HONEST.replace('"amount": 1', '"amount": 1.0'),
    "yes for a number": HONEST.replace('"amount": 1', '"amount": true'),
    "two fields in one": HONEST.replace('"purpose": 1', '"purpose": "a\\tb"'),
    "half a letter": HONEST.replace('"purpose": 1', '"purpose": "\\ud800"'),
    "a deep hole": "[" * 200_000,
}


def checked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "roots.txt").write_text("# denizen roots 1\n", encoding="utf-8")
    asked = [sys.executable, str(TOOL), *arguments, "--roots", str(folder / "roots.txt")]
    return subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)


def test_an_honest_line_is_read(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text(f"{HONEST}\n", encoding="utf-8")

    assert checked(tmp_path, str(tmp_path / "journal.jsonl")).returncode == 0


@pytest.mark.parametrize("sort", HOSTILE)
def test_a_line_that_can_be_read_in_two_ways_or_in_none_is_unreadable(tmp_path: Path, sort: str) -> None:
    (tmp_path / "journal.jsonl").write_text(f"{HOSTILE[sort]}\n", encoding="utf-8")

    told = checked(tmp_path, str(tmp_path / "journal.jsonl"))

    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("UNREADABLE")
    assert "Traceback" not in told.stderr


def test_a_proof_that_says_something_twice_is_unreadable(tmp_path: Path) -> None:
    told = '{"denizen": "inclusion 1", "proofs": [], "proofs": [{}]}'
    (tmp_path / "proof.json").write_text(told, encoding="utf-8")

    assert checked(tmp_path, "--inclusion", str(tmp_path / "proof.json")).returncode == 2
