"""Taking back: whatever the order of arrival and the size of a batch, one undoing ends where the other does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from denizen.ground.chronicle.commands import Fresh, Recorded, declare_source, new_entry, record, take_ready
from denizen.ground.chronicle.kinds import community, purchase
from denizen.ground.identity import testing as people
from denizen.ground.identity.queries import facts_for
from denizen.ground.ledger import queries as ledger
from denizen.ground.ledger.commands import place, post
from denizen.ground.ledger.queries import verify
from denizen.ground.ledger.testing import earn
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.people.growth.commands import dismiss
from denizen.people.growth.order import in_order
from denizen.people.growth.pipeline import work_off
from denizen.people.growth.queries import receipt_for
from denizen.people.growth.testing import app_source, behave, behave_all
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _reference_book() -> None:
    publish_first_book(text=reference_book_text(), moment=START, effective_from=START)


def car(vehicle: str) -> purchase.VehicleDelivered:
    return purchase.VehicleDelivered(model="m1", vehicle=vehicle, founder_edition=False, channel="new")


def grade(resident: int, moment: datetime) -> str:
    return str(facts_for([resident])[resident].grade_at(to_micros(moment)))


def points(resident: int) -> int:
    return ledger.balance(resident, NOON + 30 * DAY).available


def drain() -> None:
    while work_off(limit=10, moment=NOON + 20 * DAY, tell=False):
        pass


def test_a_cancellation_that_comes_before_its_delivery_takes_back_the_grade_too() -> None:
    ada = people.ada().resident_id

    behave(ada, purchase.DeliveryCancelled(original="car"), NOON + DAY)
    behave(ada, car("v1"), NOON, key="car")
    drain()

    assert grade(ada, NOON + timedelta(hours=1)) == "owner"
    assert grade(ada, NOON + 2 * DAY) == "fan"
    assert points(ada) == 0


def test_a_cancellation_of_another_kind_takes_back_no_grade() -> None:
    ada = people.ada().resident_id
    behave(ada, car("v1"), NOON, key="car")
    paid = points(ada)

    wrong = behave(ada, purchase.OrderCancelled(original="car"), NOON + DAY)

    assert receipt_for(resident=ada, entry=wrong.entry_id).outcome == "nothing"
    assert grade(ada, NOON + 2 * DAY) == "owner"
    assert points(ada) == paid > 0


def test_a_second_cancellation_moves_neither_points_nor_the_grade_again() -> None:
    ada = people.ada().resident_id
    behave(ada, car("v1"), NOON, key="car")
    behave(ada, purchase.DeliveryCancelled(original="car"), NOON + 2 * DAY)

    behave(ada, purchase.DeliveryCancelled(original="car"), NOON + DAY)

    assert grade(ada, NOON + DAY + timedelta(hours=1)) == "owner"
    assert grade(ada, NOON + 3 * DAY) == "fan"


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
def test_a_withdrawal_frees_the_day_for_the_next_check_in_however_they_arrive(together: bool) -> None:
    ada = people.ada().resident_id
    doings: list[tuple[int, object, datetime, str]] = [
        (ada, community.CheckInWithdrawn(original="first"), NOON + timedelta(hours=1), "taken back"),
        (ada, community.CheckedIn(), NOON, "first"),
        (ada, community.CheckedIn(), NOON + timedelta(hours=2), "second"),
    ]

    answers = [answer for group in ([doings] if together else [[each] for each in doings]) for answer in lived(group)]

    assert receipt_for(resident=ada, entry=answers[1].entry_id).points > 0
    assert receipt_for(resident=ada, entry=answers[2].entry_id).points > 0
    assert points(ada) == receipt_for(resident=ada, entry=answers[2].entry_id).points
    assert verify() == []


def lived(group: list[tuple[int, object, datetime, str]]) -> list[Recorded]:
    answers = behave_all(group, now=NOON + DAY)
    drain()
    return answers


def test_what_waits_for_a_late_entry_is_answered_when_that_is_dismissed() -> None:
    ada, odo = people.ada().resident_id, people.odo()
    shop = declare_source(code="shop", lateness_seconds_max=3_600)
    behave(ada, community.CheckedIn(), NOON + DAY, source=shop)
    shop.refresh_from_db()
    late = behave(ada, community.CheckedIn(), NOON, key="late", source=shop, now=NOON + DAY)
    waiting = behave(ada, community.CheckInWithdrawn(original="late"), NOON + DAY, source=shop)
    before = points(ada)

    dismiss(actor=odo, entry_id=late.entry_id, reason="Reported a day too late", moment=NOON + 2 * DAY)
    drain()

    assert receipt_for(resident=ada, entry=waiting.entry_id).state == "decided"
    assert points(ada) == before


def test_the_queue_gives_no_more_than_asked_whatever_the_plan() -> None:
    ada = people.ada().resident_id
    entries = [
        new_entry(community.CheckedIn(), resident=ada, occurred_at=NOON + day * DAY, external_id=f"c{day}")
        for day in range(20)
    ]
    with db.opening():
        record(source=app_source(), entries=entries, recorded_at=NOON)

    for plan in ("enable_hashjoin", "enable_mergejoin", "enable_hashagg", "enable_sort", "enable_material"):
        db.execute(f"SET LOCAL {plan} = off")
        with db.opening():
            assert len(take_ready(limit=2)) == 2


def fresh(number: int, kind: str, key: str, original: str = "") -> Fresh:
    return Fresh(number, kind, 1, 1, number, {"original": original} if original else {}, key)


def keys(entries: Sequence[Fresh]) -> list[str]:
    return [entry.external_id for entry in entries]


def test_a_reversal_is_decided_right_behind_its_original_and_never_before() -> None:
    undo, other, original = (
        fresh(1, "check_in_withdrawn", "undo", "check-in"),
        fresh(2, "checked_in", "other"),
        fresh(3, "checked_in", "check-in"),
    )
    waiting = fresh(0, "check_in_withdrawn", "waiting", "check-in")

    assert keys(in_order([], [undo, other, original])) == ["other", "check-in", "undo"]
    assert keys(in_order([waiting], [undo, other, original])) == ["other", "check-in", "waiting", "undo"]
    assert keys(in_order([], [original, undo])) == ["check-in", "undo"]


def test_reversals_that_name_one_another_are_all_decided_once() -> None:
    first = fresh(1, "check_in_withdrawn", "a", "b")
    second = fresh(2, "check_in_withdrawn", "b", "c")
    third = fresh(3, "checked_in", "c")

    assert keys(in_order([first], [second, third])) == ["c", "b", "a"]
    assert keys(in_order([second], [first, third])) == ["c", "b", "a"]
    assert keys(in_order([], [first, fresh(2, "check_in_withdrawn", "b", "a")])) == ["a", "b"]


def test_a_conflicting_repetition_makes_nobody_late() -> None:
    ada = people.ada().resident_id
    shop = declare_source(code="shop", lateness_seconds_max=3_600)
    behave(ada, community.CheckedIn(), NOON, key="a", source=shop)
    shop.refresh_from_db()

    answers = behave_all(
        [(ada, community.CheckedIn(), NOON + DAY, "a"), (ada, community.CheckedIn(), NOON, "b")], source=shop
    )

    assert [answer.status for answer in answers] == ["conflict", "accepted"]
    assert not answers[1].late


def test_a_gift_out_of_a_hold_whose_day_has_passed_arrives_alive() -> None:
    ada, ben = people.ada().resident_id, people.ben().resident_id
    earn(ada, 10, moment=NOON, expires_at=NOON + DAY)
    hold = place(resident=ada, amount=10, purpose="trade", key="h", moment=NOON)

    post(hold=hold, taker=ben, moment=NOON + 2 * DAY)

    assert ledger.balance(ben, NOON + 2 * DAY).available == 10
    assert verify() == []
