"""Receipts tell the stored decision: the yes and the no, in both languages, never computed again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from denizen.ground.chronicle.kinds import community, purchase
from denizen.ground.identity import testing as people
from denizen.people.growth.queries import history_for, receipt_for
from denizen.people.growth.testing import behave, behave_all
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # 12:00 in the city
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _reference_book() -> None:
    publish_first_book(text=reference_book_text(), moment=START, effective_from=START)


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["done for today", "2026-03-03 00:00"]), ("zh-hans", ["今天", "2026-03-03 00:00"])]
)
def test_the_no_names_the_limit_and_when_there_is_more(language: str, words: list[str]) -> None:
    ada = people.ada().resident_id
    behave(ada, community.CheckedIn(), NOON)
    again = behave(ada, community.CheckedIn(), NOON + timedelta(hours=1))

    with translation.override(language):
        sentence = receipt_for(resident=ada, entry=again.entry_id).lines[0].sentence

    assert [word for word in words if word not in sentence] == []


def test_a_capped_part_says_how_much_of_how_much() -> None:
    ada = people.ada().resident_id
    for day in range(120):
        behave(ada, community.Reposted(subject=f"s{day}"), NOON + day * DAY)

    with translation.override("en"):
        lines = [line for receipt in history_for(resident=ada, limit=100).receipts for line in receipt.lines]

    assert sum(line.paid for line in lines if line.contribution_class is None) <= 100
    assert any(line.outcome == "capped" and "in total" in line.sentence for line in lines)


@pytest.mark.parametrize(("language", "word"), [("en", "Ben"), ("zh-hans", "Ben")])
def test_a_line_names_the_person_it_owes_itself_to(language: str, word: str) -> None:
    ada, ben = people.ada().resident_id, people.ben().resident_id
    car = purchase.VehicleDelivered(model="m1", vehicle="v0", founder_edition=False, channel="new")
    behave(ben, car, NOON)
    behave(ada, purchase.InvitationAccepted(inviter=ben), NOON + DAY)
    mine = purchase.VehicleDelivered(model="m1", vehicle="v1", founder_edition=False, channel="new")
    entry = behave(ada, mine, NOON + 2 * DAY)

    with translation.override(language):
        receipt = receipt_for(resident=ada, entry=entry.entry_id)

    assert any(word in line.sentence for line in receipt.lines if line.paid == 2_000)


def test_a_receipt_shows_only_to_its_own_resident() -> None:
    ada, ben = people.ada().resident_id, people.ben().resident_id
    entry = behave(ada, community.CheckedIn(), NOON)

    assert receipt_for(resident=ben, entry=entry.entry_id) is None


def test_it_stays_as_it_was_told_when_the_rules_change_later() -> None:
    ada = people.ada().resident_id
    entry = behave(ada, community.CheckedIn(), NOON)
    before = receipt_for(resident=ada, entry=entry.entry_id)

    behave(ada, community.CheckedIn(), NOON + DAY)

    assert receipt_for(resident=ada, entry=entry.entry_id) == before


def test_history_pages_by_key_and_never_shows_an_entry_twice(query_count: Callable[[], int]) -> None:
    ada = people.ada().resident_id
    behave_all([(ada, community.Reposted(subject=f"s{n}"), NOON, f"k{n}") for n in range(50)])

    seen, key, counts = [], None, []
    while True:
        before = query_count()
        page = history_for(resident=ada, older_than=key, limit=20)
        counts.append(query_count() - before)
        seen += [receipt.entry for receipt in page.receipts]
        key = page.older
        if key is None:
            break

    assert len(seen) == len(set(seen)) == 50
    assert seen == sorted(seen, reverse=True)
    # The first page may also read the book once for the whole process.
    assert counts[0] <= 3
    assert counts[1:] == [2, 2]


@pytest.mark.parametrize("key", ["", "nonsense", "2026-01-01", "~5", "2026-01-01T00:00:00+00:00~x"])
def test_an_unreadable_key_starts_from_the_top(key: str) -> None:
    ada = people.ada().resident_id
    behave(ada, community.CheckedIn(), NOON)

    assert len(history_for(resident=ada, older_than=key).receipts) == 1
