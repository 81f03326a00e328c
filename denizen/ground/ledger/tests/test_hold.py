"""Holds: a claim that counts in availability, resolved once, in whole or in part, one or many."""

import pytest
from django.db import DatabaseError, transaction

from denizen.ground.ledger.commands import (
    Claim,
    Settlement,
    UnableToHold,
    UnableToResolve,
    UnableToSpend,
    expire_due,
    lapse_due,
    place,
    place_many,
    post,
    post_many,
    refund,
    spend,
    void,
    void_many,
)
from denizen.ground.ledger.models import Hold, Lot, Posting
from denizen.ground.ledger.queries import balance, balances_as_of
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn

pytestmark = pytest.mark.django_db


def hold_for(resident: int, amount: int, key: str = "order 1", at: float = 1, lapses: float | None = None) -> int:
    return place(
        resident=resident,
        amount=amount,
        purpose="spend:mall",
        key=key,
        moment=day(at),
        lapses_at=None if lapses is None else day(lapses),
    )


def test_reserved_points_are_not_available() -> None:
    ada = a_resident()
    earn(ada, 100)

    hold_for(ada, 70)

    now = balance(ada, day(1))
    assert (now.available, now.reserved) == (30, 70)
    with pytest.raises(UnableToSpend):
        spend(resident=ada, amount=31, purpose="spend:mall", entry=an_entry(ada), moment=day(1))
    with pytest.raises(UnableToSpend):
        hold_for(ada, 31, "order 2")


def test_the_same_key_answers_with_the_same_hold() -> None:
    ada = a_resident()
    earn(ada, 100)

    holds = [hold_for(ada, 70), hold_for(ada, 70)]

    assert holds[0] == holds[1]
    assert balance(ada, day(1)).reserved == 70


@pytest.mark.parametrize(("same_person", "amount"), [(True, 60), (False, 70)])
def test_the_same_key_for_another_claim_is_refused(same_person: bool, amount: int) -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 100)
    earn(ben, 100)
    hold_for(ada, 70)

    with pytest.raises(UnableToHold):
        hold_for(ada if same_person else ben, amount)
    assert balance(ben, day(1)).reserved == 0


def test_posting_spends_what_is_held_and_can_be_refunded() -> None:
    ada = a_resident()
    earn(ada, 100)
    hold = hold_for(ada, 70)

    posting = post(hold=hold, moment=day(2))
    after = balance(ada, day(2))
    refund(posting=posting, purpose="refund:mall", entry=an_entry(ada), moment=day(3))

    assert (after.available, after.reserved) == (30, 0)
    assert balance(ada, day(3)).available == 100


def test_posting_a_part_releases_the_rest() -> None:
    ada = a_resident()
    earn(ada, 100)
    hold = hold_for(ada, 70)

    posting = post(hold=hold, amount=20, moment=day(2))

    assert Posting.objects.get(pk=posting).amount == 20
    now = balance(ada, day(2))
    assert (now.available, now.reserved) == (80, 0)


def test_a_hold_may_end_as_a_gift() -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 100, expires_at=day(30))
    hold = hold_for(ada, 70)

    post(hold=hold, taker=ben, moment=day(2))

    assert (balance(ada, day(2)).available, balance(ben, day(2)).available) == (30, 70)
    assert balance(ben, day(2)).expiring[0].expires_at == day(30)


@pytest.mark.parametrize("amount", [0, -1, 71])
def test_it_refuses_to_post_nothing_or_more_than_is_held(amount: int) -> None:
    ada = a_resident()
    earn(ada, 100)
    hold = hold_for(ada, 70)

    with pytest.raises(UnableToResolve):
        post(hold=hold, amount=amount, moment=day(2))
    assert balance(ada, day(2)).reserved == 70


def test_a_voided_hold_cannot_be_posted_and_a_posted_one_cannot_be_voided() -> None:
    ada = a_resident()
    earn(ada, 100)
    voided, posted = hold_for(ada, 10, "a"), hold_for(ada, 10, "b")
    void(hold=voided, moment=day(2))
    post(hold=posted, moment=day(2))

    for resolve in (post, void):
        for hold in (voided, posted, 10**9):
            with pytest.raises(UnableToResolve):
                resolve(hold=hold, moment=day(3))
    assert balance(ada, day(3)).available == 90


