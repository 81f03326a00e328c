"""Reversing recorded postings: from the own lot, from what expired, from other lots, and the rest as debt."""

from collections.abc import Callable

import pytest

from denizen.ground.ledger.commands import (
    UnableToReverse,
    Undo,
    Undone,
    expire_due,
    place,
    refund,
    reverse_awards,
    reverse_postings,
    spend,
    transfer,
    void,
)
from denizen.ground.ledger.constants import POINTS_EXPIRED, Code
from denizen.ground.ledger.models import Lot, Posting
from denizen.ground.ledger.queries import balance, balances_as_of, contribution, verify
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn, earn_contribution
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db


def undo(posting: int, at: float, amount: int | None = None, *, recorded: float | None = None) -> Undone:
    resident = Posting.objects.get(pk=posting).credit_id // 8
    row = Undo(
        posting,
        an_entry(max(resident, 1000)) if resident >= 1000 else an_entry(a_resident()),
        to_micros(day(at)),
        amount,
    )
    return reverse_postings(undos=[row], recorded_at=to_micros(day(at if recorded is None else recorded)))[0]


def buy(resident: int, amount: int, at: float) -> int:
    return spend(resident=resident, amount=amount, purpose="spend:mall", entry=an_entry(resident), moment=day(at))


def as_of(resident: int, at: float) -> dict[str, int]:
    return {row.asset: row.balance for row in balances_as_of(day(at)) if row.resident == resident}


def test_an_untouched_award_goes_back_to_its_budget() -> None:
    ada = a_resident()
    award, other = earn(ada, 100), earn(ada, 7)

    result = undo(award, 1)

    assert result == Undone(award, taken=100, expired=0, owed=0)
    assert balance(ada, day(1)).available == 7
    assert Lot.objects.get(posting=other).remaining == 7
    assert Posting.objects.get(reverses=award).credit_id == Posting.objects.get(pk=award).debit_id


def test_what_was_spent_is_taken_from_other_lots_in_consumption_order() -> None:
    ada = a_resident()
    award = earn(ada, 100, expires_at=day(5))
    later, sooner = earn(ada, 50, expires_at=day(90)), earn(ada, 20, expires_at=day(30))
    buy(ada, 60, 1)

    result = undo(award, 2)

    assert result == Undone(award, taken=100, expired=0, owed=0)
    assert Lot.objects.get(posting=sooner).remaining == 0
    assert Lot.objects.get(posting=later).remaining == 10


def test_what_nobody_can_give_stands_as_debt_that_later_earnings_repay_first() -> None:
    ada = a_resident()
    award = earn(ada, 100)
    buy(ada, 100, 1)

    result = undo(award, 2)
    owing = balance(ada, day(2))
    earn(ada, 30, moment=day(3))
    paying = balance(ada, day(3))
    earn(ada, 100, moment=day(4))

    assert result.owed == 100
    assert (owing.available, owing.debt) == (0, 100)
    assert (paying.available, paying.debt) == (0, 70)
    assert balance(ada, day(4)).available == 30
    assert [as_of(ada, at) for at in (1, 2, 3, 4)] == [{}, {"debt": 100}, {"debt": 70}, {"points": 30}]


def test_what_expired_comes_out_of_expired_and_nothing_from_the_person() -> None:
    ada = a_resident()
    award = earn(ada, 100, expires_at=day(5))
    earn(ada, 500)
    buy(ada, 30, 1)
    expire_due(moment=day(6))

    result = undo(award, 7)

    assert result == Undone(award, taken=30, expired=70, owed=0)
    assert Posting.objects.filter(reverses=award, debit_id=POINTS_EXPIRED).get().amount == 70
    assert balance(ada, day(7)).available == 470


@pytest.mark.parametrize("swept", [True, False])
def test_a_late_reversal_shows_from_its_own_moment_whether_or_not_the_sweep_had_run(swept: bool) -> None:
    ada = a_resident()
    award = earn(ada, 100, expires_at=day(10))
    earn(ada, 50, expires_at=day(12))
    buy(ada, 30, 1)
    if swept:
        expire_due(moment=day(20))

    undo(award, 5, recorded=20)

    assert [as_of(ada, at) for at in (4, 5, 11, 12)] == [{"points": 120}, {"points": 20}, {"points": 20}, {}]


