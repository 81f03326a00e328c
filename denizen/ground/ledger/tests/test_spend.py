"""Spending points: a free choice of how many, in the order that loses least, never more than there is."""

import pytest
from django.db import IntegrityError

from denizen.ground.ledger.commands import UnableToSpend, place, reverse_postings, spend
from denizen.ground.ledger.commands.reversal import Undo
from denizen.ground.ledger.models import Lot, LotUse
from denizen.ground.ledger.queries import balance
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn
from denizen.kit.clock import to_micros
from denizen.kit.db import TransactionMisuse

pytestmark = pytest.mark.django_db


def buy(resident: int, amount: int, at: float = 1, **more: object) -> int:
    return spend(
        resident=resident, amount=amount, purpose="spend:mall", entry=an_entry(resident), moment=day(at), **more
    )


@pytest.mark.partial("B-36", "B-41")
def test_it_takes_exactly_what_the_resident_chose() -> None:
    ada = a_resident()
    earn(ada, 100)

    buy(ada, 30)

    assert balance(ada, day(1)).available == 70


def test_it_consumes_by_priority_then_what_expires_first_then_age() -> None:
    ada = a_resident()
    last = earn(ada, 10, priority=1, expires_at=day(5))
    never = earn(ada, 10)
    late = earn(ada, 10, expires_at=day(20))
    soon = earn(ada, 10, expires_at=day(10))
    older = Lot.objects.get(posting=earn(ada, 10, expires_at=day(10)))

    posting = buy(ada, 45)

    order = [Lot.objects.get(posting=origin).pk for origin in (soon, older.posting_id, late, never, last)]
    uses = LotUse.objects.filter(posting=posting).order_by("ord")
    assert [use.lot_id for use in uses] == order
    assert [use.amount for use in uses] == [10, 10, 10, 10, 5]


def test_it_refuses_more_than_is_available_and_changes_nothing() -> None:
    ada = a_resident()
    earn(ada, 100, expires_at=day(1))
    earn(ada, 50, spendable_from=day(3))
    earn(ada, 40)
    place(resident=ada, amount=15, purpose="spend:mall", key="order 1", moment=day(1))
    before = balance(ada, day(1))

    with pytest.raises(UnableToSpend) as refusal:
        buy(ada, 26)

    assert (refusal.value.available, refusal.value.wanted) == (25, 26)
    assert balance(ada, day(1)) == before


def test_it_never_consumes_a_lot_from_its_end_on_but_does_just_before() -> None:
    ada = a_resident()
    earn(ada, 100, expires_at=day(7))

    with pytest.raises(UnableToSpend):
        buy(ada, 1, at=7)
    buy(ada, 1, at=6.999999)

    assert balance(ada, day(6.999999)).available == 99


def test_it_spends_only_from_the_lots_named() -> None:
    ada = a_resident()
    earn(ada, 10, expires_at=day(10))
    chosen = Lot.objects.get(posting=earn(ada, 10))

    with pytest.raises(UnableToSpend):
        buy(ada, 11, lots=[chosen.pk])
    posting = buy(ada, 10, lots=[chosen.pk])

    assert LotUse.objects.get(posting=posting).lot_id == chosen.pk


def test_debt_does_not_stop_a_resident_from_spending_what_is_left() -> None:
    ada = a_resident()
    award = earn(ada, 100)
    place(resident=ada, amount=100, purpose="spend:mall", key="order 1", moment=day(1))
    reverse_postings(undos=[Undo(award, an_entry(ada), to_micros(day(1)))], recorded_at=to_micros(day(1)))
    assert balance(ada, day(1)).debt == 100

    earn(ada, 130, moment=day(2))
    buy(ada, 30, at=3)

    after = balance(ada, day(3))
    assert (after.available, after.reserved, after.debt) == (0, 100, 0)


def test_one_entry_spends_once_for_one_purpose() -> None:
    ada = a_resident()
    earn(ada, 100)
    entry = an_entry(ada)
    spend(resident=ada, amount=10, purpose="spend:mall", entry=entry, moment=day(1))

    with pytest.raises(IntegrityError):
        spend(resident=ada, amount=10, purpose="spend:mall", entry=entry, moment=day(1))


def test_a_stranger_without_a_wallet_has_nothing_to_spend() -> None:
    with pytest.raises(UnableToSpend):
        buy(a_resident(), 1)


@pytest.mark.parametrize("amount", [0, -5])
def test_it_refuses_amounts_below_one(amount: int) -> None:
    ada = a_resident()
    earn(ada, 100)

    with pytest.raises(ValueError, match="at least 1"):
        buy(ada, amount)


@pytest.mark.django_db(transaction=True)
def test_it_needs_an_open_transaction() -> None:
    with pytest.raises(TransactionMisuse):
        spend(resident=1000, amount=1, purpose="spend:mall", entry=1, moment=day(1))
