"""Whoever changes the journal is found: by ``denizen verify --roots``, and by the tool that shares no code with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection

from denizen.config.errands import proving
from denizen.config.errands.exporting import export_journal
from denizen.config.errands.sealing import seal_up_to
from denizen.ground.chronicle.models import EntryKey
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.queries import verify_seals
from denizen.ground.ledger.seal_models import DayRoot, Seal
from denizen.ground.ledger.testing import a_resident, day, earn, earn_contribution
from denizen.kit import db

TOOL = Path(__file__).resolve().parents[3] / "tools" / "verify_journal.py"
DAYS = 3
BLOCK = 4

pytestmark = pytest.mark.django_db(transaction=True)


def seal_day(number: int) -> None:
    noted = ledger.horizon()
    with db.opening():
        while ledger.seal_next(up_to=noted.last_id, moment=day(number), time_zone="Asia/Shanghai", rows_max=BLOCK):
            pass
        ledger.close_days(moment=day(number), time_zone="Asia/Shanghai")


@pytest.fixture
def roots(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city of three closed days and one open; the roots file as somebody kept it, and none in the home."""
    # These awards were posted without rules, which the proofs of other rooms rightly miss.
    monkeypatch.setattr(proving, "PROOFS", [proof for proof in proving.PROOFS if proof[2] is verify_seals])
    assert len(proving.PROOFS) == 1
    settings.ROOTS_FOLDER = tmp_path / "home"
    settings.ROOTS_FOLDER.mkdir()
    a_city()
    ledger.publish_roots(folder=settings.ROOTS_FOLDER)
    kept = (settings.ROOTS_FOLDER / "roots.txt").rename(tmp_path / "kept.txt")
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 1 + DAYS
    return kept


def a_city() -> None:
    with db.opening():
        ada, ben = a_resident(), a_resident()
        odo = a_staff("Odo", permissions=tuple(Permission))
        ledger.open_budget(code="kindness", limited=False)
    for number in range(DAYS + 1):
        with db.opening():
            for step in range(5):
                earn(ada if step % 2 else ben, 10 + step, moment=day(number))
            earn_contribution(ada, 3, moment=day(number))
            why = "Helped a stranger on the road."
            ledger.grant(
                actor=odo, resident=ben, amount=7 + number, reason=why, envelope="kindness", moment=day(number)
            )
        seal_day(number)


