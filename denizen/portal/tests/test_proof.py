"""Provable books: everybody reads the roots; a resident takes the proof of his own lines home and checks it there."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger import queries
from denizen.ground.ledger.models import Posting
from denizen.people.growth.testing import behave
from denizen.portal.tests.conftest import browser_of, text_of

TOOL = Path(__file__).resolve().parents[3] / "tools" / "verify_journal.py"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.ROOTS_FOLDER = tmp_path


def lived(ada, now, days=3):
    """Ada checks in for some days; each is sealed at its end, and closed by the next."""
    for number in range(days):
        moment = now - timedelta(days=days - number)
        for key in ("one", "two", "three"):
            behave(ada.resident_id, community.CheckedIn(), moment - timedelta(days=40), key=f"{key}-{number}")
        behave(ada.resident_id, community.CheckedIn(), moment)
        noted = ledger.horizon()
        while ledger.seal_next(up_to=noted.last_id, moment=moment, time_zone="Asia/Shanghai", rows_max=3):
            pass
    ledger.close_days(moment=now, time_zone="Asia/Shanghai")
    return list(Posting.objects.filter(credit_id__gte=8000).order_by("id").values_list("id", flat=True))


def checked(tmp_path, proof: bytes, roots: bytes) -> subprocess.CompletedProcess[str]:
    (tmp_path / "proof.json").write_bytes(proof)
    (tmp_path / "kept.txt").write_bytes(roots)
    arguments = [
        sys.executable,
        "-I",
        "-S",
        TOOL,
        "--inclusion",
        tmp_path / "proof.json",
        "--roots",
        tmp_path / "kept.txt",
    ]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)


def test_a_stranger_reads_the_roots_and_takes_them_along(ada, now):
    lived(ada, now)
    latest = queries.closed_days()[-1]

    page = text_of(browser_of(None).get("/proof/"))
    file = browser_of(None).get("/proof/roots.txt")

    assert latest.hash.hex() in page
    assert "Provable books" in page
    assert file.content.decode() == queries.roots_text()
    assert file["Content-Disposition"] == 'attachment; filename="roots.txt"'


def test_the_file_outside_the_database_is_what_is_handed_out(ada, now, tmp_path):
    lived(ada, now)
    (tmp_path / "roots.txt").write_text("# as it stands outside\n", encoding="utf-8")

    assert browser_of(None).get("/proof/roots.txt").content == b"# as it stands outside\n"


def test_a_city_before_its_first_day_says_so(laws):
    assert "No day has been published yet" in text_of(browser_of(None).get("/proof/"))


def test_every_one_of_a_residents_lines_is_proven_at_home(ada, now, tmp_path):
    postings = lived(ada, now)
    browser = browser_of(ada)
    page = text_of(browser.get("/proof/mine/"))
    roots = browser.get("/proof/roots.txt").content

    assert len(postings) >= 6
    for posting in postings:
        assert f"/proof/mine/{posting}.json" in page
        done = checked(tmp_path, browser.get(f"/proof/mine/{posting}.json").content, roots)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"posting {posting}: exactly as sealed" in done.stdout


def test_a_proof_that_was_touched_is_refused(ada, now, tmp_path):
    posting = lived(ada, now)[2]
    browser = browser_of(ada)
    proof, roots = browser.get(f"/proof/mine/{posting}.json").content, browser.get("/proof/roots.txt").content

    amount = Posting.objects.get(pk=posting).amount
    richer = proof.replace(f'"amount": {amount}'.encode(), f'"amount": {amount + 1}'.encode())
    later = proof.replace(b'"number": 2', b'"number": 3')

    assert "does not lead to seal" in checked(tmp_path, richer, roots).stderr
    assert "is not part of" in checked(tmp_path, later, roots).stderr
    assert "has no line for" in checked(tmp_path, proof, b"# denizen roots 1\n").stderr


def test_a_line_of_today_is_proven_when_its_day_is_over(ada, now):
    lived(ada, now)
    behave(ada.resident_id, community.CheckedIn(), now)
    posting = Posting.objects.order_by("-id")[0].pk

    assert browser_of(ada).get(f"/proof/mine/{posting}.json").status_code == 404
    assert "after its day" in text_of(browser_of(ada).get("/proof/mine/"))


def test_somebody_elses_line_is_not_there(ada, ben, now):
    posting = lived(ada, now)[0]

    assert browser_of(ben).get(f"/proof/mine/{posting}.json").status_code == 404
    assert browser_of(None).get(f"/proof/mine/{posting}.json").status_code == 302
    assert browser_of(None).get("/proof/mine/").status_code == 302


def test_me_leads_to_the_proof(ada):
    assert 'href="/proof/"' in text_of(browser_of(ada).get("/me/"))
