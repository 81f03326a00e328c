"""From a behaviour to points, contribution and standing, by the reference rule book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from denizen.ground.chronicle.kinds import activities, community, purchase
from denizen.ground.identity import testing as people
from denizen.ground.ledger import queries as ledger
from denizen.ground.ledger.queries import verify
from denizen.people.growth.pipeline import work_off
from denizen.people.growth.queries import history_for, receipt_for
from denizen.people.growth.testing import behave, behave_all
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text
from denizen.people.standing import queries as standing

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # 12:00 in the city
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _reference_book() -> None:
    publish_first_book(text=reference_book_text(), moment=START, effective_from=START)


def points(resident: int, moment: datetime = NOON + 30 * DAY) -> int:
    return ledger.balance(resident, moment).available


def test_a_check_in_pays_points_and_contribution_once_a_day() -> None:
    ada = people.ada().resident_id

    first = behave(ada, community.CheckedIn(), NOON)
    again = behave(ada, community.CheckedIn(), NOON + timedelta(hours=3))
    tomorrow = behave(ada, community.CheckedIn(), NOON + DAY)

    paid = receipt_for(resident=ada, entry=first.entry_id)
    assert paid.points > 0
    assert paid.contribution > 0
    refused = receipt_for(resident=ada, entry=again.entry_id)
    assert (refused.points, refused.contribution) == (0, 0)
    assert {line.outcome for line in refused.lines} == {"capped"}
    assert points(ada) == 2 * paid.points
    assert standing.profile(ada).total == 2 * paid.contribution
    assert receipt_for(resident=ada, entry=tomorrow.entry_id).points == paid.points


def test_the_no_says_why_and_when_it_can_be_again() -> None:
    ada = people.ada().resident_id
    behave(ada, community.CheckedIn(), NOON)

    refused = behave(ada, community.CheckedIn(), NOON + timedelta(hours=1))

    sentence = receipt_for(resident=ada, entry=refused.entry_id).lines[0].sentence
    assert "2026-03-03 00:00" in sentence


def test_a_fan_earns_at_most_a_hundred_in_total_by_basic_acts() -> None:
    ada = people.ada().resident_id

    for day in range(60):
        behave(ada, community.CheckedIn(), NOON + day * DAY)
        behave(ada, community.Reposted(subject=f"s{day}"), NOON + day * DAY)

    assert points(ada, NOON + 90 * DAY) == 100


def test_a_purchase_with_an_inviter_pays_twelve_thousand_and_names_him() -> None:
    ada, ben = people.ada().resident_id, people.ben().resident_id
    people_take_delivery(ben, NOON, "car-0")
    behave(ada, purchase.InvitationAccepted(inviter=ben), NOON + DAY)
    behave(ada, purchase.OrderPlaced(order="o1"), NOON + 2 * DAY)

    delivered = people_take_delivery(ada, NOON + 9 * DAY, "car-1")

    receipt = receipt_for(resident=ada, entry=delivered)
    mine = {line.rule: line for line in receipt.lines if line.mine and line.contribution_class is None and line.paid}
    assert sorted(line.paid for line in mine.values()) == [2_000, 10_000]
    assert any("Ben" in line.sentence for line in mine.values() if line.paid == 2_000)


def people_take_delivery(resident: int, at: datetime, vehicle: str) -> int:
    return behave(
        resident,
        purchase.VehicleDelivered(model="m1", vehicle=vehicle, founder_edition=False, channel="new"),
        at,
        key=f"delivery-{vehicle}",
    ).entry_id


def test_a_returned_car_takes_back_exactly_what_was_paid() -> None:
    ada = people.ada().resident_id
    people_take_delivery(ada, NOON, "car-1")
    before = points(ada)

    behave(ada, purchase.DeliveryCancelled(original="delivery-car-1"), NOON + DAY)
    again = behave(ada, purchase.DeliveryCancelled(original="delivery-car-1"), NOON + 2 * DAY)

    assert before >= 10_000
    assert points(ada) == 0
    assert (
        "already" in receipt_for(resident=ada, entry=again.entry_id).sentence
        or "已" in receipt_for(resident=ada, entry=again.entry_id).sentence
    )
    assert verify() == []


def test_a_refund_that_comes_before_its_purchase_waits_for_it() -> None:
    ada = people.ada().resident_id

    early = behave(ada, purchase.DeliveryCancelled(original="delivery-car-1"), NOON + DAY)
    assert receipt_for(resident=ada, entry=early.entry_id).state == "waiting"
    people_take_delivery(ada, NOON, "car-1")
    work_off(limit=10, moment=NOON + 2 * DAY, tell=False)

    assert receipt_for(resident=ada, entry=early.entry_id).outcome == "reversed"
    assert points(ada) == 0


def test_one_n_for_an_activity_attended_and_none_for_signing_up() -> None:
    ada = people.ada().resident_id

    behave(ada, activities.ActivitySignedUp(activity="a1"), NOON)
    behave(ada, activities.ActivityAttended(activity="a1", direction="outward"), NOON + DAY)

    assert standing.profile(ada).total == 1


def test_a_batch_of_any_size_ends_in_the_same_city() -> None:
    ada, ben = people.ada().resident_id, people.ben().resident_id
    doings = []
    for day in range(8):
        at = NOON + day * DAY
        doings += [
            (ada, community.CheckedIn(), at, f"a-check-{day}"),
            (ben, community.CheckedIn(), at, f"b-check-{day}"),
            (ben, community.CheckInWithdrawn(original=f"b-check-{day}"), at + timedelta(minutes=1), f"b-undo-{day}"),
            (ben, community.CheckedIn(), at + timedelta(minutes=2), f"b-again-{day}"),
            (ada, community.Reposted(subject=f"s{day}"), at, f"a-repost-{day}"),
        ]
        if day == 4:
            vehicle = purchase.VehicleDelivered(model="m1", vehicle="car-1", founder_edition=True, channel="new")
            doings.append((ada, vehicle, at, "delivery"))

    behave_all(doings)

    whole = [(receipt.kind, receipt.points, receipt.contribution) for receipt in history_for(resident=ada).receipts]
    assert points(ben) == points_of_single_steps(ben)
    assert whole
    assert verify() == []


def points_of_single_steps(resident: int) -> int:
    paid = [receipt.points for receipt in history_for(resident=resident, limit=100).receipts]
    return sum(paid)
