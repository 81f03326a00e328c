"""What rules and pages ask about residents at a moment, a batch at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from denizen.ground.chronicle.kinds import purchase
from denizen.ground.identity import queries
from denizen.ground.identity.commands import fold_facts, publish_reference_levels
from denizen.ground.identity.testing import NOW, a_resident, ada, ben, lived, recorded, resells, takes_delivery
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SPRING = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _levels():
    publish_reference_levels(moment=NOW)


def us(moment: datetime) -> int:
    return to_micros(moment)


def facts_of(profile) -> queries.ResidentFacts:
    return queries.facts_for([profile.resident_id])[profile.resident_id]


def test_the_grade_is_that_of_the_moment_first_microsecond_in_last_out():
    profile = ada()
    takes_delivery(profile, SPRING)
    resells(profile, SPRING + DAY)

    facts = facts_of(profile)

    assert facts.grade_at(us(SPRING) - 1) == "fan"
    assert facts.grade_at(us(SPRING)) == "owner"
    assert facts.grade_at(us(SPRING + DAY) - 1) == "owner"
    assert facts.grade_at(us(SPRING + DAY)) == "former_owner"


def test_levels_are_those_of_the_grade_and_of_the_plans_running_then():
    profile = ada()
    takes_delivery(profile, SPRING, founder_edition=True)
    lived(profile, purchase.PlanStarted(plan="energy"), SPRING + DAY)
    lived(profile, purchase.PlanEnded(plan="energy"), SPRING + 3 * DAY)

    facts = facts_of(profile)

    assert facts.levels_at(us(SPRING) - 1) == ("fan",)
    assert facts.levels_at(us(SPRING)) == ("founder_owner", "owner")
    assert facts.levels_at(us(SPRING + DAY)) == ("founder_owner", "owner", "energy_plan")
    assert facts.levels_at(us(SPRING + 3 * DAY)) == ("founder_owner", "owner")


def test_a_depositor_is_still_a_fan_and_an_owner_with_a_deposit_shows_both():
    depositor, owner = ada(), ben()
    lived(depositor, purchase.DepositPaid(order="order-1", stage="deposit"), SPRING)
    takes_delivery(owner, SPRING)
    lived(owner, purchase.DepositPaid(order="order-2", stage="intention"), SPRING + DAY)

    assert facts_of(depositor).levels_at(us(SPRING)) == ("fan", "depositor")
    assert facts_of(depositor).grade_at(us(SPRING)) == "depositor"
    assert facts_of(owner).levels_at(us(SPRING + DAY)) == ("owner", "depositor")
    assert facts_of(owner).grade_at(us(SPRING + DAY)) == "owner"


def test_the_inviter_is_known_from_the_moment_of_binding():
    inviter, buyer = ada(), ben()
    lived(buyer, purchase.InvitationAccepted(inviter=inviter.resident_id), SPRING)
    lived(buyer, purchase.OrderPlaced(order="order-1"), SPRING + DAY)

    facts = facts_of(buyer)

    assert facts.inviter_at(us(SPRING) - 1) is None
    assert facts.inviter_at(us(SPRING)) == inviter.resident_id
    assert not facts.invited_before_order(us(SPRING) - 1)
    assert facts.invited_before_order(us(SPRING + 2 * DAY))


def test_who_has_no_ranges_shares_one_plain_fan():
    first, second = a_resident(), a_resident()

    facts = queries.facts_for([first.resident_id, second.resident_id])

    assert len(facts) == 0
    assert facts[first.resident_id] is facts[second.resident_id]
    assert facts[first.resident_id].levels_at(us(NOW)) == ("fan",)


def test_two_queries_are_enough_for_any_batch(django_assert_num_queries):
    residents = [a_resident() for _ in range(30)]
    entries = [recorded(each, purchase.OrderPlaced(order=f"o-{each.resident_id}"), SPRING) for each in residents]
    fold_facts(entries=entries, moment=NOW)

    with django_assert_num_queries(2):
        facts = queries.facts_for([each.resident_id for each in residents])
        answers = [facts[each.resident_id].levels_at(us(NOW)) for each in residents]

    assert set(answers) == {("fan",)}


def test_without_published_levels_nobody_holds_one_but_grades_are_known():
    before_all = datetime(1969, 1, 1, tzinfo=UTC)

    assert facts_of(ada()).levels_at(us(before_all)) == ()
    assert facts_of(ben()).grade_at(us(before_all)) == "fan"