def test_a_late_reversal_leaves_debt_until_the_next_lot_was_granted() -> None:
    ada = a_resident()
    award = earn(ada, 100)
    buy(ada, 100, 1)
    earn(ada, 150, moment=day(8))

    undo(award, 4, recorded=9)

    assert [as_of(ada, at) for at in (3, 4, 8)] == [{}, {"debt": 100}, {"points": 50}]
    assert balance(ada, day(9)).debt == 0


def test_a_late_award_repays_a_debt_from_when_both_are_there() -> None:
    ada = a_resident()
    award = earn(ada, 100)
    buy(ada, 100, 1)
    undo(award, 4)

    earn(ada, 150, moment=day(2), recorded_at=day(5))

    assert [as_of(ada, at) for at in (2, 4)] == [{"points": 150}, {"points": 50}]


def test_reserved_points_count_as_spent_and_repay_when_they_are_released() -> None:
    ada = a_resident()
    award = earn(ada, 100)
    hold = place(resident=ada, amount=80, purpose="spend:mall", key="order 1", moment=day(1))

    result = undo(award, 2)
    void(hold=hold, moment=day(3))

    assert result == Undone(award, taken=20, expired=0, owed=80)
    after = balance(ada, day(3))
    assert (after.available, after.reserved, after.debt) == (0, 0, 0)


def test_parts_sum_to_the_whole_and_no_further() -> None:
    ada = a_resident()
    award = earn(ada, 100)
    undo(award, 1, 30)
    undo(award, 2, 70)

    with pytest.raises(UnableToReverse):
        undo(award, 3)
    assert sum(Posting.objects.filter(reverses=award).values_list("amount", flat=True)) == 100


def test_it_refuses_a_second_time_and_changes_nothing() -> None:
    ada = a_resident()
    award, other = earn(ada, 100), earn(ada, 60)
    undo(award, 1)
    before = Posting.objects.count()
    twice = [Undo(posting, an_entry(ada), to_micros(day(2))) for posting in (other, award)]

    with pytest.raises(UnableToReverse):
        reverse_postings(undos=twice, recorded_at=to_micros(day(2)))

    assert Posting.objects.count() == before
    assert balance(ada, day(2)).available == 60


def test_it_refuses_the_same_posting_twice_in_one_batch() -> None:
    ada = a_resident()
    award = earn(ada, 100)

    with pytest.raises(UnableToReverse):
        reverse_postings(undos=[Undo(award, an_entry(ada), to_micros(day(1)))] * 2, recorded_at=to_micros(day(1)))


def test_it_refuses_undoings_expiry_and_what_does_not_exist() -> None:
    ada = a_resident()
    award = earn(ada, 100)
    earn(ada, 10, expires_at=day(1))
    undo(award, 1)
    expire_due(moment=day(1))
    never = Posting.objects.filter(code__in=[Code.REVERSE, Code.EXPIRE]).values_list("pk", flat=True)

    for posting in [*never, 10**12]:
        with pytest.raises(UnableToReverse):
            reverse_postings(undos=[Undo(posting, an_entry(ada), to_micros(day(2)))], recorded_at=to_micros(day(2)))
    assert len(never) == 2


@pytest.mark.partial("B-01")
def test_contribution_goes_back_exactly_and_points_do_not_notice() -> None:
    ada = a_resident()
    points, award = earn(ada, 100), earn_contribution(ada, 40, "development")
    earn_contribution(ada, 5, "development")

    result = undo(award, 1)

    assert result == Undone(award, taken=40, expired=0, owed=0)
    assert contribution(ada) == {"interaction": 0, "development": 5, "efficiency": 0, "special": 0}
    assert balance(ada, day(1)).available == 100
    assert not Posting.objects.filter(reverses=points).exists()


def test_a_spend_comes_back_along_its_uses() -> None:
    ada = a_resident()
    earn(ada, 100)
    bought = buy(ada, 60, 1)

    undo(bought, 2)

    assert balance(ada, day(2)).available == 100
    assert Posting.objects.get(reverses=bought).code == Code.REFUND


