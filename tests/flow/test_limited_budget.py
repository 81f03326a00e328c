"""A campaign's budget is the hottest row of a city: nobody waits for it while plenty is left, nobody overdraws it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import OperationalError, connection

from denizen.ground.chronicle.commands import new_entry, record
from denizen.ground.chronicle.kinds import activities
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity.queries import facts_for
from denizen.ground.ledger.commands import lock_budgets
from denizen.ground.ledger.queries import balance, budgets_left, verify
from denizen.ground.ledger.testing import earn
from denizen.kit import db
from denizen.people.growth.commands import decide_entries
from denizen.people.growth.pipeline import advance, work_off
from denizen.people.growth.testing import app_source, fresh_of
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text, timelines
from tests.flow.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PRIZE = 500


def publish(fund: int) -> int:
    """The reference book with a prize fund of ``fund`` points; the fund's account."""
    text = reference_book_text().replace("amount: 50000", f"amount: {fund}").replace("alarm_at: 5000", "alarm_at: 0")
    publish_first_book(text=text, moment=JANUARY, effective_from=JANUARY)
    return int(db.fetch("SELECT id FROM ledger_account WHERE code = 'points:contest_prizes'")[0][0])


def win(resident: int) -> None:
    entry = new_entry(
        activities.ContestWeekWon(contest="spring", week=1), resident=resident, occurred_at=NOON,
        external_id=f"won-{resident}",
    )  # fmt: skip
    with db.opening():
        record(source=app_source(), entries=[entry], recorded_at=NOON)


def work() -> int:
    return work_off(limit=10, moment=NOON, tell=False)


def decide_while_locked(account: int, resident: int) -> list[str]:
    """What the rules say to a win while somebody else holds the fund's row; a wait of 0.2 s is refused."""
    entry = new_entry(
        activities.ContestWeekWon(contest="spring", week=1), resident=resident, occurred_at=NOON, external_id="w",
    )  # fmt: skip

    def once() -> list[str]:
        with db.opening():
            db.execute("SET LOCAL lock_timeout = '200ms'")
            entries = fresh_of(record(source=app_source(), entries=[entry], recorded_at=NOON, queue=False))
            ruling = timelines({each.source for each in entries})
            said = decide_entries(entries=entries, timelines=ruling, facts=facts_for([resident]), drawing={})
            return [line.outcome for line in said.decided[0].lines if line.code == "contest_week_points"]

    with db.opening():
        lock_budgets([account])
        return at_once([once])[0]


def test_a_batch_is_decided_without_waiting_while_plenty_is_left() -> None:
    account = publish(fund=100 * PRIZE)

    assert decide_while_locked(account, make_resident()) == ["paid"]


def test_near_the_end_of_a_budget_a_batch_waits_for_the_truth() -> None:
    account = publish(fund=PRIZE + 1)

    with pytest.raises(OperationalError, match="lock timeout"):
        decide_while_locked(account, make_resident())


def test_many_at_once_are_paid_exactly_as_long_as_the_fund_lasts() -> None:
    publish(fund=2 * PRIZE + 200)
    winners = [make_resident() for _ in range(8)]
    for winner in winners:
        win(winner)

    at_once([lambda: work_off(limit=1, moment=NOON, tell=False)] * 8)
    while work():
        pass

    assert sorted(balance(winner, NOON).available for winner in winners) == [0] * 6 + [PRIZE] * 2
    assert budgets_left(["contest_prizes"]) == {"contest_prizes": 200}
    assert verify() == []


def test_a_batch_is_decided_again_when_others_empty_the_fund_before_it_draws() -> None:
    account = publish(fund=4 * PRIZE)
    ada, ben = make_resident(), make_resident()
    win(ada)

    with db.opening():
        db.execute("LOCK TABLE growth_decision IN SHARE MODE")  # Ada's batch stops here, decided but not written
        batch = Thread(target=lambda: (work(), connection.close()))
        batch.start()
        wait_until(somebody_waits)
        at_once([lambda: empty(account, ben, 4 * PRIZE - 100)])
    batch.join(timeout=20)

    assert balance(ada, NOON).available == 0
    assert db.fetch("SELECT outcome FROM growth_decision") == [(2,)], "decided once, by what was left"
    assert budgets_left(["contest_prizes"]) == {"contest_prizes": 100}
    assert verify() == []


def test_a_batch_that_is_not_tried_again_leaves_nothing_behind() -> None:
    account = publish(fund=4 * PRIZE)
    ada, ben = make_resident(), make_resident()

    def once() -> None:
        entry = new_entry(
            activities.ContestWeekWon(contest="spring", week=1), resident=ada, occurred_at=NOON, external_id="won",
        )  # fmt: skip
        with suppress(db.Again), db.opening():
            advance(
                fresh_of(record(source=app_source(), entries=[entry], recorded_at=NOON, queue=False)),
                moment=NOON, tell=False,
            )  # fmt: skip
        connection.close()

    with db.opening():
        db.execute("LOCK TABLE growth_decision IN SHARE MODE")
        batch = Thread(target=once)
        batch.start()
        wait_until(somebody_waits)
        at_once([lambda: empty(account, ben, 4 * PRIZE)])
    batch.join(timeout=20)

    assert db.fetch("SELECT count(*) FROM growth_decision") == [(0,)]
    assert balance(ada, NOON).available == 0
    assert verify() == []


def empty(account: int, resident: int, amount: int) -> None:
    with db.opening():
        earn(resident, amount, budget=account)


def somebody_waits() -> bool:
    return bool(db.fetch("SELECT count(*) FROM pg_locks WHERE NOT granted")[0][0])


def wait_until(true: Callable[[], bool], seconds_max: float = 10) -> None:
    until = time.monotonic() + seconds_max
    while not true():
        assert time.monotonic() < until, "nothing happened in time"
        time.sleep(0.01)
