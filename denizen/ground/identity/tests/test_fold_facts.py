"""Recorded facts become ranges of the residents they touch, a batch at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import DatabaseError

from denizen.ground.chronicle.kinds import community, purchase
from denizen.ground.identity import queries
from denizen.ground.identity.commands import fold_facts
from denizen.ground.identity.models import Fact, FirstOrder, GradeSpan, Invitation, PlanSpan
from denizen.ground.identity.testing import NOW, a_resident, ada, ben, lived, recorded, resells, takes_delivery
from denizen.kit import db
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SPRING = datetime(2025, 3, 1, 8, 30, 0, 123_457, tzinfo=UTC)
PAID = purchase.DepositPaid(order="order-1", stage="deposit")
CAR = purchase.VehicleDelivered(model="l1", vehicle="car-1", founder_edition=False, channel="new", order="order-1")
SOLD = purchase.VehicleResold(vehicle="car-1", official=True)


def grades(profile) -> list[tuple]:
    spans = GradeSpan.objects.filter(resident=profile.resident_id).order_by("held")
    return [(span.grade, span.held.lower, span.held.upper) for span in spans]


def grade_at(profile, moment: datetime) -> str:
    return queries.facts_for([profile.resident_id])[profile.resident_id].grade_at(to_micros(moment))


@pytest.mark.partial("D-02", "D-03", "B-25")
def test_a_life_of_facts_becomes_ranges_exact_to_the_microsecond():
    profile = ada()
    lived(profile, PAID, SPRING)
    lived(profile, CAR, SPRING + DAY)
    lived(profile, SOLD, SPRING + 2 * DAY)

    assert grades(profile) == [
        ("depositor", SPRING, SPRING + DAY),
        ("owner", SPRING + DAY, SPRING + 2 * DAY),
        ("former_owner", SPRING + 2 * DAY, None),
    ]
    assert FirstOrder.objects.get().placed_at == SPRING + DAY


@pytest.mark.partial("D-02")
def test_a_refund_takes_the_deposit_back_by_its_external_id():
    profile = ada()
    lived(profile, PAID, SPRING, key="payment-7")
    lived(profile, purchase.DepositRefunded(original="payment-7"), SPRING + DAY)

    assert grades(profile) == [("depositor", SPRING, SPRING + DAY), ("fan", SPRING + DAY, None)]


def test_the_undoing_of_another_source_takes_nothing_back():
    profile = ada()
    lived(profile, PAID, SPRING, key="payment-7")
    refund = recorded(profile, purchase.DepositRefunded(original="payment-7"), SPRING + DAY, source="bank")

    fold_facts(entries=[refund], moment=NOW)

    assert grades(profile) == [("depositor", SPRING, None)]


def test_nobody_undoes_the_fact_of_another_resident():
    theirs, mine = ada(), ben()
    lived(theirs, PAID, SPRING, key="payment-7")
    lived(mine, purchase.DepositRefunded(original="payment-7"), SPRING + DAY)

    assert grades(theirs) == [("depositor", SPRING, None)]
    assert grades(mine) == []


def test_a_repeated_batch_changes_nothing():
    profile = ada()
    entries = [recorded(profile, PAID, SPRING), recorded(profile, CAR, SPRING + DAY)]
    first = fold_facts(entries=entries, moment=NOW)
    before = list(GradeSpan.objects.order_by("pk").values_list("pk", flat=True))

    again = fold_facts(entries=entries, moment=NOW)

    assert (first.facts, first.changed) == (2, {profile.resident_id})
    assert (again.facts, again.changed) == (0, set())
    assert list(GradeSpan.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_a_fact_that_changes_no_range_writes_none():
    profile = ada()
    takes_delivery(profile, SPRING)
    before = list(GradeSpan.objects.values_list("pk", flat=True))

    second = fold_facts(
        entries=[
            recorded(
                profile,
                purchase.VehicleDelivered(model="l1", vehicle="car-2", founder_edition=False, channel="repurchase"),
                SPRING + DAY,
            )
        ],
        moment=NOW,
    )

    assert second.changed == set()
    assert list(GradeSpan.objects.values_list("pk", flat=True)) == before


def test_a_batch_without_facts_asks_the_database_nothing(django_assert_num_queries):
    entry = recorded(ada(), community.CheckedIn(), SPRING)

    with django_assert_num_queries(0):
        folded = fold_facts(entries=[entry], moment=NOW)

    assert folded == (0, frozenset(), frozenset())


@pytest.mark.parametrize("residents", [1, 40])
def test_the_number_of_queries_does_not_grow_with_the_batch(residents, django_assert_max_num_queries):
    entries = [
        recorded(a_resident(), what, SPRING)
        for _ in range(residents)
        for what in (PAID, CAR, purchase.PlanStarted(plan="energy"))
    ]

    with django_assert_max_num_queries(7):
        folded = fold_facts(entries=entries, moment=NOW)

    assert folded.facts == 3 * residents


def test_any_order_of_arrival_over_many_batches_ends_in_the_same_ranges():
    story = [(PAID, SPRING), (CAR, SPRING + DAY), (SOLD, SPRING + 2 * DAY), (PAID, SPRING + 3 * DAY)]
    outcomes = set()
    for arrival in permutations(story):
        profile = a_resident()
        for what, moment in arrival:
            lived(profile, what, moment)
        plans = PlanSpan.objects.filter(resident=profile.resident_id).order_by("held").values_list("plan", "held")
        outcomes.add((tuple(grades(profile)), tuple(plans)))

    assert len(outcomes) == 1


def test_a_late_fact_corrects_the_ranges_between():
    profile = ada()
    takes_delivery(profile, SPRING)
    assert grade_at(profile, SPRING + 5 * DAY) == "owner"

    resells(profile, SPRING + 2 * DAY)

    assert grade_at(profile, SPRING + DAY) == "owner"
    assert grade_at(profile, SPRING + 5 * DAY) == "former_owner"


def test_only_the_residents_of_the_batch_are_folded_again():
    lived(ada(), PAID, SPRING)
    other = ben()
    lived(other, PAID, SPRING)
    GradeSpan.objects.filter(resident=other.resident_id).delete()

    lived(a_resident(), PAID, SPRING)

    assert grades(other) == []


def test_facts_are_never_edited():
    lived(ada(), PAID, SPRING)

    with pytest.raises(DatabaseError, match="append-only"):
        Fact.objects.update(kind="plan_started")


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_fold_without_a_transaction():
    with pytest.raises(db.TransactionMisuse):
        fold_facts(entries=[], moment=NOW)


class TestInvitations:
    """Invitations that arrive as facts (B-20)."""

    def invited(self, by, moment: datetime = SPRING, key: str = "", buyer=None) -> frozenset[int]:
        entry = recorded(buyer or self.buyer, purchase.InvitationAccepted(inviter=by.resident_id), moment, key=key)
        return fold_facts(entries=[entry], moment=NOW).invited

    @pytest.fixture(autouse=True)
    def _buyer(self):
        self.buyer = a_resident("Buyer")

    def inviter(self) -> int | None:
        return Invitation.objects.filter(buyer=self.buyer.resident_id).values_list("inviter", flat=True).first()

    @pytest.mark.partial("B-20")
    def test_the_first_recorded_inviter_is_bound_and_no_other(self):
        ada_, ben_ = ada(), ben()

        bound = self.invited(ada_)
        again = self.invited(ben_, SPRING - DAY)

        assert bound == {self.buyer.resident_id}
        assert again == frozenset()
        assert self.inviter() == ada_.resident_id

    def test_of_two_in_one_batch_the_earlier_is_bound(self):
        ada_, ben_ = ada(), ben()
        entries = [
            recorded(self.buyer, purchase.InvitationAccepted(inviter=ben_.resident_id), SPRING + DAY),
            recorded(self.buyer, purchase.InvitationAccepted(inviter=ada_.resident_id), SPRING),
        ]

        fold_facts(entries=entries, moment=NOW)

        assert self.inviter() == ada_.resident_id

    @pytest.mark.partial("B-20")
    def test_oneself_is_never_bound(self):
        assert self.invited(self.buyer) == frozenset()

    @pytest.mark.partial("B-20")
    def test_after_the_order_nobody_is_bound(self):
        lived(self.buyer, purchase.OrderPlaced(order="order-1"), SPRING)

        assert self.invited(ada(), SPRING) == frozenset()
        assert self.invited(ben(), SPRING + DAY) == frozenset()

    def test_a_cancelled_order_stands_in_nobodys_way(self):
        lived(self.buyer, purchase.OrderPlaced(order="order-1"), SPRING, key="o-1")
        lived(self.buyer, purchase.OrderCancelled(original="o-1"), SPRING + DAY)

        assert self.invited(ada(), SPRING + 2 * DAY) == {self.buyer.resident_id}

    def test_an_order_that_arrives_late_is_seen_by_who_asks(self):
        self.invited(ada(), SPRING)
        buyer = self.buyer.resident_id
        before = queries.facts_for([buyer])[buyer].invited_before_order(to_micros(NOW))

        lived(self.buyer, purchase.OrderPlaced(order="order-1"), SPRING - DAY)

        assert before is True
        assert queries.facts_for([buyer])[buyer].invited_before_order(to_micros(NOW)) is False

    def test_a_withdrawn_invitation_is_unbound_and_another_can_follow(self):
        ben_ = ben()
        self.invited(ada(), key="i-1")
        lived(self.buyer, purchase.InvitationWithdrawn(original="i-1"), SPRING + DAY)
        unbound = self.inviter()

        self.invited(ben_, SPRING + 2 * DAY)

        assert unbound is None
        assert self.inviter() == ben_.resident_id

    def test_an_invitation_withdrawn_in_the_same_batch_binds_nobody(self):
        entries = [
            recorded(self.buyer, purchase.InvitationAccepted(inviter=ada().resident_id), SPRING, key="i-1"),
            recorded(self.buyer, purchase.InvitationWithdrawn(original="i-1"), SPRING + DAY),
        ]

        fold_facts(entries=entries, moment=NOW)

        assert self.inviter() is None

    def test_who_was_refused_as_the_second_is_not_bound_when_the_first_goes(self):
        self.invited(ada(), key="i-1")
        self.invited(ben(), SPRING + DAY)

        lived(self.buyer, purchase.InvitationWithdrawn(original="i-1"), SPRING + 2 * DAY)

        assert self.inviter() is None

    def test_nobody_withdraws_the_invitation_of_another_buyer(self):
        self.invited(ada(), key="i-1")

        lived(a_resident(), purchase.InvitationWithdrawn(original="i-1"), SPRING + DAY)

        assert self.inviter() is not None