def test_the_database_refuses_a_second_resolution_too() -> None:
    ada = a_resident()
    earn(ada, 100)
    hold = hold_for(ada, 10)
    void(hold=hold, moment=day(2))

    with pytest.raises(DatabaseError, match="is resolved"), transaction.atomic():
        Hold.objects.filter(pk=hold).update(state="pending", resolved_at=None)


def test_reserved_points_do_not_expire_and_get_some_days_when_released() -> None:
    ada = a_resident()
    earn(ada, 100, expires_at=day(5))
    hold = hold_for(ada, 60)
    assert expire_due(moment=day(10)).points == 40
    assert (balance(ada, day(10)).reserved, balance(ada, day(10)).available) == (60, 0)

    void(hold=hold, moment=day(11), grace_days=4)

    assert balance(ada, day(14.9)).available == 60
    assert expire_due(moment=day(15)).points == 60
    points = [{row.asset: row.balance for row in balances_as_of(day(at))} for at in (4, 5, 10, 14, 15)]
    assert points == [{"points": 100}, {"points": 60}, {"points": 60}, {"points": 60}, {}]


def test_releasing_does_not_revive_what_was_not_reserved() -> None:
    ada = a_resident()
    earn(ada, 100, expires_at=day(5))
    hold = hold_for(ada, 60)

    void(hold=hold, moment=day(11), grace_days=4)

    assert balance(ada, day(12)).available == 60


def test_reserved_points_can_still_be_posted_after_their_day() -> None:
    ada = a_resident()
    earn(ada, 100, expires_at=day(5))
    hold = hold_for(ada, 60)

    post(hold=hold, moment=day(11))

    assert {row.asset: row.balance for row in balances_as_of(day(10))} == {"points": 60}
    assert list(balances_as_of(day(11))) == []


def test_many_are_placed_posted_and_voided_in_one_call_each() -> None:
    people = [a_resident() for _ in range(20)]
    for person in people:
        earn(person, 100)
    claims = [Claim(person, 30, "spend:mall", f"{person}:{i}") for person in people for i in range(2)]

    holds = place_many(claims=claims, moment=day(1))
    again = place_many(claims=claims, moment=day(1))
    post_many(settlements=[Settlement(hold, 10) for hold in holds[::2]], moment=day(2))
    void_many(holds=holds[1::2], moment=day(2))

    assert holds == again
    assert {balance(person, day(2)).available for person in people} == {90}


def test_many_are_all_or_none() -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 100)
    claims = [Claim(ada, 10, "spend:mall", "a"), Claim(ben, 10, "spend:mall", "b")]

    with pytest.raises(UnableToSpend):
        place_many(claims=claims, moment=day(1))
    hold = hold_for(ada, 10)
    with pytest.raises(UnableToResolve):
        post_many(settlements=[Settlement(hold), Settlement(hold)], moment=day(2))

    assert Hold.objects.count() == 1
    assert balance(ada, day(1)).reserved == 10


def test_the_queries_do_not_grow_with_the_number_of_holds(django_assert_max_num_queries: object) -> None:
    people = [a_resident() for _ in range(30)]
    for person in people:
        earn(person, 100)
    claims = [Claim(person, 30, "spend:mall", str(person)) for person in people]

    with django_assert_max_num_queries(25):
        holds = place_many(claims=claims, moment=day(1))
    with django_assert_max_num_queries(25):
        void_many(holds=holds, moment=day(2))


def test_holds_lapse_at_their_moment_and_no_others() -> None:
    ada = a_resident()
    earn(ada, 100)
    due, later, never = (hold_for(ada, 10, str(ends), lapses=ends) for ends in (3, 9, None))

    assert lapse_due(moment=day(2.99)) == 0
    assert lapse_due(moment=day(3)) == 1
    assert lapse_due(moment=day(3)) == 0

    states = dict(Hold.objects.values_list("pk", "state"))
    assert states == {due: "voided", later: "pending", never: "pending"}
    assert balance(ada, day(3)).reserved == 20


def test_a_hold_of_nothing_is_refused() -> None:
    ada = a_resident()
    earn(ada, 100)

    with pytest.raises(ValueError, match="at least 1"):
        hold_for(ada, 0)
    assert not Lot.objects.exclude(reserved=0).exists()
