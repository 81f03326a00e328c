"""Gifts and tips: points move with their end, rank and first day, never to oneself."""

import pytest

from denizen.ground.ledger.commands import UnableToSpend, UnableToTransfer, transfer
from denizen.ground.ledger.models import Lot, Posting
from denizen.ground.ledger.queries import balance, statement
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn

pytestmark = pytest.mark.django_db


def tip(giver: int, taker: int, amount: int) -> int:
    return transfer(giver=giver, taker=taker, amount=amount, purpose="tip", entry=an_entry(giver), moment=day(1))


@pytest.mark.partial("B-44", "B-45")
def test_it_moves_lots_with_their_terms() -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 30, expires_at=day(9), priority=2, spendable_from=day(0.5))
    earn(ada, 100, priority=3)

    posting = tip(ada, ben, 50)

    arrived = Lot.objects.filter(posting=posting).order_by("pk")
    assert [(lot.amount, lot.expires_at, lot.priority, lot.spendable_from) for lot in arrived] == [
        (30, day(9), 2, day(0.5)),
        (20, None, 3, None),
    ]
    assert (balance(ada, day(1)).available, balance(ben, day(1)).available) == (80, 50)


def test_both_sides_see_the_other_in_their_statement() -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 30)
    tip(ada, ben, 30)

    assert [(line.amount, line.other) for line in statement(ada)] == [(-30, ben), (30, None)]
    assert [(line.amount, line.other) for line in statement(ben)] == [(30, ada)]


def test_it_refuses_oneself() -> None:
    ada = a_resident()
    earn(ada, 100)
    before = Posting.objects.count()

    with pytest.raises(UnableToTransfer):
        tip(ada, ada, 10)
    assert Posting.objects.count() == before


def test_it_refuses_more_than_the_giver_has() -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 100)
    earn(ben, 500)

    with pytest.raises(UnableToSpend):
        tip(ada, ben, 101)
    assert (balance(ada, day(1)).available, balance(ben, day(1)).available) == (100, 500)
