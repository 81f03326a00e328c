"""One code per owner, one inviter per buyer, never oneself, never after the order (B-20)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from denizen.ground.chronicle.kinds import purchase
from denizen.ground.identity import queries
from denizen.ground.identity.commands import (
    UnableToAcceptInvitation,
    UnableToInvite,
    accept_invitation,
    fold_facts,
    issue_invite_code,
    publish_reference_levels,
)
from denizen.ground.identity.models import Invitation, InviteCode
from denizen.ground.identity.testing import NOW, a_resident, ada, ben, lived, recorded, resells, takes_delivery
from denizen.kit import db
from denizen.kit.clock import to_micros

DAY = timedelta(days=1)


@pytest.fixture
def owner(db):
    """Ada with a vehicle and a code."""
    publish_reference_levels(moment=NOW)
    profile = ada()
    takes_delivery(profile, NOW - 9 * DAY)
    issue_invite_code(resident_id=profile.resident_id, moment=NOW)
    return profile


def code_of(profile) -> str:
    return InviteCode.objects.get(resident=profile.resident_id).code


@pytest.mark.row("B-20")
def test_a_buyer_is_bound_to_the_owner_whose_code_he_accepts(owner):
    buyer = ben()

    bound = accept_invitation(buyer_id=buyer.resident_id, code=f" {code_of(owner).lower()} ", moment=NOW)

    facts = queries.facts_for([buyer.resident_id])[buyer.resident_id]
    assert (bound.inviter_id, bound.bound_at) == (owner.resident_id, NOW)
    assert facts.invited_before_order(to_micros(NOW))


@pytest.mark.row("B-20")
def test_an_owner_has_one_code_however_often_he_asks(owner):
    first = code_of(owner)

    again = issue_invite_code(resident_id=owner.resident_id, moment=NOW + DAY)

    assert again.code == first
    assert InviteCode.objects.count() == 1


def test_a_fan_is_issued_no_code(owner):
    with pytest.raises(UnableToInvite):
        issue_invite_code(resident_id=ben().resident_id, moment=NOW)


def test_a_former_owner_keeps_his_code_but_it_does_not_count_until_he_owns_again(owner):
    code = code_of(owner)
    resells(owner, NOW + DAY)

    with pytest.raises(UnableToInvite):
        issue_invite_code(resident_id=owner.resident_id, moment=NOW + DAY)
    with pytest.raises(UnableToAcceptInvitation) as refused:
        accept_invitation(buyer_id=ben().resident_id, code=code, moment=NOW + DAY)
    takes_delivery(owner, NOW + 2 * DAY, vehicle="car-2")

    assert refused.value.code == "not_counting"
    assert issue_invite_code(resident_id=owner.resident_id, moment=NOW + 2 * DAY).code == code
    assert accept_invitation(buyer_id=a_resident().resident_id, code=code, moment=NOW + 2 * DAY)


@pytest.mark.row("B-20")
def test_it_refuses_oneself(owner):
    with pytest.raises(UnableToAcceptInvitation) as refused:
        accept_invitation(buyer_id=owner.resident_id, code=code_of(owner), moment=NOW)

    assert refused.value.code == "oneself"


def test_it_refuses_an_unknown_code(owner):
    with pytest.raises(UnableToAcceptInvitation) as refused:
        accept_invitation(buyer_id=ben().resident_id, code="NOSUCH99", moment=NOW)

    assert refused.value.code == "unknown"


@pytest.mark.row("B-20")
def test_it_refuses_a_second_inviter_and_the_same_again(owner):
    buyer, other = ben(), a_resident()
    takes_delivery(other, NOW - DAY, vehicle="car-3")
    second = issue_invite_code(resident_id=other.resident_id, moment=NOW)
    accept_invitation(buyer_id=buyer.resident_id, code=code_of(owner), moment=NOW)

    for code in (second.code, code_of(owner)):
        with pytest.raises(UnableToAcceptInvitation) as refused:
            accept_invitation(buyer_id=buyer.resident_id, code=code, moment=NOW)
        assert refused.value.code == "bound"

    assert Invitation.objects.get().inviter_id == owner.resident_id


@pytest.mark.row("B-20")
def test_it_refuses_after_the_first_order(owner):
    buyer = ben()
    lived(buyer, purchase.OrderPlaced(order="order-1"), NOW)

    with pytest.raises(UnableToAcceptInvitation) as refused:
        accept_invitation(buyer_id=buyer.resident_id, code=code_of(owner), moment=NOW)

    assert refused.value.code == "ordered"


def test_the_entry_of_an_accepted_invitation_is_linked_and_binds_nobody_anew(owner):
    buyer = ben()
    accept_invitation(buyer_id=buyer.resident_id, code=code_of(owner), moment=NOW)
    entry = recorded(buyer, purchase.InvitationAccepted(inviter=owner.resident_id), NOW)

    folded = fold_facts(entries=[entry], moment=NOW)

    assert folded.invited == {buyer.resident_id}
    assert Invitation.objects.get().entry_id == entry.id


@pytest.mark.django_db(transaction=True)
@pytest.mark.partial("B-20")
def test_of_two_claims_at_once_exactly_one_wins():
    with db.opening():
        publish_reference_levels(moment=NOW)
        owners = [ada(), ben()]
        for number, profile in enumerate(owners):
            takes_delivery(profile, NOW - DAY, vehicle=f"car-{number}")
        codes = [issue_invite_code(resident_id=each.resident_id, moment=NOW).code for each in owners]
        buyer = a_resident().resident_id
    ready = Barrier(2)

    def claim(code: str) -> str:
        try:
            ready.wait(timeout=10)
            with db.opening():
                accept_invitation(buyer_id=buyer, code=code, moment=NOW)
            return "bound"
        except UnableToAcceptInvitation as refused:
            return f"refused: {refused.code}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(both.map(claim, codes))

    assert outcomes == ["bound", "refused: bound"]
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.partial("B-20")
def test_a_claim_waits_for_one_that_is_being_made_and_is_then_refused():
    with db.opening():
        publish_reference_levels(moment=NOW)
        profile, buyer = ada(), ben().resident_id
        takes_delivery(profile, NOW - DAY)
        code = issue_invite_code(resident_id=profile.resident_id, moment=NOW).code

    def claim() -> str:
        try:
            with db.opening():
                accept_invitation(buyer_id=buyer, code=code, moment=NOW)
            return "accepted"
        except UnableToAcceptInvitation as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as other:
        with db.opening():
            accept_invitation(buyer_id=buyer, code=code, moment=NOW)
            second = other.submit(claim)
            until_somebody_waits()

        assert second.result(timeout=10) == "bound"


def until_somebody_waits() -> None:
    """Return once another connection to this database waits for a lock of ours; it must within ten seconds."""
    deadline = time.monotonic() + 10
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while not db.fetch(waiting)[0][0]:
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
@pytest.mark.partial("D-03")
def test_of_two_batches_about_one_resident_neither_is_lost():
    with db.opening():
        profile = ada()
        cars = [
            recorded(
                profile,
                purchase.VehicleDelivered(
                    model="l1", vehicle=f"car-{number}", founder_edition=number == 1, channel="new"
                ),
                NOW + number * DAY,
            )
            for number in range(2)
        ]
    ready = Barrier(2)

    def fold_one(entry) -> int:
        try:
            ready.wait(timeout=10)
            with db.opening():
                return fold_facts(entries=[entry], moment=NOW).facts
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        folded = list(both.map(fold_one, cars))

    facts = queries.facts_for([profile.resident_id])[profile.resident_id]
    assert folded == [1, 1]
    assert facts.grade_at(to_micros(NOW)) == "owner"
    assert facts.grade_at(to_micros(NOW + DAY)) == "founder_owner"
    assert connection.is_usable()
