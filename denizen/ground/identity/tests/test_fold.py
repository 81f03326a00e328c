"""Facts become ranges of grade and plan, whatever the order of their arrival."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denizen.ground.chronicle.kinds import FACTS
from denizen.ground.identity.constants import FACT_BY_KIND, REASON_BY_KIND
from denizen.ground.identity.rules import Folded, OccurredFact, fold

CAR = {"vehicle": "car-1", "order": "order-1", "founder_edition": False}


def fact(entry: int, kind: str, moment: int, undoes: int | None = None, **details: object) -> OccurredFact:
    return OccurredFact(entry, kind, moment, details, undoes)


def grades(*facts: OccurredFact) -> list[tuple[str, int, int | None]]:
    return [(span.code, span.begins_us, span.ends_us) for span in fold(facts).grades]


def plans(*facts: OccurredFact) -> list[tuple[str, int, int | None]]:
    return [(span.code, span.begins_us, span.ends_us) for span in fold(facts).plans]


def test_the_chronicle_and_identity_agree_on_what_a_fact_is():
    assert set(FACT_BY_KIND) == set(FACTS)


def test_every_fact_that_can_begin_a_range_has_a_reason_to_read():
    silent = {"invitation_accepted", "invitation_withdrawn", "order_placed", "order_cancelled", "plan_ended"}

    assert set(REASON_BY_KIND) == set(FACT_BY_KIND) - silent


def test_nobody_has_ranges_without_facts():
    assert fold([]) == Folded((), (), None)


@pytest.mark.partial("D-02")
def test_a_deposit_makes_a_depositor_and_its_refund_a_fan_again():
    paid = fact(1, "deposit_paid", 10, order="order-1")
    refunded = fact(2, "deposit_refunded", 20, undoes=1)

    assert grades(paid, refunded) == [("depositor", 10, 20), ("fan", 20, None)]
    assert plans(paid, refunded) == [("deposit", 10, 20)]


def test_refunding_intention_money_keeps_the_deposit_beside_it():
    intention = fact(1, "deposit_paid", 10, order="order-1", stage="intention")
    deposit = fact(2, "deposit_paid", 20, order="order-1", stage="deposit")
    refunded = fact(3, "deposit_refunded", 30, undoes=1)

    assert grades(intention, deposit, refunded) == [("depositor", 10, None)]


@pytest.mark.partial("D-03")
def test_a_delivery_makes_an_owner_and_uses_up_the_deposit_of_its_order():
    paid = fact(1, "deposit_paid", 10, order="order-1")
    delivered = fact(2, "vehicle_delivered", 20, **CAR)

    assert grades(paid, delivered) == [("depositor", 10, 20), ("owner", 20, None)]
    assert plans(paid, delivered) == [("deposit", 10, 20)]


def test_a_delivery_keeps_the_deposit_for_another_order():
    paid = fact(1, "deposit_paid", 10, order="order-2")
    delivered = fact(2, "vehicle_delivered", 20, **CAR)

    assert plans(paid, delivered) == [("deposit", 10, None)]


def test_a_cancelled_delivery_gives_the_deposit_back_its_meaning():
    paid = fact(1, "deposit_paid", 10, order="order-1")
    delivered = fact(2, "vehicle_delivered", 20, **CAR)
    cancelled = fact(3, "delivery_cancelled", 30, undoes=2)

    assert grades(paid, delivered, cancelled) == [
        ("depositor", 10, 20),
        ("owner", 20, 30),
        ("depositor", 30, None),
    ]


@pytest.mark.partial("B-25")
def test_only_the_last_vehicle_makes_a_former_owner():
    first = fact(1, "vehicle_delivered", 10, vehicle="car-1")
    second = fact(2, "vehicle_delivered", 20, vehicle="car-2")
    resold = fact(3, "vehicle_resold", 30, vehicle="car-1")
    bought_back = fact(4, "vehicle_bought_back", 40, vehicle="car-2")

    assert grades(first, second, resold, bought_back) == [("owner", 10, 40), ("former_owner", 40, None)]


def test_a_founder_edition_counts_while_it_is_held():
    plain = fact(1, "vehicle_delivered", 10, vehicle="car-1")
    founder = fact(2, "vehicle_delivered", 20, vehicle="car-2", founder_edition=True)
    resold = fact(3, "vehicle_resold", 30, vehicle="car-2")

    assert grades(plain, founder, resold) == [("owner", 10, 20), ("founder_owner", 20, 30), ("owner", 30, None)]


def test_a_former_owner_who_pays_a_deposit_stays_former_owner_and_is_seen():
    delivered = fact(1, "vehicle_delivered", 10, vehicle="car-1")
    resold = fact(2, "vehicle_resold", 20, vehicle="car-1")
    paid = fact(3, "deposit_paid", 30, order="order-2")

    assert grades(delivered, resold, paid)[-1] == ("former_owner", 20, None)
    assert plans(delivered, resold, paid) == [("deposit", 30, None)]


def test_a_cancelled_resale_makes_an_owner_again_from_then_on():
    delivered = fact(1, "vehicle_delivered", 10, vehicle="car-1")
    resold = fact(2, "vehicle_resold", 20, vehicle="car-1")
    cancelled = fact(3, "resale_cancelled", 30, undoes=2)

    assert grades(delivered, resold, cancelled) == [
        ("owner", 10, 20),
        ("former_owner", 20, 30),
        ("owner", 30, None),
    ]


def test_what_is_undone_before_it_occurred_never_counts():
    cancelled = fact(2, "delivery_cancelled", 10, undoes=1)
    delivered = fact(1, "vehicle_delivered", 20, vehicle="car-1")

    assert grades(cancelled, delivered) == []


def test_a_resale_of_a_vehicle_never_held_changes_nothing():
    assert grades(fact(1, "vehicle_resold", 10, vehicle="car-9")) == []


@pytest.mark.parametrize("ending", ["vehicle_resold", "vehicle_bought_back"])
def test_at_one_moment_a_vehicle_that_comes_is_read_before_one_that_goes(ending: str):
    came = fact(1, "vehicle_delivered", 20, vehicle="car-1")
    went = fact(2, ending, 20, vehicle="car-1")

    assert grades(came, went) == [("former_owner", 20, None)]


def test_a_plan_runs_until_it_ends_and_can_be_started_again():
    facts = [
        fact(1, "plan_started", 10, plan="energy"),
        fact(2, "plan_started", 15, plan="energy"),
        fact(3, "plan_ended", 20, plan="energy"),
        fact(4, "plan_started", 30, plan="energy"),
        fact(5, "plan_started", 12, plan="service"),
        fact(6, "plan_start_cancelled", 18, undoes=5),
    ]

    assert plans(*facts) == [("energy", 10, 20), ("service", 12, 18), ("energy", 30, None)]


def test_the_first_standing_order_is_the_one_that_counts():
    placed = fact(1, "order_placed", 10, order="order-1")
    cancelled = fact(2, "order_cancelled", 20, undoes=1)
    again = fact(3, "order_placed", 30, order="order-2")

    assert fold([placed, again]).first_order == (10, 1)
    assert fold([placed, cancelled]).first_order is None
    assert fold([placed, cancelled, again]).first_order == (30, 3)


def test_a_delivery_proves_an_order_nobody_recorded():
    assert fold([fact(1, "vehicle_delivered", 10, vehicle="car-1")]).first_order == (10, 1)


def lives() -> st.SearchStrategy[list[OccurredFact]]:
    """Up to a dozen facts about two vehicles, two orders and two plans, crowded into few moments."""
    openings = ["deposit_paid", "order_placed", "vehicle_delivered", "plan_started"]
    closings = ["vehicle_resold", "vehicle_bought_back", "plan_ended"]
    undoings = ["deposit_refunded", "delivery_cancelled", "resale_cancelled", "plan_end_cancelled", "order_cancelled"]
    one = st.tuples(
        st.sampled_from(openings + closings + undoings),
        st.integers(0, 8),
        st.integers(0, 1),
        st.booleans(),
        st.integers(1, 12),
    )
    return st.lists(one, max_size=12).map(
        lambda rows: [
            OccurredFact(
                entry,
                kind,
                moment,
                {"vehicle": f"car-{which}", "order": f"order-{which}", "founder_edition": founder, "plan": "ab"[which]},
                undone if kind in undoings else None,
            )
            for entry, (kind, moment, which, founder, undone) in enumerate(rows, start=1)
        ]
    )


@given(lives(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_ranges(life: list[OccurredFact], chance: random.Random):
    arrived = list(life)
    chance.shuffle(arrived)

    assert fold(arrived) == fold(life)


@given(lives())
def test_ranges_of_grade_touch_and_are_never_empty(life: list[OccurredFact]):
    spans = fold(life).grades

    assert all(span.ends_us is None or span.begins_us < span.ends_us for span in spans)
    assert all(before.ends_us == after.begins_us for before, after in pairwise(spans))
    assert all(before.code != after.code for before, after in pairwise(spans))


@given(lives(), st.integers(0, 8))
def test_what_occurs_later_never_changes_the_grade_of_before(life: list[OccurredFact], moment: int):
    def grade_then(facts: list[OccurredFact]) -> str | None:
        held = [s for s in fold(facts).grades if s.begins_us <= moment and (s.ends_us is None or moment < s.ends_us)]
        return held[0].code if held else None

    assert grade_then(life) == grade_then([each for each in life if each.occurred_us <= moment])
