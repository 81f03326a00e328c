"""Two persons pause a rule with a public reason, and two end the pause: who may, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff, StaffAct
from denizen.people.rulebook.commands import (
    UnableToLift,
    UnableToSuspend,
    approve_book,
    ask_suspension,
    confirm_false_alarm,
    confirm_suspension,
    propose_book,
    publish_first_book,
    refuse_suspension,
    tell_false_alarm,
)
from denizen.people.rulebook.models import Confirmation, FalseAlarm, Lifting, Suspension
from denizen.people.rulebook.queries import (
    open_pause_count,
    paused_rules,
    pauses_due,
    pauses_for_second,
    suspension_for,
    suspensions,
)
from denizen.people.rulebook.rules import Book, load_book
from denizen.people.rulebook.rules.footprint import decides_differently
from denizen.people.rulebook.testing import WAIVED, checked, colleague
from denizen.people.rulebook.tests.conftest import book_text

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def ida() -> Staff:
    return colleague("Ida", Permission.RULES_APPROVE, Permission.RULES_PROPOSE)


@pytest.fixture
def odo(text: str) -> Staff:
    publish_first_book(text=text, moment=NOW - 30 * DAY, effective_from=NOW - 30 * DAY)
    return colleague("Odo", Permission.RULES_APPROVE)


def ask(actor: Staff, **changes: str) -> Suspension:
    told = {"rule": "check_in", "reason_en": "Paid twice", "reason_zh": "重复发放"} | changes
    return ask_suspension(actor=actor, moment=NOW, **told)


def pause(one: Staff, other: Staff) -> int:
    number = ask(one).pk
    confirm_suspension(actor=other, suspension=number, moment=NOW)
    return number


def test_one_asks_and_another_confirms_at_once(odo: Staff, ida: Staff) -> None:
    number = ask(odo).pk
    asked = (open_pause_count(), paused_rules(NOW), pauses_for_second(odo, NOW), pauses_for_second(ida, NOW))
    confirm_suspension(actor=ida, suspension=number, moment=NOW)

    view = paused_rules(NOW)["check_in"]
    assert asked == (1, {}, 0, 1)
    assert (view.state, view.kind, view.asked_by, view.confirmed_by) == ("paused", "checked_in", "Odo", "Ida")
    assert (view.reason.en, view.reason.zh, view.title.en) == ("Paid twice", "重复发放", "Check-in")
    assert list(StaffAct.objects.order_by("id").values_list("act", flat=True))[-2:] == [
        "suspension.ask", "suspension.confirm",
    ]  # fmt: skip


def test_it_refuses_the_same_person_a_stranger_and_a_second_confirmation(odo: Staff, ida: Staff) -> None:
    number, stranger = ask(odo).pk, colleague("Nia")

    for actor in (odo, stranger):
        with pytest.raises(UnableToSuspend):
            confirm_suspension(actor=actor, suspension=number, moment=NOW)
    with pytest.raises(UnableToSuspend):
        ask(stranger)
    confirm_suspension(actor=ida, suspension=number, moment=NOW)
    with pytest.raises(UnableToSuspend):
        confirm_suspension(actor=ida, suspension=number, moment=NOW)
    assert Confirmation.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"reason_en": "  "}, {"reason_zh": ""}, {"reason_en": "a" * 501}, {"rule": "no_such_rule"}]
)
def test_it_refuses_half_a_reason_and_a_rule_that_is_not_in_force(odo: Staff, changes: dict[str, str]) -> None:
    with pytest.raises(UnableToSuspend):
        ask(odo, **changes)
    assert suspensions(NOW) == []


def test_it_refuses_to_ask_again_while_it_is_asked_for_or_paused(odo: Staff, ida: Staff) -> None:
    number = ask(odo).pk
    with pytest.raises(UnableToSuspend):
        ask(ida)
    refuse_suspension(actor=odo, suspension=number, moment=NOW)

    assert ask(ida).pk != number
    with pytest.raises(UnableToSuspend):
        confirm_suspension(actor=ida, suspension=number, moment=NOW)


def test_a_false_alarm_takes_two_persons_too(odo: Staff, ida: Staff) -> None:
    number = pause(odo, ida)
    with pytest.raises(UnableToLift):
        confirm_false_alarm(actor=ida, suspension=number, moment=NOW)
    tell_false_alarm(actor=ida, suspension=number, moment=NOW)
    for act, actor in ((confirm_false_alarm, ida), (tell_false_alarm, odo)):
        with pytest.raises(UnableToLift):
            act(actor=actor, suspension=number, moment=NOW)
    waiting = (pauses_for_second(odo, NOW), pauses_for_second(ida, NOW))

    confirm_false_alarm(actor=odo, suspension=number, moment=NOW)

    assert waiting == (1, 0)
    assert [due.suspension for due in pauses_due(NOW)] == [number]
    with pytest.raises(UnableToLift):
        confirm_false_alarm(actor=odo, suspension=number, moment=NOW)


def test_it_refuses_to_end_what_is_not_paused(odo: Staff, ida: Staff) -> None:
    number = ask(odo).pk
    for actor in (odo, ida):
        with pytest.raises(UnableToLift):
            tell_false_alarm(actor=actor, suspension=number, moment=NOW)


def test_the_next_version_that_changes_the_rule_ends_the_pause_when_it_takes_force(odo: Staff, ida: Staff) -> None:
    number = pause(odo, ida)
    checked(NOW)
    version = propose_book(actor=ida, text=book_text(amount=3), note="Mended", moment=NOW)
    approve_book(actor=odo, number=version.number, effective_from=NOW + DAY, moment=NOW, **WAIVED)

    view = suspension_for(number, NOW)

    assert view is not None
    assert (view.state, view.lifted_by_version, view.lifts_at) == ("paused", version.number, NOW + DAY)
    assert pauses_due(NOW + DAY - timedelta(seconds=1)) == []
    assert [due.suspension for due in pauses_due(NOW + DAY)] == [number]


def test_the_database_refuses_one_person_twice_and_any_change(odo: Staff, ida: Staff) -> None:
    asked = ask(odo)
    with pytest.raises(DatabaseError), transaction.atomic():
        Confirmation.objects.create(suspension=asked, confirmed_by=odo, confirmed_at=NOW)
    confirm_suspension(actor=ida, suspension=asked.pk, moment=NOW)
    FalseAlarm.objects.create(suspension=asked, asked_by=ida, asked_at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Lifting.objects.create(suspension=asked, book=None, lifted_by=ida, lifts_at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Suspension.objects.update(reason_en="Something else")


def read(amount: str = "1", more: str = "", **words: str) -> Book:
    text = book_text(more=more).replace('amount: "1"', f'amount: "{amount}"')
    for old, new in words.items():
        text = text.replace(old, new)
    return load_book(text, SHAPES)


@pytest.mark.parametrize(
    ("after", "differs"),
    [
        (read(), False),
        (read(Look="Come", Good="So good"), False),
        (read(amount="2"), True),
        (read(times="amount"), True),
        (read(checked_in="reposted", check_in_withdrawn="repost_deleted"), True),
        (read(Shanghai="Tokyo"), True),
    ],
)
def test_a_rule_is_repaired_by_what_can_change_its_answer_and_by_no_words(after: Book, differs: bool) -> None:
    assert decides_differently("check_in", read(), after) is differs


def test_a_table_the_amount_reads_is_part_of_the_rule() -> None:
    before = read(amount='tables.acts[\\"idea\\"]')
    after = read(amount='tables.acts[\\"idea\\"]', **{"{idea: 2}": "{idea: 3}"})

    assert decides_differently("check_in", before, after)
    assert decides_differently("no_longer_there", before, before) is False
