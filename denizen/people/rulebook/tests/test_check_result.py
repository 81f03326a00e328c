"""No next version without a check of the present one's result; and somebody looks after what is in force (A-36)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import Permission
from denizen.kit import db
from denizen.people.rulebook.commands import (
    ResultUnchecked,
    Said,
    UnableToCheck,
    UnableToGoOn,
    UnableToTry,
    approve_book,
    check_result,
    propose_book,
    publish_first_book,
    supervise,
)
from denizen.people.rulebook.models import ResultCheck, Supervision
from denizen.people.rulebook.queries import checks_for, supervision_for, versions
from denizen.people.rulebook.testing import WAIVED, checked, colleague
from denizen.people.rulebook.tests.conftest import book_text
from denizen.people.rulebook.tests.cycle_people import (
    DAY,
    NOW,
    WORDS,
    author,
    checker,
    founded,
    in_force,
    proposed,
    signer,
    stranger,
)

pytestmark = pytest.mark.django_db


@pytest.mark.partial("A-36")
def test_no_next_version_is_proposed_before_the_result_of_the_present_one_is_checked() -> None:
    present, zhou = founded(), author()
    with translation.override("en"), pytest.raises(ResultUnchecked, match="nobody has checked its result") as refusal:
        propose_book(actor=zhou, text=book_text(2), note="", moment=NOW)
    assert refusal.value.number == present.number

    check_result(actor=checker(), number=present.number, verdict="bad", said=WORDS, figures={}, moment=NOW)

    assert propose_book(actor=zhou, text=book_text(2), note="", moment=NOW).number > present.number


@pytest.mark.partial("A-36")
def test_each_version_in_force_needs_a_check_of_its_own() -> None:
    in_force()

    with pytest.raises(ResultUnchecked):
        propose_book(actor=author(), text=book_text(3), note="", moment=NOW + DAY)


def test_while_a_version_is_only_announced_the_one_in_force_counts() -> None:
    version = proposed()
    approve_book(actor=signer(), number=version.number, effective_from=NOW + 40 * DAY, moment=NOW, **WAIVED)

    propose_book(actor=author(), text=book_text(3), note="", moment=NOW + DAY)


def test_before_any_book_is_in_force_there_is_nothing_to_check() -> None:
    publish_first_book(text=book_text(), moment=NOW, effective_from=NOW + 9 * DAY)

    propose_book(actor=author(), text=book_text(2), note="", moment=NOW)


@pytest.mark.partial("A-36")
def test_a_check_keeps_what_was_found_and_what_was_measured() -> None:
    version, cai = in_force(), checker()

    check_result(
        actor=cai, number=version.number, verdict="mixed", said=WORDS, figures={"entries": 7, "rule.check_in.times": 3},
        moment=NOW + DAY,
    )  # fmt: skip

    (check,) = checks_for([version.number])[version.number]
    assert (check.verdict, check.words.text) == ("mixed", WORDS.text)
    assert check.figures == {"entries": 7, "rule.check_in.times": 3}
    assert (check.office.staff, check.office.at, check.office.department_en) == (cai.pk, NOW + DAY, "User-Operation")


@pytest.mark.partial("A-38")
def test_a_check_is_the_review_and_names_the_day_of_the_next() -> None:
    version = founded()
    late = NOW + timedelta(days=190)
    assert versions(late)[0].review_overdue

    check_result(actor=checker(), number=version.number, verdict="good", said=WORDS, figures={}, moment=late)

    shown = versions(late)[0]
    assert not shown.review_overdue
    assert shown.review_on is not None
    assert shown.review_on > (late + timedelta(days=180)).date()
    assert versions(late + timedelta(days=190))[0].review_overdue


def test_an_early_check_never_brings_the_review_forward() -> None:
    version = founded()
    named = versions(NOW)[0].review_on

    check_result(actor=checker(), number=version.number, verdict="good", said=WORDS, figures={}, moment=NOW - DAY)

    assert versions(NOW)[0].review_on == named


@pytest.mark.partial("A-36")
def test_nobody_checks_what_he_proposed() -> None:
    zhou = colleague("Zhou", Permission.RULES_PROPOSE, Permission.RULES_CHECK)
    version = in_force(by=zhou)

    with pytest.raises(UnableToCheck) as refusal:
        check_result(actor=zhou, number=version.number, verdict="good", said=WORDS, figures={}, moment=NOW + DAY)

    assert refusal.value.code == "own"


def test_two_persons_are_enough_for_the_whole_cycle() -> None:
    zhou = colleague("Zhou", Permission.RULES_PROPOSE)
    qin = colleague("Qin", Permission.RULES_APPROVE, Permission.RULES_CHECK, Permission.RULES_SPEAK)
    number = founded().number
    for step in range(2):
        check_result(actor=qin, number=number, verdict="good", said=WORDS, figures={}, moment=NOW + step * DAY)
        number = propose_book(actor=zhou, text=book_text(2 + step), note="", moment=NOW + step * DAY).number
        approve_book(actor=qin, number=number, effective_from=NOW + step * DAY, moment=NOW + step * DAY, **WAIVED)

    assert [version.state for version in versions(NOW + 3 * DAY)] == ["in_force", "replaced", "replaced"]


def test_it_refuses_to_check_what_is_not_in_force_yet() -> None:
    version = proposed()

    with pytest.raises(UnableToGoOn) as refusal:
        check_result(actor=checker(), number=version.number, verdict="good", said=WORDS, figures={}, moment=NOW)

    assert refusal.value.code == "not_in_force"


def test_pressing_twice_checks_once() -> None:
    version, cai = founded(), checker()
    told = {"actor": cai, "number": version.number, "verdict": "good", "said": WORDS, "figures": {}}
    check_result(**told, moment=NOW)

    with pytest.raises(UnableToGoOn) as refusal:
        check_result(**told, moment=NOW)

    assert refusal.value.code == "said_already"
    assert ResultCheck.objects.count() == 1


def test_it_refuses_a_verdict_that_is_none_and_figures_that_are_none() -> None:
    version, cai = founded(), checker()

    with pytest.raises(UnableToCheck):
        check_result(actor=cai, number=version.number, verdict="fine", said=WORDS, figures={}, moment=NOW)
    with pytest.raises(UnableToTry):
        check_result(actor=cai, number=version.number, verdict="good", said=WORDS, figures={"a": 0.5}, moment=NOW)


def test_it_refuses_strangers() -> None:
    version = founded()

    with pytest.raises(UnableToAct):
        check_result(actor=stranger(), number=version.number, verdict="good", said=WORDS, figures={}, moment=NOW)
    with pytest.raises(UnableToAct):
        supervise(actor=author(), number=version.number, seen=WORDS, moment=NOW)


@pytest.mark.partial("A-36")
def test_supervision_keeps_what_was_seen_and_what_was_told_to_whom() -> None:
    version, cai = in_force(), checker()

    supervise(actor=cai, number=version.number, seen=WORDS, fed_back=Said("Told the front desk."), moment=NOW + DAY)

    (watch,) = supervision_for([version.number])[version.number]
    assert (watch.seen.text, watch.fed_back.text) == (WORDS.text, "Told the front desk.")
    assert (watch.office.staff, watch.office.at) == (cai.pk, NOW + DAY)


def test_supervision_without_anybody_told_is_on_record_too_and_not_twice() -> None:
    version, cai = in_force(), checker()
    supervise(actor=cai, number=version.number, seen=WORDS, fed_back=Said(" "), moment=NOW + DAY)

    with pytest.raises(UnableToGoOn):
        supervise(actor=cai, number=version.number, seen=WORDS, moment=NOW + DAY)

    assert Supervision.objects.get().fed_back is None


def test_nobody_looks_after_what_is_not_in_force() -> None:
    version = proposed()

    with pytest.raises(UnableToGoOn):
        supervise(actor=checker(), number=version.number, seen=WORDS, moment=NOW)


@pytest.mark.parametrize("table", ["resultcheck", "supervision"])
def test_a_check_never_changes(table: str) -> None:
    version = founded()
    checked(NOW)
    supervise(actor=checker(), number=version.number, seen=WORDS, moment=NOW)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        db.execute(f"UPDATE rulebook_{table} SET at = now()")
