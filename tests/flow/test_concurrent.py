"""The same city whatever the size of a batch and however many work at it: submits, undoings, invitations, workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest

from denizen.config.testing import empty_city
from denizen.ground.chronicle.commands import Recorded, new_entry, record, take_ready
from denizen.ground.chronicle.kinds import community, purchase, trade
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity.queries import facts_for
from denizen.ground.ledger import queries as ledger
from denizen.ground.ledger.queries import verify
from denizen.kit import db
from denizen.people.growth.pipeline import advance, work_off
from denizen.people.growth.queries import receipt_for
from denizen.people.growth.testing import app_source, behave, fresh_of
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text
from denizen.people.standing import queries as standing
from tests.flow.crowd import at_once
from tests.flow.simulator.engine import Engine
from tests.flow.simulator.oracle_books import DAY as DAY_US
from tests.flow.simulator.world import CHANGE, START, World

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
LATER = NOON + 30 * DAY


def publish() -> None:
    publish_first_book(text=reference_book_text(), moment=JANUARY, effective_from=JANUARY)


def submit(resident: int, what: object, at: datetime, key: str) -> Callable[[], Recorded]:
    """Record one entry in a transaction of its own."""
    entry = new_entry(what, resident=resident, occurred_at=at, external_id=key)
    source = app_source()

    def once() -> Recorded:
        with db.opening():
            return record(source=source, entries=[entry], recorded_at=LATER)[0]

    return once


def drain(limit: int = 10) -> None:
    while work_off(limit=limit, moment=LATER, tell=False):
        pass


def points(resident: int) -> int:
    return ledger.balance(resident, LATER).available


def test_the_same_entry_submitted_by_many_at_once_counts_once() -> None:
    publish()
    ada = make_resident()

    answers = at_once([submit(ada, community.CheckedIn(), NOON, "same")] * 6)
    drain()

    assert sorted(answer.status for answer in answers) == ["accepted"] + ["exists"] * 5
    assert len({answer.entry_id for answer in answers}) == 1
    assert points(ada) == receipt_for(resident=ada, entry=answers[0].entry_id).points > 0
    assert verify() == []


def test_one_key_with_other_words_at_once_is_one_entry_and_conflicts() -> None:
    publish()
    ada = make_resident()

    answers = at_once([submit(ada, community.Reposted(subject=f"s{n}"), NOON, "same") for n in range(6)])
    drain()

    assert sorted(answer.status for answer in answers) == ["accepted"] + ["conflict"] * 5
    assert db.fetch("SELECT count(*) FROM growth_decision") == [(1,)]


def test_of_many_undoings_at_once_exactly_one_undoes() -> None:
    publish()
    ada = make_resident()
    behave(ada, purchase.VehicleDelivered(model="m1", vehicle="v", founder_edition=False, channel="new"), NOON, key="v")
    at_once([submit(ada, purchase.DeliveryCancelled(original="v"), NOON + DAY, f"undo {n}") for n in range(4)])

    at_once([lambda: work_off(limit=1, moment=LATER, tell=False)] * 4)
    drain()

    outcomes = db.fetch("SELECT outcome FROM growth_decision WHERE entry_id IN (SELECT entry_id FROM growth_undoing)")
    assert outcomes == [(4,)]
    assert db.fetch(
        "SELECT count(*) FROM growth_decision WHERE outcome = 3 AND trace ->> 'why' = 'already_undone'"
    ) == [(3,)]
    assert points(ada) == 0
    assert ledger.balance(ada, LATER).debt == 0
    assert verify() == []


def test_two_inviters_at_once_are_one_referral_and_one_reward() -> None:
    publish()
    ada, ben, cai = make_resident(), make_resident(), make_resident()
    for inviter in (ben, cai):
        car = purchase.VehicleDelivered(model="m1", vehicle=f"v{inviter}", founder_edition=False, channel="new")
        behave(inviter, car, NOON - 9 * DAY, key=f"v{inviter}")
    before = {inviter: (points(inviter), standing.profile(inviter).total) for inviter in (ben, cai)}

    at_once([submit(ada, purchase.InvitationAccepted(inviter=who), NOON, f"by {who}") for who in (ben, cai)])
    at_once([lambda: work_off(limit=1, moment=LATER, tell=False)] * 2)
    drain()
    behave(ada, purchase.OrderPlaced(order="o"), NOON + DAY)
    behave(
        ada, purchase.VehicleDelivered(model="m1", vehicle="va", founder_edition=False, channel="new"), NOON + 2 * DAY
    )

    after = {inviter: (points(inviter), standing.profile(inviter).total) for inviter in (ben, cai)}
    assert facts_for([ada])[ada].inviter in (ben, cai)
    assert [who for who in (ben, cai) if after[who] != before[who]] == [facts_for([ada])[ada].inviter]


def test_whoever_waited_for_a_lock_decides_with_what_was_learnt_meanwhile() -> None:
    engine = Engine()
    ada, ben, *_ = engine.found(3, {"app": None}, START - 10 * DAY_US, CHANGE)
    at = datetime(2026, 3, 21, tzinfo=UTC)
    source = app_source()
    begun, waits = Event(), Event()

    def deliver() -> None:
        car = purchase.VehicleDelivered(model="m1", vehicle="v", founder_edition=False, channel="new")
        with db.opening():
            answers = record(
                source=source,
                entries=[new_entry(car, resident=ada, occurred_at=at, external_id="v")],
                recorded_at=LATER,
            )
            advance(fresh_of(answers), moment=LATER, tell=False)
            begun.set()
            assert waits.wait(10)

    def like() -> None:
        liked = community.Liked(subject="s", author=ben)
        assert begun.wait(10)
        entry = new_entry(liked, resident=ada, occurred_at=at + DAY, external_id="like")
        with db.opening():
            fresh = fresh_of(record(source=source, entries=[entry], recorded_at=LATER, queue=False))
            advance(fresh, moment=LATER, tell=False)

    def watch() -> None:
        while not db.fetch(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ):
            pass
        waits.set()

    at_once([deliver, like, watch])

    assert standing.profile(ben).total == 2


def reported(seed: int, count: int) -> tuple[World, Engine]:
    """A seeded city with so many reports in the queue, none of them decided."""
    engine = Engine()
    world = World(seed, engine)
    while len(world.city.entries) < count:
        world.tick()
        world.arrive()
    return world, engine


def end_of(seed: int, limit: int) -> dict[str, Any]:
    """Everything the city knows after work in batches of ``limit``, with residents named by their place."""
    empty_city()
    world, engine = reported(seed, 160)
    while engine.work(limit, world.now):
        pass
    assert verify() == []
    picture = engine.picture(world.people, world.now)
    for transient in ("lots",):
        picture[transient] = {who: sorted(lots, key=repr) for who, lots in picture[transient].items()}
    return picture


@pytest.mark.parametrize("seed", [3, 8])
def test_a_batch_of_one_of_seven_or_of_everything_ends_in_the_same_city(seed: int) -> None:
    single = end_of(seed, 1)

    assert end_of(seed, 7) == single
    assert end_of(seed, 10_000) == single


def crowd_of(workers: int) -> tuple[dict[int, Any], list[tuple[str, int, int]]]:
    """Six residents with fifty doings each, worked off by so many at once: what they have, and what was paid."""
    empty_city()
    publish()
    residents = [make_resident() for _ in range(6)]
    source = app_source()
    entries = [
        new_entry(what, resident=who, occurred_at=NOON + day * DAY, external_id=f"{who} {day} {type(what).__name__}")
        for day in range(10)
        for who in residents
        for what in (
            community.CheckedIn(), community.Reposted(subject=f"s{day}"), trade.MessageSent(receiver="x"),
            community.ProfileItemCompleted(item="avatar"), community.WechatBound(),
        )
    ]  # fmt: skip
    with db.opening():
        record(source=source, entries=entries, recorded_at=LATER)

    def work() -> int:
        done = 0
        while taken := work_off(limit=7, moment=LATER, tell=False):
            done += taken
        return done

    assert sum(at_once([work] * workers)) == len(entries)
    assert verify() == []
    paid = db.fetch(
        "SELECT u.code, p.credit_id, sum(p.amount)::bigint FROM ledger_posting p JOIN ledger_purpose u"
        " ON u.id = p.purpose_id WHERE p.code = 2 GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return {who: (points(who), standing.profile(who).total) for who in residents}, paid


def test_one_two_or_four_workers_end_in_the_same_city() -> None:
    alone = crowd_of(1)

    assert any(points for points, _ in alone[0].values())
    assert crowd_of(2) == alone
    assert crowd_of(4) == alone


def outcomes_by(workers: int) -> list[tuple[str, int]]:
    """Check-ins of one day, every second one withdrawn at once: which of them pays depends on their order."""
    empty_city()
    publish()
    people = [make_resident() for _ in range(24)]
    entries = []
    for minute in range(8):
        for number, who in enumerate(people):
            at, key = NOON + timedelta(minutes=minute), f"{number}-{minute}"
            entries.append(new_entry(community.CheckedIn(), resident=who, occurred_at=at, external_id=key))
            if minute % 2 == 0:
                undo = community.CheckInWithdrawn(original=key)
                entries.append(new_entry(undo, resident=who, occurred_at=at, external_id=f"{key}-undo"))
    with db.opening():
        record(source=app_source(), entries=entries, recorded_at=LATER)
    at_once([lambda: drain(limit=7)] * workers)
    drain()
    return db.fetch(
        "SELECT k.external_id, d.outcome FROM growth_decision d JOIN chronicle_entrykey k USING (entry_id) ORDER BY 1"
    )


def test_many_workers_decide_the_entries_of_one_resident_in_their_order() -> None:
    alone, together = outcomes_by(1), outcomes_by(4)

    assert len(alone) == 24 * 12
    assert together == alone
    assert verify() == []


def test_a_later_entry_waits_while_an_earlier_one_of_its_resident_is_in_other_hands() -> None:
    publish()
    ada, ben = make_resident(), make_resident()
    for minute, who in enumerate((ada, ada, ben)):
        submit(who, community.CheckedIn(), NOON + timedelta(minutes=minute), f"k{minute}")()

    def claim_the_rest() -> list[int]:
        with db.opening():
            return [entry.resident for entry in take_ready(limit=10)]

    with db.opening():
        first = take_ready(limit=1)
        (rest,) = at_once([claim_the_rest])

    assert [entry.resident for entry in first] == [ada]
    assert rest == [ben]
