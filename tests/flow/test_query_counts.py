"""Work is set-based: a thousand entries ask the database as often as ten, a long history as often as a short."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from denizen.ground.chronicle.commands import Fresh, new_entry, record
from denizen.ground.chronicle.kinds import community, purchase
from denizen.ground.chronicle.testing import make_resident
from denizen.kit import db
from denizen.people.growth.pipeline import advance
from denizen.people.growth.queries import history_for
from denizen.people.growth.testing import app_source, behave_all, fresh_of
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

pytestmark = pytest.mark.django_db

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LATER = NOON + timedelta(days=90)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _reference_book() -> None:
    publish_first_book(text=reference_book_text(), moment=JANUARY, effective_from=JANUARY)


def recorded(count: int, name: str) -> list[Fresh]:
    """As many check-ins and reposts of ten residents, recorded and not decided."""
    residents = [make_resident() for _ in range(10)]
    entries = [
        new_entry(
            community.CheckedIn() if number % 2 else community.Reposted(subject=f"s{number}"),
            resident=residents[number % 10],
            occurred_at=NOON + (number // 20) * DAY,
            external_id=f"{name}{number}",
        )
        for number in range(count)
    ]
    with db.opening():
        return fresh_of(record(source=app_source(), entries=entries, recorded_at=LATER, queue=False))


def test_deciding_a_thousand_takes_as_many_queries_as_deciding_ten(query_count: Callable[[], int]) -> None:
    advancing = {}
    for count in (10, 10, 1_000):  # The first time a process meets a book it makes it ready.
        entries = recorded(count, f"of {count} {len(advancing)} ".replace(" ", "-"))
        with db.opening():
            before = query_count()
            advance(entries, moment=LATER, tell=False)
            advancing[count] = query_count() - before

    assert advancing[1_000] == advancing[10]


def test_undoing_a_hundred_takes_as_many_queries_as_undoing_ten(query_count: Callable[[], int]) -> None:
    taken = {}
    for count in (10, 10, 100):
        entries = recorded(count, f"u-{count}-{len(taken)}-")
        with db.opening():
            advance(entries, moment=LATER, tell=False)
        undoings = [
            new_entry(
                community.CheckInWithdrawn(original=each.external_id)
                if each.kind == "checked_in"
                else community.RepostDeleted(original=each.external_id),
                resident=each.resident,
                occurred_at=LATER,
                external_id=f"undo-{each.external_id}",
            )
            for each in entries
        ]
        with db.opening():
            fresh = fresh_of(record(source=app_source(), entries=undoings, recorded_at=LATER, queue=False))
            before = query_count()
            advance(fresh, moment=LATER, tell=False)
            taken[count] = query_count() - before

    assert taken[100] == taken[10]


def test_a_page_of_history_takes_as_many_queries_for_the_busy_as_for_the_quiet(query_count: Callable[[], int]) -> None:
    quiet, busy = make_resident(), make_resident()
    behave_all([(quiet, community.CheckedIn(), NOON, "q")])
    behave_all([(busy, community.CheckedIn(), NOON + day * DAY, f"b{day}") for day in range(60)])
    car = purchase.VehicleDelivered(model="m1", vehicle="v", founder_edition=False, channel="new")
    behave_all([(busy, car, LATER, "car")])
    history_for(resident=busy)

    taken = []
    for resident in (quiet, busy):
        before = query_count()
        history_for(resident=resident, limit=50)
        taken.append(query_count() - before)

    assert taken[0] == taken[1] <= 3
