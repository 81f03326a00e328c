"""Awards, the hot path: one or thousands in the same few strokes, debts first, budgets never below zero."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from denizen.ground.ledger.commands import (
    Award,
    UnableToDraw,
    Undo,
    award,
    budget_accounts,
    fund,
    open_budget,
    purpose_ids,
    reverse_postings,
    spend,
)
from denizen.ground.ledger.constants import CONTRIBUTION_MINT, POINTS_MINT, Slot
from denizen.ground.ledger.models import Lot, Posting
from denizen.ground.ledger.queries import balance, budget_report, budgets_left, contribution, verify
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db

AT = to_micros(day(1))


def an_award(resident: int, amount: int, slot: Slot = Slot.WALLET, *, entry: int | None = None, **more: int) -> Award:
    purpose = purpose_ids(["award:check_in"])["award:check_in"]
    budget = POINTS_MINT if slot == Slot.WALLET else CONTRIBUTION_MINT
    terms = {"budget": budget, "effect_no": 0, "effective_at": AT} | more
    return Award(
        resident=resident, slot=slot, amount=amount, purpose=purpose, entry=entry or an_entry(resident), **terms
    )


@pytest.mark.partial("B-02")
def test_every_award_names_payer_payee_rule_and_entry() -> None:
    ada, ben = a_resident(), a_resident()
    entry = an_entry(ada)

    ids = award(awards=[an_award(ada, 5, entry=entry, named=ben)], recorded_at=to_micros(day(2)))

    row = Posting.objects.select_related("purpose").get(pk=ids[0])
    assert (row.debit_id, row.credit_id, row.amount) == (POINTS_MINT, ada * 8, 5)
    assert (row.purpose.code, row.entry_id, row.named_id) == ("award:check_in", entry, ben)
    assert (row.effective_at, row.recorded_at) == (day(1), day(2))


def test_ids_come_back_in_the_order_of_the_awards() -> None:
    people = [a_resident() for _ in range(5)]

    ids = award(awards=[an_award(person, 10 + i) for i, person in enumerate(people)], recorded_at=AT)

    assert [Posting.objects.get(pk=id_).amount for id_ in ids] == [10, 11, 12, 13, 14]


def test_lots_keep_their_terms() -> None:
    ada = a_resident()
    terms = {"expires_at": to_micros(day(9)), "priority": 3, "spendable_from": to_micros(day(4))}

    award(awards=[an_award(ada, 5, **terms)], recorded_at=AT)

    lot = Lot.objects.get()
    assert (lot.expires_at, lot.priority, lot.spendable_from, lot.granted_at) == (day(9), 3, day(4), day(1))
    assert (balance(ada, day(3)).available, balance(ada, day(3)).waiting) == (0, 5)
    assert balance(ada, day(4)).available == 5


def test_one_hundred_awards_take_as_many_queries_as_one(query_count: Callable[[], int]) -> None:
    def queries(count: int) -> int:
        people = [a_resident() for _ in range(count)]
        awards = [an_award(person, 5, slot) for person in people for slot in (Slot.WALLET, Slot.SPECIAL)]
        before = query_count()
        award(awards=awards, recorded_at=AT)
        return query_count() - before

    assert queries(1) == queries(100)


def test_several_lots_of_one_batch_repay_one_debt() -> None:
    ada = a_resident()
    old = earn(ada, 100)
    spend(resident=ada, amount=100, purpose="spend:mall", entry=an_entry(ada), moment=day(0))
    reverse_postings(undos=[Undo(old, an_entry(ada), to_micros(day(0)))], recorded_at=to_micros(day(0)))

    award(awards=[an_award(ada, 60), an_award(ada, 5, Slot.SPECIAL), an_award(ada, 60)], recorded_at=AT)

    now = balance(ada, day(1))
    assert (now.available, now.debt) == (20, 0)
    assert contribution(ada)["special"] == 5
    assert verify() == []


def test_one_effect_of_one_entry_is_granted_once() -> None:
    ada = a_resident()
    given = an_award(ada, 5)
    award(awards=[given], recorded_at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        award(awards=[given], recorded_at=AT)
    assert balance(ada, day(1)).available == 5


def test_a_limited_budget_never_falls_below_zero() -> None:
    ada = a_resident()
    account = open_budget(code="campaign", limited=True)
    fund(code="campaign", amount=100, purpose="funding", entry=an_entry(ada), moment=day(0))
    award(awards=[an_award(ada, 60, budget=account)], recorded_at=AT)

    with pytest.raises(UnableToDraw), transaction.atomic():
        award(awards=[an_award(ada, 20, budget=account), an_award(ada, 21, budget=account)], recorded_at=AT)

    assert budgets_left(["campaign", "other"]) == {"campaign": 40}
    assert balance(ada, day(1)).available == 60
    assert verify() == []


def test_what_is_taken_back_returns_to_its_limited_budget() -> None:
    ada = a_resident()
    account = open_budget(code="campaign", limited=True)
    fund(code="campaign", amount=100, purpose="funding", entry=an_entry(ada), moment=day(0))
    posting = award(awards=[an_award(ada, 60, budget=account)], recorded_at=AT)[0]

    reverse_postings(undos=[Undo(posting, an_entry(ada), AT)], recorded_at=AT)

    assert budgets_left(["campaign"]) == {"campaign": 100}
    line = next(line for line in budget_report() if line.account == account)
    assert (line.funded, line.granted, line.returned, line.left) == (100, 60, 60, 100)


def test_nothing_to_award_does_nothing() -> None:
    assert award(awards=[], recorded_at=AT) == []


def test_budgets_have_one_account_for_each_asset_and_keep_it() -> None:
    first = budget_accounts(["a", "b"])
    again = budget_accounts(["b", "a", "c"])

    assert {key: again[key] for key in first} == first
    assert len(set(again.values())) == 6
    assert all((account < 4_000) == (asset == "points") for (_, asset), account in again.items())
