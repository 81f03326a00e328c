"""What a repaired rule had paid too little: computed with the repairing version, proposed, decided by another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.ground.ledger.commands import approve, refuse
from denizen.ground.ledger.queries import balance
from denizen.kit import db
from denizen.people.growth.commands.mend import UnableToMend, propose_mending, shortfall
from denizen.people.growth.queries.affected import held_counts, held_entries, paid_by_rule
from denizen.people.growth.testing import behave
from denizen.people.growth.tests.test_hold import JANUARY, NEW, NOON, OLD, drain, pause, repair, report
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.testing import colleague
from tests.flow.simulator.book import FIRST, as_yaml
from tests.flow.simulator.rehearsing import fingerprint

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SINCE = NOON - 10 * DAY
WHY = "The check-in paid two points too little; here they are."


@pytest.fixture
def two() -> tuple[Staff, Staff]:
    publish_first_book(text=as_yaml(FIRST, "first"), moment=JANUARY, effective_from=JANUARY)
    return colleague("Odo", *Permission), colleague("Ida", *Permission)


def lived(two: tuple[Staff, Staff]) -> tuple[int, int, int, int]:
    """Ada checked in on two days and took a third back, Ben once before; then the rule was paused and repaired."""
    ada, ben = make_resident(), make_resident()
    for day in (3, 2):
        behave(ada, community.CheckedIn(), NOON - day * DAY)
    behave(ada, community.CheckedIn(), NOON - DAY, key="undone")
    behave(ada, community.CheckInWithdrawn(original="undone"), NOON - DAY)
    behave(ben, community.CheckedIn(), SINCE - DAY)
    number = pause(two)
    version = repair(two, NOON, NOON)
    drain(NOON)
    return ada, ben, number, version


def proposed(actor: Staff, number: int, version: int) -> int:
    return propose_mending(
        actor=actor, suspension=number, version=version, since=SINCE, reason=WHY, envelope="open",
        moment=NOON + DAY,
    ).pk  # fmt: skip


def test_what_was_paid_too_little_is_the_difference_to_the_repair_and_computing_it_changes_nothing(
    two: tuple[Staff, Staff],
) -> None:
    ada, _, _, version = lived(two)
    before = fingerprint()

    found = shortfall(rule="check_in", kind="checked_in", version=version, since=SINCE)

    assert found.owed == {(ada, 0): 2 * (NEW - OLD)}
    assert (found.points, found.contribution, found.residents, found.entries) == (4, 0, 1, 2)
    assert fingerprint() == before


def test_a_version_that_pays_less_takes_nothing(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    behave(ada, community.CheckedIn(), NOON - DAY)
    pause(two)
    less = repair(two, NOON, NOON, text=as_yaml(FIRST, "less").replace("'10'", "'6'"))

    found = shortfall(rule="check_in", kind="checked_in", version=less, since=SINCE)

    assert (found.entries, found.owed) == (1, {})


def test_the_correction_waits_for_another_person_and_gives_when_he_agrees(two: tuple[Staff, Staff]) -> None:
    ada, _, number, version = lived(two)
    one, other = two

    correction = proposed(one, number, version)
    meanwhile = balance(ada, NOON + DAY).available
    with db.opening():
        approve(actor=other, correction=correction, moment=NOON + DAY)

    assert meanwhile == 2 * OLD
    assert balance(ada, NOON + DAY).available == 2 * NEW


def test_it_is_proposed_once_for_a_pause_and_again_only_when_it_was_refused(two: tuple[Staff, Staff]) -> None:
    _, _, number, version = lived(two)
    one, other = two
    first = proposed(one, number, version)
    with pytest.raises(UnableToMend):
        proposed(other, number, version)
    with db.opening():
        refuse(actor=other, correction=first, moment=NOON + DAY)

    assert proposed(other, number, version) != first


def test_it_refuses_to_correct_where_nobody_was_paid_too_little(two: tuple[Staff, Staff]) -> None:
    number = pause(two)

    with pytest.raises(UnableToMend):
        proposed(two[0], number, repair(two, NOON, NOON))


def test_whom_a_pause_concerns_is_listed_with_counts(two: tuple[Staff, Staff]) -> None:
    ada = make_resident()
    behave(ada, community.CheckedIn(), NOON - DAY)
    behave(ada, community.CheckedIn(), NOON - 2 * DAY, key="undone")
    behave(ada, community.CheckInWithdrawn(original="undone"), NOON - DAY)
    number = pause(two)
    held = report(ada, (community.CheckedIn(), NOON, "held"), now=NOON)[0]
    drain(NOON)

    counts = held_counts([number])[number]

    assert (counts.entries, counts.residents, counts.waiting) == (1, 1, 1)
    assert [(each.entry, each.waits) for each in held_entries(suspension=number)] == [(held.id, True)]
    assert [tuple(each) for each in paid_by_rule(rule="check_in", since=SINCE)] == [(ada, 1, OLD, 0)]
