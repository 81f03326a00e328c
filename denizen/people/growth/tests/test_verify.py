"""The proof of growth finds what was broken, and nothing in a sound city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from denizen.ground.chronicle.kinds import community
from denizen.ground.identity import testing as people
from denizen.people.growth.queries.verify import verify
from denizen.people.growth.testing import behave
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)

Break = Callable[[str], None]


@pytest.fixture
def entries() -> list[int]:
    """Ada checks in twice (the second is capped), withdraws, and checks in again."""
    publish_first_book(text=reference_book_text(), moment=START, effective_from=START)
    ada = people.ada().resident_id
    minute = timedelta(minutes=1)
    doings = (
        (community.CheckedIn(), "first"),
        (community.CheckedIn(), "second"),
        (community.CheckInWithdrawn(original="first"), "undo"),
        (community.CheckedIn(), "third"),
    )
    return [behave(ada, what, NOON + place * minute, key=key).entry_id for place, (what, key) in enumerate(doings)]


@pytest.fixture
def broken() -> Break:
    """Run a statement with every guard of the database switched off, as damage would."""

    def run(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql)
            cursor.execute("SET session_replication_role = DEFAULT")

    return run


def codes() -> set[str]:
    return {finding.code for finding in verify()}


def test_a_sound_city_has_no_findings_with_caps_used_and_freed(entries: list[int]) -> None:
    assert len(entries) == 4
    assert verify() == []


def test_a_counter_that_says_another_number_is_found(entries: list[int], broken: Break) -> None:
    broken("UPDATE growth_capcounter SET used = used - 1 WHERE used > 0")

    findings = verify()

    assert {finding.code for finding in findings} == {"cap"}
    assert all("decisions say" in finding.en and "应为" in finding.zh for finding in findings)


def test_a_grant_without_its_posting_is_found(entries: list[int], broken: Break) -> None:
    broken(f"DELETE FROM ledger_posting WHERE entry_id = {entries[3]}")

    assert "unposted" in codes()


def test_a_posting_of_another_amount_than_granted_is_found(entries: list[int], broken: Break) -> None:
    broken(f"UPDATE ledger_posting SET amount = amount + 1 WHERE entry_id = {entries[3]}")

    assert {"unposted", "unsaid"} <= codes()


def test_a_decision_that_is_gone_is_found(entries: list[int], broken: Break) -> None:
    broken(f"DELETE FROM growth_decision WHERE entry_id = {entries[3]}")

    assert {"undecided", "unsaid"} <= codes()


def test_an_entry_both_decided_and_waiting_is_found(entries: list[int], broken: Break) -> None:
    broken(
        "INSERT INTO chronicle_undecided (entry_id, state, waits_for, recorded_at)"
        f" VALUES ({entries[0]}, 'ready', '', now())"
    )

    assert codes() == {"undecided"}


def test_a_decision_by_a_book_that_is_not_there_is_found(entries: list[int], broken: Break) -> None:
    broken(f"UPDATE growth_decision SET book_id = 99 WHERE entry_id = {entries[3]}")

    assert "book" in codes()
