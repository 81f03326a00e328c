"""The worker's loop over a real queue: everything ready is decided, and one bad entry blocks nobody."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from denizen.config.errands.deciding import drain, sweep
from denizen.ground.chronicle.commands import admit_entry, declare_source, new_entry, record
from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.models import Undecided
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.ledger.models import Posting
from denizen.kit import db
from denizen.people.growth.models import Decision
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _reference_book() -> None:
    publish_first_book(text=reference_book_text(), moment=START, effective_from=START)


def queued(count: int) -> list[int]:
    """Entries recorded and not decided, each of a resident of its own; their ids."""
    source = declare_source(code="app", lateness_seconds_max=None)
    entries = [
        new_entry(
            community.CheckedIn(), resident=make_resident(), occurred_at=START + timedelta(days=1), external_id=str(n)
        )
        for n in range(count)
    ]
    with db.opening():
        return [answer.entry_id for answer in record(source=source, entries=entries, recorded_at=START)]


def spoil(entry: int, kind: str = "check_in_withdrawn") -> None:
    """Let an entry be of a kind whose fields it does not have, as damage would leave it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE chronicle_entry SET kind_id = (SELECT id FROM chronicle_kindcode WHERE code = %s) WHERE id = %s",
            [kind, entry],
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def test_everything_ready_is_decided_once() -> None:
    entries = queued(5)

    assert drain(batch=2) == 5
    assert drain() == 0

    assert sorted(Decision.objects.values_list("entry_id", flat=True)) == entries
    assert not Undecided.objects.exists()


def test_one_bad_entry_is_set_aside_for_a_person_and_blocks_nobody(caplog: pytest.LogCaptureFixture) -> None:
    entries = queued(5)
    spoil(entries[2])

    with caplog.at_level(logging.WARNING):
        drain()

    decided = sorted(Decision.objects.values_list("entry_id", flat=True))
    assert decided == [entry for entry in entries if entry != entries[2]]
    assert list(Undecided.objects.values_list("entry_id", "state")) == [(entries[2], Undecided.State.REVIEW)]
    assert f"Entry {entries[2]} cannot be decided" in caplog.text
    assert not Posting.objects.filter(entry_id=entries[2]).exists()


def test_an_entry_set_aside_can_be_admitted_again_and_again() -> None:
    (entry,) = queued(1)
    spoil(entry, "check_in_withdrawn")
    for _ in range(2):
        drain()
        admit_entry(actor="staff:odo", entry_id=entry, now=START)

    spoil(entry, "checked_in")  # the cause is mended
    drain()

    assert list(Decision.objects.values_list("entry_id", flat=True)) == [entry]
    assert not Undecided.objects.exists()


def test_a_sweep_ends_when_nothing_is_due() -> None:
    queued(1)
    drain()

    sweep()
    sweep()