def by_denizen(roots: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What ``denizen verify --roots`` complains of; empty when all is well."""
    code = proving.verify(roots=roots)
    told = capsys.readouterr().err
    assert (code == 1) == bool(told)
    return told


def by_tool(roots: Path, tmp_path: Path, change: Callable[[list[Any]], list[Any]] | None = None) -> str:
    """What the tool complains of about an export of now, on which ``change`` was tried."""
    journal = tmp_path / "journal.jsonl"
    journal.unlink(missing_ok=True)
    assert export_journal(output=journal) == 0
    if change:
        rows = [orjson.loads(line) for line in journal.read_bytes().splitlines()]
        journal.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in change(rows)))
    return run_tool(str(journal), "--roots", str(roots))


def run_tool(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-S", TOOL, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode in (0, 1), done.stderr
    assert (done.returncode == 1) == bool(done.stderr)
    return done.stderr


def forced(*statements: str) -> None:
    """What only somebody can do who rules the server: change what the triggers forbid."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            for statement in statements:
                cursor.execute(statement)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def a_sealed_posting(place: int = 2) -> int:
    return int(db.fetch("SELECT id FROM ledger_posting ORDER BY id OFFSET %s LIMIT 1", (place,))[0][0])


def test_an_honest_journal_agrees_with_its_roots(
    roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by_denizen(roots, capsys) == ""
    assert by_tool(roots, tmp_path) == ""


def test_a_changed_amount_is_found(roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posting = a_sealed_posting()

    forced(f"UPDATE ledger_posting SET amount = amount + 1 WHERE id = {posting}")

    assert f"says something else than when it was sealed: posting {posting} (seal 1)" in by_denizen(roots, capsys)
    assert f"posting {posting}: it says something else" in by_tool(roots, tmp_path)


def test_a_deleted_row_is_found(roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posting = a_sealed_posting()

    forced(f"DELETE FROM ledger_posting WHERE id = {posting}")

    assert f"A sealed posting is gone: posting {posting} (seal 1)" in by_denizen(roots, capsys)
    assert "3 postings stand here instead of 4" in by_tool(roots, tmp_path)


def test_an_inserted_row_is_found(roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posting = a_sealed_posting()

    forced(
        "INSERT INTO ledger_posting (id, debit_id, credit_id, amount, code, purpose_id, effect_no, effective_at,"
        f" recorded_at) SELECT id + 1, debit_id, credit_id, 5, code, purpose_id, 0, effective_at, recorded_at"
        f" FROM ledger_posting WHERE id = {posting}"
    )

    assert f"was put among sealed ones: posting {posting + 1} (seal 1)" in by_denizen(roots, capsys)
    assert "5 postings stand here instead of 4" in by_tool(roots, tmp_path)


def test_a_row_with_a_number_nobody_gave_out_is_found(roots: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forced(
        "INSERT INTO ledger_posting (id, debit_id, credit_id, amount, code, purpose_id, effect_no, effective_at,"
        " recorded_at) SELECT 99999999, debit_id, credit_id, 5, code, purpose_id, 0, effective_at, recorded_at"
        " FROM ledger_posting ORDER BY id LIMIT 1"
    )

    assert "a number that was never given out: posting 99999999" in by_denizen(roots, capsys)


def test_swapped_numbers_are_found(roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = a_sealed_posting(0), a_sealed_posting(1)

    forced(
        f"UPDATE ledger_posting SET id = -1 WHERE id = {one}",
        f"UPDATE ledger_posting SET id = {one} WHERE id = {two}",
        f"UPDATE ledger_posting SET id = {two} WHERE id = -1",
    )

    told = by_denizen(roots, capsys)
    assert f"posting {one} (seal 1), posting {two} (seal 1)" in told
    assert f"posting {two}: it says something else" in by_tool(roots, tmp_path)


def test_reordered_rows_of_an_export_are_found(roots: Path, tmp_path: Path) -> None:
    def swapped(rows: list[Any]) -> list[Any]:
        rows[1], rows[2] = rows[2], rows[1]
        return rows

    assert "out of order or twice" in by_tool(roots, tmp_path, swapped)


def test_a_row_twice_in_an_export_is_found(roots: Path, tmp_path: Path) -> None:
    assert "out of order or twice" in by_tool(roots, tmp_path, lambda rows: [*rows[:2], rows[1], *rows[2:]])


def rebuild() -> None:
    """Recompute every seal and every day consistently, as somebody would who rules the database and this code."""
    made = list(Seal.objects.order_by("number").values_list("day", flat=True).distinct())
    forced("DELETE FROM ledger_dayroot", "DELETE FROM ledger_sealmarks", "DELETE FROM ledger_seal")
    assert made
    per_day = db.fetch("SELECT max(id) FROM ledger_posting GROUP BY effective_at::date ORDER BY 1")
    for number, (last,) in enumerate(per_day):
        with db.opening():
            while ledger.seal_next(up_to=last, moment=day(number), time_zone="Asia/Shanghai", rows_max=BLOCK):
                pass
            ledger.close_days(moment=day(number), time_zone="Asia/Shanghai")


def test_a_rebuilt_chain_is_found_by_an_older_roots_file(
    roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = tmp_path / "older.txt"
    older.write_text("".join(roots.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    posting = a_sealed_posting()
    forced(f"UPDATE ledger_posting SET amount = amount + 1 WHERE id = {posting}")

    rebuild()

    assert DayRoot.objects.count() == DAYS
    assert ledger_findings() == []
    told = by_denizen(older, capsys)
    assert "tells another history than the roots file; it was rebuilt after the file was written: 2026-01-01" in told
    assert "day 2026-01-01 (line 2): the journal tells another history" in by_tool(older, tmp_path)


def test_a_chain_rebuilt_without_a_change_is_the_same_chain(
    roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rebuild()

    assert by_denizen(roots, capsys) == ""
    assert by_tool(roots, tmp_path) == ""


def ledger_findings() -> list[str]:
    return [finding.code for finding in verify_seals()]


def test_a_cut_off_tail_is_found(roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = Seal.objects.filter(day="2026-01-02").order_by("-number")[0]
    forced(
        f"DELETE FROM ledger_dayroot WHERE last_seal_id > {last.number}",
        f"DELETE FROM ledger_sealmarks WHERE seal_id > {last.number}",
        f"DELETE FROM ledger_seal WHERE number > {last.number}",
        f"DELETE FROM ledger_reasoncommitment WHERE posting_id > {last.last_id}",
        f"DELETE FROM ledger_postingreason WHERE posting_id > {last.last_id}",
        f"DELETE FROM ledger_lot WHERE posting_id > {last.last_id}",
        f"DELETE FROM ledger_posting WHERE id > {last.last_id}",
    )

    assert "or its end was cut off: 2026-01-03 (line 4" in by_denizen(roots, capsys)
    assert "day 2026-01-03 (line 4): the journal has no such day" in by_tool(roots, tmp_path)


def test_an_edited_roots_file_is_found(roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = roots.read_text(encoding="utf-8").splitlines(keepends=True)
    parts = lines[2].split("\t")
    edited = tmp_path / "edited.txt"
    edited.write_text("".join([*lines[:2], "\t".join([*parts[:5], "1", *parts[6:]]), *lines[3:]]), encoding="utf-8")
    shortened = tmp_path / "shortened.txt"
    shortened.write_text("".join([*lines[:2], *lines[3:]]), encoding="utf-8")

    for wrong in (edited, shortened):
        assert "a line does not follow the one before: line 3" in by_denizen(wrong, capsys)
        assert "roots file, line 3" in by_tool(wrong, tmp_path)


def test_changed_words_of_a_reason_are_found(roots: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posting = db.fetch("SELECT min(posting_id) FROM ledger_postingreason")[0][0]

    forced(f"UPDATE ledger_postingreason SET reason = 'Gave him what I owed him.' WHERE posting_id = {posting}")

    assert f"not those it committed to: posting {posting}" in by_denizen(roots, capsys)


def test_a_changed_commitment_is_found(roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Words and commitment changed together still agree with each other, and no longer with the seal."""
    posting = db.fetch("SELECT min(posting_id) FROM ledger_postingreason")[0][0]

    forced(
        f"UPDATE ledger_postingreason SET reason = 'Gave him what I owed him.' WHERE posting_id = {posting}",
        "UPDATE ledger_reasoncommitment SET commitment = sha256(salt || 'Gave him what I owed him.'::bytea)"
        f" WHERE posting_id = {posting}",
    )

    assert f"than when it was sealed: posting {posting}" in by_denizen(roots, capsys)
    assert f"posting {posting}: it says something else" in by_tool(roots, tmp_path)


@pytest.mark.parametrize("column", ["staff_id = 2", "department_id = department_id + 1000"])
def test_another_giver_is_found(roots: Path, capsys: pytest.CaptureFixture[str], column: str) -> None:
    posting = db.fetch("SELECT min(posting_id) FROM ledger_postingreason")[0][0]

    forced(f"UPDATE ledger_postingreason SET {column} WHERE posting_id = {posting} AND staff_id <> 2")

    assert f"than when it was sealed: posting {posting}" in by_denizen(roots, capsys)


def test_another_outside_name_and_another_content_of_an_entry_are_found(
    roots: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (
        db.fetch("SELECT id, entry_id FROM ledger_posting WHERE entry_id IS NOT NULL ORDER BY id OFFSET %s", (n,))[0]
        for n in (0, 1)
    )
    assert not EntryKey.objects.exists()

    forced(
        f"UPDATE chronicle_entry SET payload = '{{\"level\": 9}}' WHERE id = {one[1]}",
        "INSERT INTO chronicle_entrykey (source_id, external_id, entry_id, payload_hash)"
        f" SELECT source_id, 'invented', id, '' FROM chronicle_entry WHERE id = {two[1]}",
    )

    told = by_denizen(roots, capsys)
    assert f"posting {one[0]} (seal 1), posting {two[0]} (seal 1)" in told


def test_lost_seals_and_days_are_found(roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forced("DELETE FROM ledger_dayroot WHERE day = '2026-01-02'")
    assert "A day that is over has no root" in by_denizen(roots, capsys)

    forced("DELETE FROM ledger_sealmarks WHERE seal_id = 2", "DELETE FROM ledger_seal WHERE number = 2")
    assert "seal 3 (it does not follow seal 1)" in by_denizen(roots, capsys)
    assert "it does not follow seal 1" in by_tool(roots, tmp_path)


def test_without_marks_the_seal_is_named(roots: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forced(
        f"UPDATE ledger_posting SET amount = amount + 1 WHERE id = {a_sealed_posting()}",
        "UPDATE ledger_sealmarks SET marks = ''",
    )

    assert "are not those that were sealed: seal 1 (postings " in by_denizen(roots, capsys)


def test_the_roots_of_another_city_are_refused(roots: Path, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("what is this\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, TOOL, roots, "--roots", tmp_path / "none.txt"], capture_output=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr.startswith(b"UNREADABLE")


def test_sealing_goes_on_where_it_stopped(roots: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with db.opening():
        earn(a_resident(), 5, moment=day(9) + timedelta(hours=1))

    assert seal_up_to(ledger.horizon(), moment=day(9)) == 1

    assert by_denizen(roots, capsys) == ""
