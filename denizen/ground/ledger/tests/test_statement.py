"""What residents and the city read: statements page by page, balances, contribution at a moment, budgets."""

import pytest
from django.db import connection

from denizen.ground.ledger.commands import Undo, budget_accounts, fund, open_budget, reverse_postings, spend
from denizen.ground.ledger.commands.budgets import UnableToOpenBudget, endow
from denizen.ground.ledger.constants import Asset, Code, Slot
from denizen.ground.ledger.models import Account
from denizen.ground.ledger.queries import (
    balance,
    balances_as_of,
    budget_report,
    budgets_left,
    contribution_after,
    contribution_balances,
    postings_of,
    statement,
    verify,
)
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn, earn_contribution
from denizen.kit.clock import to_micros
from denizen.kit.db import TransactionMisuse

pytestmark = pytest.mark.django_db


def test_pages_follow_each_other_without_gap_or_overlap() -> None:
    ada, ben = a_resident(), a_resident()
    mine = []
    for number in range(1, 8):
        mine.append(earn(ada, number))
        earn(ben, number)
        mine.append(earn_contribution(ada, number))

    pages, before = [], None
    while page := statement(ada, before=before, limit=4):
        pages.append(page)
        before = page[-1].posting

    assert [len(page) for page in pages] == [4, 4, 4, 2]
    assert [line.posting for page in pages for line in page] == sorted(mine, reverse=True)


def test_a_line_tells_what_moved_for_what_and_because_of_which_entry() -> None:
    ada = a_resident()
    earn(ada, 100)
    entry = an_entry(ada)
    posting = spend(resident=ada, amount=30, purpose="spend:mall", entry=entry, moment=day(1))

    line = statement(ada)[0]

    assert (line.posting, line.code, line.purpose, line.asset, line.amount) == (
        posting,
        Code.SPEND,
        "spend:mall",
        "points",
        -30,
    )
    assert (line.entry, line.other, line.effective_at) == (entry, None, day(1))


def test_a_repayment_shows_on_both_sides() -> None:
    ada = a_resident()
    award = earn(ada, 100)
    spend(resident=ada, amount=100, purpose="spend:mall", entry=an_entry(ada), moment=day(1))
    reverse_postings(undos=[Undo(award, an_entry(ada), to_micros(day(2)))], recorded_at=to_micros(day(2)))
    earn(ada, 40, moment=day(3))

    repayment = [(line.asset, line.amount) for line in statement(ada) if line.code == Code.REPAY]

    assert repayment == [("debt", 40), ("points", -40)]
    assert [line.amount for line in statement(ada, slots=[Slot.DEBT])] == [40, -100]


def test_all_records_of_one_business_action_are_found() -> None:
    ada = a_resident()
    earn(ada, 100)
    entry, other = an_entry(ada), an_entry(ada)
    ids = [
        spend(resident=ada, amount=10, purpose=purpose, entry=entry, moment=day(1), effect_no=number)
        for purpose, number in (("spend:mall", 0), ("spend:mall", 1), ("spend:post", 0))
    ]

    assert postings_of([entry, other]) == {entry: ids}


def test_a_strangers_statement_and_balance_are_empty() -> None:
    earn(a_resident(), 100)
    stranger = a_resident()

    assert statement(stranger) == []
    nothing = balance(stranger, day(1))
    assert (nothing.available, nothing.waiting, nothing.reserved, nothing.debt, nothing.expiring) == (0, 0, 0, 0, ())


def test_a_page_reads_indexes_only_of_its_resident() -> None:
    ada = a_resident()
    earn(ada, 100)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert len(statement(ada)) == 1


def test_contribution_is_told_by_class_and_by_moment() -> None:
    ada, ben = a_resident(), a_resident()
    earn_contribution(ada, 10, "interaction", moment=day(1))
    taken = earn_contribution(ada, 5, "special", moment=day(2))
    earn_contribution(ada, 7, "special", moment=day(4))
    at = to_micros(day(5))
    reverse_postings(undos=[Undo(taken, an_entry(ada), at)], recorded_at=at)

    assert contribution_balances([ada, ben]) == {ada: (10, 0, 0, 7)}
    assert contribution_after({ada: to_micros(day(2)), ben: 0}) == [
        (ada, to_micros(day(4)), Slot.SPECIAL, 7),
        (ada, to_micros(day(5)), Slot.SPECIAL, -5),
    ]
    told = [{row.asset: row.balance for row in balances_as_of(day(number))} for number in (0, 1, 2, 5)]
    assert told == [{}, {"contribution": 10}, {"contribution": 15}, {"contribution": 17}]


def test_a_budget_is_opened_once_with_one_kind_of_limit() -> None:
    account = open_budget(code="campaign", limited=True)

    assert open_budget(code="campaign", limited=True) == account
    assert budget_accounts(["campaign"])["campaign", "points"] == account
    with pytest.raises(UnableToOpenBudget):
        open_budget(code="campaign", limited=False)
    assert open_budget(code="campaign", limited=False, asset=Asset.CONTRIBUTION) >= 4_000


def test_it_refuses_budgets_when_the_numbers_are_used_up() -> None:
    Account.objects.create(id=3_999, role=2, code="points:last")

    with pytest.raises(UnableToOpenBudget):
        open_budget(code="one more", limited=False)


def test_funding_an_unknown_budget_is_refused_and_a_plain_one_is_reported() -> None:
    ada = a_resident()
    with pytest.raises(LookupError):
        fund(code="nowhere", amount=5, purpose="funding", entry=an_entry(ada), moment=day(0))
    account = open_budget(code="care", limited=False)
    fund(code="care", amount=500, purpose="funding", entry=an_entry(ada), moment=day(0))
    earn(ada, 120, budget=account)

    line = next(line for line in budget_report() if line.account == account)

    assert (line.code, line.asset, line.limited) == ("care", "points", False)
    assert (line.funded, line.granted, line.left, line.overrun) == (500, 120, 380, 0)


def test_a_rule_book_brings_a_limited_budget_up_to_its_total_and_takes_nothing_back() -> None:
    open_budget(code="campaign", limited=True)

    postings = [
        endow(code="campaign", total=total, book=book, moment=day(0))
        for book, total in ((1, 100), (1, 100), (2, 250), (3, 50))
    ]

    assert [posting is not None for posting in postings] == [True, False, True, False]
    assert budgets_left(["campaign"]) == {"campaign": 250}
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_opening_a_budget_needs_an_open_transaction() -> None:
    with pytest.raises(TransactionMisuse):
        open_budget(code="campaign", limited=False)