def test_a_gift_comes_back_also_what_expired_or_was_spent() -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 50, expires_at=day(10))
    earn(ada, 50)
    gift = transfer(giver=ada, taker=ben, amount=100, purpose="gift", entry=an_entry(ada), moment=day(1))
    buy(ben, 30, 2)
    buy(ben, 45, 11)

    result = undo(gift, 12)

    assert result == Undone(gift, taken=5, expired=0, owed=95) or sum(result[1:]) == 100
    assert balance(ben, day(12)).available == 0
    assert balance(ada, day(12)).available == 100
    assert balance(ada, day(12)).debt == 0


def test_many_at_once_are_undone_in_order() -> None:
    people = [a_resident() for _ in range(30)]
    awards = [earn(person, 10 + number) for number, person in enumerate(people)]
    for person in people[::3]:
        buy(person, 10, 1)
    undos = [Undo(posting, an_entry(person), to_micros(day(2))) for posting, person in zip(awards, people, strict=True)]

    results = reverse_postings(undos=undos, recorded_at=to_micros(day(2)))

    assert [result.posting for result in results] == awards
    assert [result.owed for result in results] == [10 if number % 3 == 0 else 0 for number in range(30)]


def test_one_hundred_reversals_take_as_many_queries_as_two(query_count: Callable[[], int]) -> None:
    """Half of them of spent points that a later award repays at once."""

    def queries(count: int) -> int:
        people = [a_resident() for _ in range(count)]
        awards = [earn(person, 10) for person in people]
        for person in people[::2]:
            buy(person, 10, 1)
            earn(person, 4, moment=day(3))
        undos = [Undo(award, an_entry(person), to_micros(day(2))) for award, person in zip(awards, people, strict=True)]
        before = query_count()
        results = reverse_postings(undos=undos, recorded_at=to_micros(day(4)))
        used = query_count() - before
        assert sum(result.owed for result in results) == 10 * len(people[::2])
        assert {balance(person, day(4)).debt for person in people} == {0, 6}
        return used

    queries(2)  # the purpose of repayments is numbered the first time
    assert queries(2) == queries(100)


def test_awards_are_found_by_their_entry_and_purpose() -> None:
    ada = a_resident()
    points, made = earn(ada, 100), earn_contribution(ada, 40)
    entries = list(Posting.objects.filter(pk__in=[points, made]).order_by("pk").values_list("entry_id", flat=True))
    undoing, at = an_entry(ada), to_micros(day(1))

    changes = reverse_awards(wanted=[(entry, "award:test", undoing, at) for entry in entries], recorded_at=at)

    assert changes == [(ada, at)]
    assert balance(ada, day(1)).available == 0
    assert sum(contribution(ada).values()) == 0


def test_awards_that_staff_walked_back_before_are_passed_by() -> None:
    ada = a_resident()
    whole, part = earn(ada, 100), earn(ada, 50)
    undo(whole, 1)
    undo(part, 1, 20)
    entries = [Posting.objects.get(pk=posting).entry_id for posting in (whole, part)]
    at = to_micros(day(2))

    reverse_awards(wanted=[(entry, "award:test", an_entry(ada), at) for entry in entries], recorded_at=at)

    assert balance(ada, day(2)).available == 0
    assert sum(Posting.objects.filter(reverses__in=[whole, part]).values_list("amount", flat=True)) == 150


def test_points_dead_before_the_reversal_pay_for_no_other_lot_though_a_refund_revived_theirs() -> None:
    ada = a_resident()
    earn(ada, 100, moment=day(0), expires_at=day(5))
    spent = spend(resident=ada, amount=1, purpose="mall", entry=an_entry(ada), moment=day(1))
    refund(posting=spent, purpose="mall", entry=an_entry(ada), moment=day(6))
    bought = earn(ada, 99, moment=day(7))
    spend(resident=ada, amount=100, purpose="mall", entry=an_entry(ada), moment=day(7))

    reverse_postings(undos=[Undo(bought, an_entry(ada), to_micros(day(8)))], recorded_at=to_micros(day(8)))

    assert balance(ada, day(8)).debt == 99
    assert verify() == []
