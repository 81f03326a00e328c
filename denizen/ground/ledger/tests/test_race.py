"""Races: real threads, real commits. Of two who want the same, one gets it, and every read sees a whole."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from denizen.ground.ledger.commands import (
    UnableToDraw,
    UnableToRefund,
    UnableToResolve,
    UnableToReverse,
    UnableToSpend,
    Undo,
    expire_due,
    fund,
    open_budget,
    place,
    post,
    refund,
    reverse_postings,
    spend,
    transfer,
    void,
)
from denizen.ground.ledger.models import Posting
from denizen.ground.ledger.queries import balance, budgets_left, verify
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn
from denizen.kit import db
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db(transaction=True)

Refusal = (UnableToDraw, UnableToRefund, UnableToResolve, UnableToReverse, UnableToSpend)


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all works at the same time, each in a transaction of its own; results or refusals in order."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait(timeout=20)
        try:
            with db.opening():
                return work()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, work) for work in works]]


def refusals(results: Sequence[Any]) -> int:
    return sum(isinstance(result, Refusal) for result in results)


def a_city(people: int, amount: int, *, ends: float | None = None) -> list[int]:
    with db.opening():
        residents = [a_resident() for _ in range(people)]
        for resident in residents:
            earn(resident, amount, expires_at=None if ends is None else day(ends))
    return residents


def entries(resident: int, count: int) -> list[int]:
    with db.opening():
        return [an_entry(resident) for _ in range(count)]


def test_of_two_reversals_of_one_posting_exactly_one_succeeds() -> None:
    people = a_city(6, 100)
    at = to_micros(day(1))
    for resident in people:
        posting = Posting.objects.get(credit_id=resident * 8).pk
        works = [
            lambda entry=entry, posting=posting: reverse_postings(undos=[Undo(posting, entry, at)], recorded_at=at)
            for entry in entries(resident, 2)
        ]

        assert refusals(at_once(works)) == 1
        assert balance(resident, day(1)).available == 0
    assert verify() == []


def test_of_two_refunds_of_one_spend_exactly_one_succeeds() -> None:
    ada = a_city(1, 100)[0]
    first, *others = entries(ada, 5)
    with db.opening():
        bought = spend(resident=ada, amount=80, purpose="spend:x", entry=first, moment=day(1))

    results = at_once(
        [lambda e=entry: refund(posting=bought, purpose="refund:x", entry=e, moment=day(2)) for entry in others]
    )

    assert refusals(results) == 3
    assert balance(ada, day(2)).available == 100
    assert verify() == []


def test_nobody_spends_together_more_than_there_is() -> None:
    ada = a_city(1, 100)[0]

    results = at_once(
        [
            lambda e=entry: spend(resident=ada, amount=30, purpose="spend:x", entry=e, moment=day(1))
            for entry in entries(ada, 8)
        ]
    )

    assert refusals(results) == 5
    assert balance(ada, day(1)).available == 10
    assert verify() == []


def test_a_hold_is_resolved_by_one_of_many() -> None:
    ada = a_city(1, 100)[0]
    with db.opening():
        hold = place(resident=ada, amount=40, purpose="spend:x", key="a", moment=day(1))

    results = at_once([lambda: post(hold=hold, moment=day(2)), lambda: void(hold=hold, moment=day(2))] * 3)

    assert refusals(results) == 5
    assert balance(ada, day(2)).reserved == 0
    assert verify() == []


def test_one_key_reserves_once_for_many_callers() -> None:
    ada = a_city(1, 100)[0]

    holds = at_once([lambda: place(resident=ada, amount=40, purpose="spend:x", key="a", moment=day(1))] * 6)

    assert len(set(holds)) == 1
    assert balance(ada, day(1)).reserved == 40


def test_sweeps_side_by_side_expire_every_lot_once() -> None:
    people = a_city(30, 10, ends=5)

    swept = [result.points for result in at_once([lambda: expire_due(moment=day(6), limit=10)] * 4)]
    with db.opening():
        swept.append(expire_due(moment=day(6)).points)

    assert sum(swept) == 300
    assert all(balance(person, day(4)).available == 0 for person in people)
    assert verify() == []


def test_a_sweep_passes_by_wallets_another_one_is_working_on() -> None:
    a_city(3, 10, ends=5)
    swept, passed = threading.Event(), threading.Event()

    def first() -> int:
        points = expire_due(moment=day(6)).points
        swept.set()
        assert passed.wait(timeout=10), "the second sweep waited for the first"
        return points

    def second() -> int:
        assert swept.wait(timeout=10)
        points = expire_due(moment=day(6)).points
        passed.set()
        return points

    assert at_once([first, second]) == [30, 0]
    assert verify() == []


def test_a_limited_budget_is_never_overdrawn_together() -> None:
    people = a_city(8, 1)
    with db.opening():
        account = open_budget(code="campaign", limited=True)
        fund(code="campaign", amount=100, purpose="funding", entry=an_entry(people[0]), moment=day(0))

    results = at_once([lambda person=person: earn(person, 30, budget=account) for person in people])

    assert refusals(results) == 5
    with db.opening():
        assert budgets_left(["campaign"]) == {"campaign": 10}
    assert verify() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_busy_bank_every_read_sees_the_same_sum(seed: int) -> None:
    people = a_city(5, 1_000)
    stock = {person: entries(person, 60) for person in people}
    going = threading.Event()
    sums: list[tuple[int, int]] = []

    def teller(number: int) -> int:
        chance = random.Random(seed * 100 + number)
        done = 0
        for turn in range(15):
            giver, taker = chance.sample(people, 2)
            entry = stock[giver][number * 15 + turn]
            try:
                with db.opening():
                    transfer(
                        giver=giver, taker=taker, amount=chance.randint(1, 600), purpose="g", entry=entry, moment=day(1)
                    )
                    done += 1
            except UnableToSpend:
                continue
        connection.close()
        return done

    def reader() -> None:
        while not going.is_set():
            sums.append(
                db.fetch(
                    "SELECT (SELECT sum(balance) FROM ledger_account WHERE id >= 8000),"
                    " (SELECT sum(remaining) FROM ledger_lot)"
                )[0]
            )
            assert verify() == []
        connection.close()

    with ThreadPoolExecutor(6) as pool:
        reading = [pool.submit(reader) for _ in range(2)]
        tellers = [pool.submit(teller, number) for number in range(4)]
        done = sum(future.result(timeout=60) for future in tellers)
        going.set()
        for future in reading:
            future.result(timeout=60)

    assert set(sums) == {(5_000, 5_000)}
    assert Posting.objects.filter(code=5).count() == done > 0
    assert verify() == []


def test_gifts_crossing_in_both_directions_never_wait_for_each_other_in_a_circle() -> None:
    ada, ben = a_city(2, 1_000)
    works = [
        lambda e=entry, giver=giver, taker=taker: transfer(
            giver=giver, taker=taker, amount=1, purpose="g", entry=e, moment=day(1)
        )
        for giver, taker in ((ada, ben), (ben, ada))
        for entry in entries(giver, 4)
    ]

    assert refusals(at_once(works)) == 0
    assert (balance(ada, day(1)).available, balance(ben, day(1)).available) == (1_000, 1_000)
