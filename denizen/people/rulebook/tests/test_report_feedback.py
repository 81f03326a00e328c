"""Every department passes on what people say; a version names what it takes up; words can be emptied (A-34, P-14)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from denizen.ground.identity import testing as people
from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.rulebook.commands import (
    Said,
    UnableToGoOn,
    UnableToReport,
    UnableToTakeUp,
    approve_book,
    check_result,
    empty_words,
    propose_book,
    report_feedback,
    take_up_feedback,
)
from denizen.people.rulebook.models import Feedback, FeedbackTaken, Words
from denizen.people.rulebook.queries import feedback_for, feedback_taken_by
from denizen.people.rulebook.testing import WAIVED, colleague
from denizen.people.rulebook.tests.conftest import book_text
from denizen.people.rulebook.tests.cycle_people import DAY, NOW, WORDS, author, checker, founded, signer, stranger

pytestmark = pytest.mark.django_db


def fellow() -> Staff:
    with transaction.atomic():
        return people.a_staff("Fei", department="fellows")


def reported(number: int, by: Staff | None = None, rule: str = "check_in") -> Feedback:
    return report_feedback(actor=by or fellow(), number=number, origin="residents", rule=rule, said=WORDS, moment=NOW)


def answered_by_a_version() -> tuple[Feedback, int]:
    present = founded()
    told = reported(present.number)
    check_result(actor=checker(), number=present.number, verdict="good", said=WORDS, figures={}, moment=NOW)
    return told, propose_book(actor=author(), text=book_text(2), note="", moment=NOW).number


@pytest.mark.partial("A-34")
def test_a_colleague_without_any_permit_passes_on_what_residents_say_for_his_department() -> None:
    version, fei = founded(), fellow()

    reported(version.number, fei)

    (heard,) = feedback_for([version.number])[version.number]
    assert (heard.rule, heard.origin, heard.words.text, heard.taken_by) == ("check_in", "residents", WORDS.text, ())
    assert (heard.office.staff, heard.office.department_en) == (fei.pk, "Fellows")


def test_feedback_may_be_about_the_whole_book() -> None:
    assert reported(founded().number, rule="").rule == ""


@pytest.mark.partial("P-14")
def test_a_change_names_the_feedback_it_answers() -> None:
    told, number = answered_by_a_version()

    taken = take_up_feedback(actor=author(), feedback=told.pk, number=number, moment=NOW)

    assert take_up_feedback(actor=author(), feedback=told.pk, number=number, moment=NOW) == taken
    assert FeedbackTaken.objects.count() == 1
    assert [heard.id for heard in feedback_taken_by([number])[number]] == [told.pk]
    assert feedback_for([told.book_id])[told.book_id][0].taken_by == (number,)


def test_only_a_later_version_takes_it_up_and_only_until_it_is_signed() -> None:
    told, number = answered_by_a_version()
    with pytest.raises(UnableToTakeUp) as refusal:
        take_up_feedback(actor=author(), feedback=told.pk, number=told.book_id, moment=NOW)
    assert refusal.value.code == "earlier"
    approve_book(actor=signer(), number=number, effective_from=NOW + DAY, moment=NOW, **WAIVED)

    with pytest.raises(UnableToTakeUp) as refusal:
        take_up_feedback(actor=author(), feedback=told.pk, number=number, moment=NOW)

    assert refusal.value.code == "approved"


@pytest.mark.parametrize(("origin", "rule", "code"), [("press", "", "origin"), ("residents", "nothing", "no_rule")])
def test_it_refuses_feedback_of_nobody_about_nothing(origin: str, rule: str, code: str) -> None:
    version = founded()

    with pytest.raises(UnableToReport) as refusal:
        report_feedback(actor=fellow(), number=version.number, origin=origin, rule=rule, said=WORDS, moment=NOW)

    assert refusal.value.code == code


def test_pressing_twice_reports_once() -> None:
    version, fei = founded(), fellow()
    reported(version.number, fei)

    with pytest.raises(UnableToGoOn):
        reported(version.number, fei)

    assert Feedback.objects.count() == 1
    assert Words.objects.count() == 1


def test_it_refuses_who_holds_no_post_and_who_may_not_propose() -> None:
    version = founded()
    with transaction.atomic():
        later = people.a_staff("Lea", since=NOW + 9 * DAY)

    with pytest.raises(UnableToAct):
        reported(version.number, later)
    with pytest.raises(UnableToAct):
        take_up_feedback(actor=stranger(), feedback=1, number=version.number, moment=NOW)
    with pytest.raises(UnableToTakeUp):
        take_up_feedback(actor=author(), feedback=99_999, number=version.number, moment=NOW)


def test_words_that_say_too_much_are_emptied_once_and_the_row_stays() -> None:
    told = reported(founded().number)
    eraser = colleague("Ren", Permission.RESIDENTS_ERASE)

    assert empty_words(actor=eraser, words=told.words_id, moment=NOW)
    assert not empty_words(actor=eraser, words=told.words_id, moment=NOW)

    (heard,) = feedback_for([told.book_id])[told.book_id]
    assert heard.words.text == ""
    assert heard.office.name == "Fei"
    with pytest.raises(UnableToAct):
        empty_words(actor=stranger(), words=told.words_id, moment=NOW)


@pytest.mark.parametrize("sql", [
    "UPDATE rulebook_words SET text = 'something else', emptied_at = now()", "DELETE FROM rulebook_words",
    "UPDATE rulebook_words SET text = '', emptied_at = NULL", "DELETE FROM rulebook_feedback",
])  # fmt: skip
def test_the_database_lets_words_only_be_emptied(sql: str) -> None:
    reported(founded().number)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        db.execute(sql)


def test_what_is_said_in_chinese_keeps_its_language() -> None:
    version = founded()

    report_feedback(
        actor=fellow(), number=version.number, origin="front_line", said=Said("客人问得最多的是这一条。"), moment=NOW
    )

    assert feedback_for([version.number])[version.number][0].words.language == "zh-hans"
