"""Entries of a paused rule: held whole, in order, and judged by the version that repairs the rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from denizen.ground.chronicle.commands import Fresh, declare_source, new_entry, record
from denizen.ground.chronicle.kinds import community, purchase
from denizen.ground.chronicle.models import Undecided
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.ground.identity.queries import facts_for
from denizen.ground.ledger.queries import balance
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.people.growth.models import Decision, Holding
from denizen.people.growth.pipeline import advance, work_off
from denizen.people.growth.queries.verify import verify
from denizen.people.growth.testing import app_source, behave, fresh_of
from denizen.people.rulebook.commands import (
    approve_book,
    ask_suspension,
    confirm_false_alarm,
    confirm_suspension,
    propose_book,
    publish_first_book,
    tell_false_alarm,
)
from denizen.people.rulebook.queries import version_in_force
from denizen.people.rulebook.testing import WAIVED, checked, colleague
from tests.flow.simulator.book import FIRST, SECOND, as_yaml

pytestmark = pytest.mark.django_db

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
DAY = timedelta(days=1)
OLD, NEW = 10, 12
"""What a check-in pays by the first and by the repairing version."""


@pytest.fixture
def two() -> tuple[Staff, Staff]:
    """Two colleagues who may approve rules, in a city with a book."""
    publish_first_book(text=as_yaml(FIRST, "first"), moment=JANUARY, effective_from=JANUARY)
    return colleague("Odo", *Permission), colleague("Ida", *Permission)


def pause(two: tuple[Staff, Staff], rule: str = "check_in", moment: datetime = NOON) -> int:
    one, other = two
    asked = ask_suspension(actor=one, rule=rule, reason_en="It pays the wrong sum", reason_zh="金额有误", moment=moment)
    confirm_suspension(actor=other, suspension=asked.pk, moment=moment)
    return asked.pk


def repair(two: tuple[Staff, Staff], effective_from: datetime, moment: datetime, text: str = "") -> int:
    one, other = two
    checked(moment)
    version = propose_book(actor=one, text=text or as_yaml(SECOND, "second"), note="Mended", moment=moment)
    approve_book(actor=other, number=version.number, effective_from=effective_from, moment=moment, **WAIVED)
    return version.number


def unchanged(two: tuple[Staff, Staff], pause_number: int, moment: datetime) -> None:
    tell_false_alarm(actor=two[0], suspension=pause_number, moment=moment)
    confirm_false_alarm(actor=two[1], suspension=pause_number, moment=moment)


def report(resident: int, *doings: tuple[Any, datetime, str], now: datetime) -> list[Fresh]:
    """Put what a resident did in the queue."""
    entries = [new_entry(what, resident=resident, occurred_at=at, external_id=key) for what, at, key in doings]
    with db.opening():
        answers = record(source=app_source(), entries=entries, recorded_at=now)
    return fresh_of(answers)


def drain(moment: datetime) -> None:
    while work_off(limit=10, moment=moment, tell=False):
        pass


def points(resident: int) -> int:
    return balance(resident, NOON + 5 * DAY).available


def states() -> list[tuple[int, str]]:
    return list(Undecided.objects.order_by("entry_id").values_list("entry_id", "state"))


def test_from_the_confirmation_on_entries_of_the_kind_wait_and_others_go_on(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    pause(two)

    held, repost = report(
        ada, (community.CheckedIn(), NOON, "c"), (community.Reposted(subject="s"), NOON, "r"), now=NOON
    )
    drain(NOON)

    assert states() == [(held.id, "held")]
    assert points(ada) == 7
    assert Decision.objects.get().entry_id == repost.id
    assert Holding.objects.get().entry_id == held.id


def test_what_was_asked_for_and_not_confirmed_holds_nothing(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    ask_suspension(actor=two[0], rule="check_in", reason_en="Wrong", reason_zh="有误", moment=NOON)

    behave(ada, community.CheckedIn(), NOON)

    assert points(ada) == OLD


def test_an_entry_decided_in_the_transaction_that_records_it_is_held_as_well(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    pause(two)

    answer = behave(ada, community.CheckedIn(), NOON)

    assert states() == [(answer.entry_id, "held")]


@pytest.mark.partial("A-36")
def test_held_entries_are_judged_by_the_version_that_repairs_the_rule(two: tuple[Staff, Staff]) -> None:
    ada, soon = make_resident(), NOON + DAY
    pause(two)
    held = report(ada, (community.CheckedIn(), NOON + timedelta(hours=1), "c"), now=NOON + timedelta(hours=2))
    drain(NOON + timedelta(hours=2))

    version = repair(two, soon, NOON + timedelta(hours=3))
    drain(soon - timedelta(seconds=1))
    waiting = states()
    drain(soon)

    assert waiting == [(held[0].id, "held")]
    assert points(ada) == NEW
    assert Decision.objects.get(entry=held[0].id).book_id == version
    assert states() == []


def test_what_happened_before_the_pause_and_came_during_it_is_judged_by_the_repair(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    pause(two)
    report(ada, (community.CheckedIn(), NOON - DAY, "before"), now=NOON)
    drain(NOON)

    repair(two, NOON + DAY, NOON)
    drain(NOON + DAY)

    assert points(ada) == NEW


def test_what_happened_during_the_pause_and_came_after_it_is_judged_by_the_repair(two: tuple[Staff, Staff]) -> None:
    ada, ben = make_resident(), make_resident()
    pause(two)
    repair(two, NOON + DAY, NOON)
    drain(NOON + DAY)

    behave(ada, community.CheckedIn(), NOON + timedelta(hours=1), now=NOON + 2 * DAY)
    behave(ben, community.CheckedIn(), NOON - DAY, now=NOON + 2 * DAY)

    assert points(ada) == NEW
    assert points(ben) == OLD


def test_a_version_that_leaves_the_rule_as_it_was_takes_force_and_the_rule_stays_paused(
    two: tuple[Staff, Staff],
) -> None:
    ada = make_resident()
    pause(two)
    report(ada, (community.CheckedIn(), NOON, "c"), now=NOON)
    text = as_yaml(FIRST, "other").replace("'7'", "'8'")

    repair(two, NOON, NOON, text=text)
    drain(NOON)

    assert [state for _, state in states()] == ["held"]
    assert points(ada) == 0


def test_a_false_alarm_is_decided_by_what_was_in_force(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    number = pause(two)
    report(ada, (community.CheckedIn(), NOON, "c"), now=NOON)
    drain(NOON)

    unchanged(two, number, NOON + DAY)
    drain(NOON + DAY)

    assert points(ada) == OLD
    assert Decision.objects.get().book == version_in_force(NOON)


def test_released_entries_keep_their_order_of_arrival(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    number = pause(two)
    first = report(ada, (community.CheckedIn(), NOON + timedelta(hours=1), "late in the day"), now=NOON)
    second = report(ada, (community.CheckedIn(), NOON, "early in the day"), now=NOON)
    drain(NOON)

    unchanged(two, number, NOON + DAY)
    third = report(ada, (community.CheckedIn(), NOON, "after"), now=NOON + DAY)
    drain(NOON + DAY)

    outcomes = dict(Decision.objects.values_list("entry_id", "outcome"))
    ordered = [outcomes[each.id] for each in (first[0], second[0], third[0])]
    assert ordered == [Decision.Outcome.PAID, Decision.Outcome.CAPPED, Decision.Outcome.CAPPED]


def test_nothing_earned_is_taken_and_a_refund_of_what_was_decided_goes_through(two: tuple[Staff, Staff]) -> None:
    ada, ben = make_resident(), make_resident()
    behave(ada, community.CheckedIn(), NOON - DAY, key="earlier")
    behave(ben, community.CheckedIn(), NOON - DAY)
    pause(two)

    report(ada, (community.CheckInWithdrawn(original="earlier"), NOON, "undo"), now=NOON)
    drain(NOON)

    assert points(ada) == 0
    assert points(ben) == OLD
    assert states() == []


def test_what_undoes_a_held_entry_waits_with_it_and_follows_it(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    number = pause(two)
    report(ada, (community.CheckedIn(), NOON, "c"), now=NOON)
    drain(NOON)
    report(ada, (community.CheckInWithdrawn(original="c"), NOON, "undo"), now=NOON)
    drain(NOON)
    meanwhile = [state for _, state in states()]

    unchanged(two, number, NOON + DAY)
    drain(NOON + DAY)

    assert meanwhile == ["held", "waiting"]
    assert points(ada) == 0
    assert states() == []
    assert sorted(Decision.objects.values_list("outcome", flat=True)) == [
        Decision.Outcome.PAID, Decision.Outcome.REVERSED,
    ]  # fmt: skip


def test_what_undoes_a_held_entry_in_the_same_batch_waits_with_it(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    pause(two)

    report(ada, (community.CheckInWithdrawn(original="c"), NOON, "undo"), (community.CheckedIn(), NOON, "c"), now=NOON)
    drain(NOON)

    assert sorted(state for _, state in states()) == ["held", "waiting"]


def test_what_a_held_entry_tells_about_a_resident_is_known_at_once(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    pause(two, rule="delivery")
    car = purchase.VehicleDelivered(model="m1", vehicle="v", founder_edition=False, channel="new")

    behave(ada, car, NOON)

    assert facts_for([ada])[ada].grade_at(to_micros(NOON)) == "owner"
    assert Decision.objects.count() == 0


def test_two_pauses_of_one_kind_hold_until_the_last_is_over(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    first, second = pause(two), pause(two, rule="check_in_n")
    report(ada, (community.CheckedIn(), NOON, "c"), now=NOON)
    drain(NOON)

    unchanged(two, first, NOON + DAY)
    drain(NOON + DAY)
    after_one = [state for _, state in states()]
    unchanged(two, second, NOON + DAY)
    drain(NOON + DAY)

    assert after_one == ["held"]
    assert points(ada) == OLD


def test_a_rule_paused_again_before_its_entries_are_worked_off_holds_them_again(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    number = pause(two)
    entry = report(ada, (community.CheckedIn(), NOON, "c"), now=NOON)[0]
    drain(NOON)
    unchanged(two, number, NOON + DAY)
    assert work_off(limit=0, moment=NOON + DAY, tell=False) == 0

    pause(two, moment=NOON + DAY)
    drain(NOON + DAY)
    version = repair(two, NOON + 2 * DAY, NOON + DAY)
    drain(NOON + 2 * DAY)

    assert points(ada) == NEW
    assert Decision.objects.get(entry=entry.id).book_id == version


def test_a_late_entry_that_is_admitted_while_its_rule_is_paused_is_held(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    source = declare_source(code="turnstile", lateness_seconds_max=3_600)
    entries = [
        new_entry(community.CheckedIn(), resident=ada, occurred_at=moment, external_id=str(moment))
        for moment in (NOON, NOON - 7 * DAY)
    ]
    with db.opening():
        record(source=source, entries=entries, recorded_at=NOON)
    pause(two)

    Undecided.objects.filter(state="review").update(state="ready")
    drain(NOON)

    assert [state for _, state in states()] == ["held", "held"]


def test_the_proof_of_growth_stands_while_entries_are_held_and_after(two: tuple[Staff, Staff]) -> None:
    ada, ben = make_resident(), make_resident()
    number = pause(two)
    behave(ada, community.CheckedIn(), NOON)
    pause(two, rule="repost")
    behave(ben, community.Reposted(subject="s"), NOON)

    unchanged(two, number, NOON + DAY)
    drain(NOON + DAY)

    assert [state for _, state in states()] == ["held"]
    with db.opening():
        assert verify() == []


def test_the_proof_names_what_is_held_although_nothing_is_paused(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    number = pause(two)
    unchanged(two, number, NOON + DAY)
    drain(NOON + DAY)
    entry = report(ada, (community.CheckedIn(), NOON, "forgotten"), now=NOON + DAY)[0].id
    Holding.objects.create(entry_id=entry, suspension_id=number, held_at=NOON)
    Undecided.objects.filter(entry=entry).update(state="held")

    with db.opening():
        found = {finding.code for finding in verify()}

    assert "stranded" in found


def test_a_batch_with_nothing_but_held_entries_ends_well(two: tuple[Staff, Staff]) -> None:
    residents = [make_resident() for _ in range(3)]
    pause(two)
    entries = [
        new_entry(community.CheckedIn(), resident=who, occurred_at=NOON, external_id=f"{who}") for who in residents
    ]

    with db.opening():
        answers = record(source=app_source(), entries=entries, recorded_at=NOON, queue=False)
        advance(fresh_of(answers), moment=NOON)

    assert len(states()) == 3
