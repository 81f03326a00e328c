"""Killed before any statement or commit, and told everything again: the same city, nothing lost and nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from denizen.ground.chronicle.commands import record
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.ledger.queries import verify
from denizen.kit import db
from denizen.people.growth.pipeline import work_off
from denizen.people.growth.testing import app_source
from denizen.people.rulebook.commands import publish_first_book
from tests.flow.mortal import LATER, live, reports
from tests.flow.simulator.book import FIRST, as_yaml

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
EVERY = int(os.environ.get("DENIZEN_CRASH_EVERY", "4"))
"""Strike before every so many statements; 1 strikes before every single one."""

POINTS_OF_FAULT_MIN = 40
KILLED = 9


@pytest.fixture
def mortal() -> Iterator[subprocess.Popen[str]]:
    """A process that lives and dies in this test's database."""
    chosen = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "denizen.config.settings", "DENIZEN_DATABASE": json.dumps(chosen),
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "tests.flow.mortal"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def lived(process: subprocess.Popen[str], fault: str, count: int, residents: list[int]) -> int:
    """How a life ended that was struck before its ``count``-th statement."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(" ".join(map(str, (fault, count, *residents))) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def tell_everything_again(residents: list[int]) -> None:
    for batch in reports(residents):
        with db.opening():
            record(source=app_source(), entries=batch, recorded_at=LATER)
    while db.fetch("SELECT 1 FROM chronicle_undecided WHERE state = 'ready' LIMIT 1"):
        work_off(limit=20, moment=LATER, tell=False)


def story(residents: list[int]) -> dict[str, Any]:
    """Everything about two residents, without their keys and without when it was learnt."""
    places = {resident: place for place, resident in enumerate(residents)}
    accounts = [resident * 8 + slot for resident in residents for slot in range(8)]

    def named(resident: int) -> int:
        return places[resident]

    return {
        "accounts": [
            (named(account // 8), account % 8, balance)
            for account, balance in db.fetch(
                "SELECT id, balance FROM ledger_account WHERE id = ANY(%s) AND balance <> 0 ORDER BY id", (accounts,)
            )
        ],
        "lots": [
            (named(account // 8), *rest)
            for account, *rest in db.fetch(
                "SELECT account_id, amount, remaining, reserved, expires_at FROM ledger_lot"
                " WHERE account_id = ANY(%s) ORDER BY account_id, granted_at, amount, id",
                (accounts,),
            )
        ],
        "standing": [
            (named(resident), *rest)
            for resident, *rest in db.fetch(
                "SELECT resident_id, total, reached_at FROM standing_standing WHERE resident_id = ANY(%s) ORDER BY 1",
                (residents,),
            )
        ],
        "counters": [
            (named(resident), *rest)
            for resident, *rest in db.fetch(
                'SELECT resident_id, k.code, "window", by, used FROM growth_capcounter c JOIN rulebook_capcode k'
                " ON k.id = c.cap_id WHERE resident_id = ANY(%s) AND used > 0 ORDER BY 1, 2, 3, 4",
                (residents,),
            )
        ],
        "decisions": db.fetch(
            "SELECT split_part(k.external_id, '-', 2), split_part(k.external_id, '-', 3), d.outcome,"
            " (SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting p WHERE p.entry_id = e.id)"
            " FROM chronicle_entry e JOIN chronicle_entrykey k ON k.entry_id = e.id"
            " LEFT JOIN growth_decision d ON d.entry_id = e.id WHERE e.resident_id = ANY(%s) ORDER BY 1, 2",
            (residents,),
        ),
        "grades": [
            (named(resident), *rest)
            for resident, *rest in db.fetch(
                "SELECT resident_id, grade, lower(held), upper(held) FROM identity_gradespan"
                " WHERE resident_id = ANY(%s) ORDER BY resident_id, held",
                (residents,),
            )
        ],
    }


@pytest.mark.parametrize("fault", ["kill", "backend"])
def test_struck_anywhere_and_told_again_it_is_the_city_without_a_crash(
    mortal: subprocess.Popen[str], fault: str
) -> None:
    publish_first_book(text=as_yaml(FIRST, "first"), moment=JANUARY, effective_from=JANUARY)
    undisturbed = [make_resident(), make_resident()]
    live(undisturbed)
    expected = story(undisturbed)
    assert len(expected["decisions"]) == sum(map(len, reports(undisturbed)))
    assert all(outcome is not None for _, _, outcome, _ in expected["decisions"])

    ends: list[int] = []
    count = 1 if fault == "kill" else 1 + EVERY // 2
    while not ends or ends[-1] != 0:
        residents = [make_resident(), make_resident()]
        ends.append(lived(mortal, fault, count, residents))
        tell_everything_again(residents)
        assert story(residents) == expected, f"{fault} before statement {count}"
        count += EVERY

    assert set(ends[:-1]) == ({KILLED} if fault == "kill" else {256})
    assert count > POINTS_OF_FAULT_MIN
    assert db.fetch("SELECT count(*) FROM chronicle_undecided") == [(0,)]
    assert verify() == []
