"""Refunds walk back the recorded uses: exactly, never twice, never more, and never taking the spent points again."""

import pytest
from django.db import DatabaseError, transaction

from denizen.ground.ledger.commands import UnableToRefund, expire_due, refund, reverse_postings, spend
from denizen.ground.ledger.commands.reversal import Undo
from denizen.ground.ledger.models import Lot, LotUse, Posting
from denizen.ground.ledger.queries import balance, balances_as_of
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn
from denizen.kit import db
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db


def buy(resident: int, amount: int, at: float = 1) -> int:
    return spend(resident=resident, amount=amount, purpose="spend:mall", entry=an_entry(resident), moment=day(at))


def give_back(posting: int, amount: int | None = None, at: float = 2, **more: int) -> int:
    resident = Posting.objects.get(pk=posting).debit_id // 8
    entry = an_entry(resident)
    return refund(posting=posting, amount=amount, purpose="refund:mall", entry=entry, moment=day(at), **more)


@pytest.mark.partial("B-36", "B-41")
def test_it_gives_every_lot_exactly_what_it_gave() -> None:
    ada = a_resident()
    first, second = earn(ada, 30, expires_at=day(50)), earn(ada, 100)
    bought = buy(ada, 50)

    give_back(bought)

    remaining = {lot.posting_id: lot.remaining for lot in Lot.objects.filter(posting__in=[first, second])}
    assert remaining == {first: 30, second: 100}
    assert balance(ada, day(2)).available == 130


def test_a_part_comes_back_to_the_lot_used_last_first() -> None:
    ada = a_resident()
    first, second = earn(ada, 30, expires_at=day(50)), earn(ada, 100)
    bought = buy(ada, 50)

    parts = [give_back(bought, 15), give_back(bought, 15)]

    back = [
        (use.lot.posting_id, use.amount) for use in LotUse.objects.filter(posting__in=parts).order_by("posting", "ord")
    ]
    assert back == [(second, -15), (second, -5), (first, -10)]


def test_a_second_refund_is_refused_and_changes_nothing() -> None:
    ada = a_resident()
    earn(ada, 100)
    bought = buy(ada, 50)
    give_back(bought)
    before = Posting.objects.count()

    with pytest.raises(UnableToRefund):
        give_back(bought)

    assert Posting.objects.count() == before
    assert balance(ada, day(2)).available == 100


def test_the_database_refuses_a_second_refund_too() -> None:
    ada = a_resident()
    earn(ada, 100)
    bought = buy(ada, 50)
    back = give_back(bought)
    columns = "debit_id, credit_id, amount, code, purpose_id, effect_no, effective_at, recorded_at, reverses_id"

    with pytest.raises(DatabaseError, match="already undone"), transaction.atomic():
        db.execute(
            f"INSERT INTO ledger_posting ({columns}) SELECT debit_id, credit_id, 1, code, purpose_id, 9, effective_at,"
            " recorded_at, reverses_id FROM ledger_posting WHERE id = %s",
            (back,),
        )


@pytest.mark.parametrize("amount", [0, -1, 51])
def test_it_refuses_less_than_one_and_more_than_was_spent(amount: int) -> None:
    ada = a_resident()
    earn(ada, 100)
    bought = buy(ada, 50)

    with pytest.raises(UnableToRefund):
        give_back(bought, amount)


def test_it_refuses_what_is_not_a_spend() -> None:
    ada = a_resident()
    award = earn(ada, 100)

    with pytest.raises(UnableToRefund):
        refund(posting=award, purpose="refund:mall", entry=an_entry(ada), moment=day(1))
    with pytest.raises(UnableToRefund):
        refund(posting=0, purpose="refund:mall", entry=an_entry(ada), moment=day(1))


@pytest.mark.parametrize("swept", [True, False])
def test_points_whose_day_has_passed_come_back_for_the_grace_and_expire_then(swept: bool) -> None:
    ada = a_resident()
    earn(ada, 100, expires_at=day(10))
    bought = buy(ada, 60)
    if swept:
        expire_due(moment=day(11))

    give_back(bought, at=20, grace_days=5)

    assert balance(ada, day(24.9)).available == 60, "the unspent 40 are gone, the refunded 60 are there"
    assert balance(ada, day(25)).available == 0
    assert expire_due(moment=day(25)).points == 60
    points = [{row.asset: row.balance for row in balances_as_of(day(at))} for at in (9, 15, 21, 25)]
    assert points == [{"points": 40}, {}, {"points": 60}, {}]


def test_without_grace_they_expire_at_the_moment_of_the_refund() -> None:
    ada = a_resident()
    earn(ada, 100, expires_at=day(10))
    bought = buy(ada, 60)

    give_back(bought, at=20, grace_days=0)

    assert balance(ada, day(20)).available == 0
    assert expire_due(moment=day(20)).points == 60


def test_buying_earning_and_refunding_in_a_loop_yields_nothing() -> None:
    ada = a_resident()
    earn(ada, 100)
    for turn in range(1, 6):
        bought = buy(ada, 100, at=turn)
        bonus = earn(ada, 10, moment=day(turn))
        give_back(bought, at=turn)
        reverse_postings(undos=[Undo(bonus, an_entry(ada), to_micros(day(turn)))], recorded_at=to_micros(day(turn)))

    after = balance(ada, day(9))
    assert (after.available, after.debt) == (100, 0)


def test_spending_the_bonus_before_the_refund_gains_nothing_either() -> None:
    ada = a_resident()
    earn(ada, 100)
    bought = buy(ada, 100)
    bonus = earn(ada, 10, moment=day(1))
    other = buy(ada, 10)
    reverse_postings(undos=[Undo(bonus, an_entry(ada), to_micros(day(2)))], recorded_at=to_micros(day(2)))
    assert balance(ada, day(2)).debt == 10

    give_back(bought, at=3)
    give_back(other, at=3)

    after = balance(ada, day(3))
    assert (after.available, after.debt) == (100, 0)


def test_refunding_a_purchase_does_not_take_the_spent_points_again() -> None:
    ada = a_resident()
    earn(ada, 100)
    bought = buy(ada, 40)

    give_back(bought)

    assert balance(ada, day(2)).available == 100
    assert not Posting.objects.filter(debit_id=ada * 8, pk__gt=bought).exists()
