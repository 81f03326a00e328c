"""A content is tried before it is law; a trial belongs to the content."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.models import StaffAct
from denizen.kit import db
from denizen.people.rulebook.commands import UnableToApprove, UnableToTry, approve_book, record_trial
from denizen.people.rulebook.models import Trial, Waiver
from denizen.people.rulebook.queries import missing_for_approval, trials_of
from denizen.people.rulebook.testing import UNHEARD, UNTRIED
from denizen.people.rulebook.tests.cycle_people import DAY, NOW, author, proposed, signer, stranger

pytestmark = pytest.mark.django_db
DIGEST = "ab" * 32


@pytest.mark.partial("A-36")
def test_a_trial_is_on_record_with_its_figures_its_person_and_his_department() -> None:
    zhou = author()

    record_trial(actor=zhou, digest=DIGEST, run="run-1", summary={"entries": 12, "points": -3}, moment=NOW)

    (tried,) = trials_of([DIGEST])[DIGEST]
    assert tried.summary == {"entries": 12, "points": -3}
    assert (tried.office.staff, tried.office.department_en, tried.office.at) == (zhou.pk, "User-Operation", NOW)
    assert StaffAct.objects.filter(act="rules.try", staff=zhou).exists()


def test_the_same_run_is_recorded_once() -> None:
    zhou = author()
    first = record_trial(actor=zhou, digest=DIGEST, run="run-1", summary={"entries": 12}, moment=NOW)

    again = record_trial(actor=zhou, digest=DIGEST, run="run-1", summary={"entries": 13}, moment=NOW + DAY)

    assert again == first
    assert Trial.objects.count() == 1
    assert StaffAct.objects.filter(act="rules.try").count() == 1


@pytest.mark.parametrize("summary", [
    {"entries": 1.5}, {"entries": "many"}, {"entries": True}, {"Entries": 1}, {"": 1}, {"a b": 1}, {"entries": 2**63},
    {f"f{place}": place for place in range(401)},
])  # fmt: skip
def test_it_refuses_figures_that_are_not_a_few_whole_numbers_by_name(summary: dict[str, int]) -> None:
    with pytest.raises(UnableToTry) as refusal:
        record_trial(actor=author(), digest=DIGEST, run="run-1", summary=summary, moment=NOW)

    assert refusal.value.code == "figures"
    assert not Trial.objects.exists()


@pytest.mark.parametrize(("digest", "run", "code"), [
    ("AB" * 32, "run", "digest"), ("ab", "run", "digest"), (DIGEST + "\n", "run", "digest"), (DIGEST, "", "run"),
    (DIGEST, "a b", "run"), (DIGEST, "r" * 81, "run"),
])  # fmt: skip
def test_it_refuses_a_content_or_a_run_without_a_proper_name(digest: str, run: str, code: str) -> None:
    with pytest.raises(UnableToTry) as refusal:
        record_trial(actor=author(), digest=digest, run=run, summary={}, moment=NOW)

    assert refusal.value.code == code


def test_it_refuses_a_stranger() -> None:
    with pytest.raises(UnableToAct):
        record_trial(actor=stranger(), digest=DIGEST, run="run-1", summary={}, moment=NOW)


@pytest.mark.partial("A-36")
def test_nothing_untried_is_approved_without_a_reason() -> None:
    version, qin = proposed(), signer()

    with pytest.raises(UnableToApprove):
        approve_book(actor=qin, number=version.number, effective_from=NOW + DAY, moment=NOW, unheard=UNHEARD)

    assert not Waiver.objects.exists()
    approve_book(
        actor=qin, number=version.number, effective_from=NOW + DAY, moment=NOW, untried=UNTRIED, unheard=UNHEARD
    )
    assert Waiver.objects.get(missing="trial").words.text == UNTRIED.text


def test_a_trial_of_the_draft_counts_for_the_version_and_a_reason_beside_it_is_left_aside() -> None:
    version = proposed()
    record_trial(actor=author(), digest=version.digest, run="draft-7", summary={}, moment=NOW)
    assert missing_for_approval(version.number) == {"position"}

    approve_book(
        actor=signer(), number=version.number, effective_from=NOW + DAY, moment=NOW, untried=UNTRIED, unheard=UNHEARD
    )

    assert {waiver.missing for waiver in Waiver.objects.all()} == {"position"}


@pytest.mark.parametrize("sql", ["UPDATE rulebook_trial SET run_key = 'other'", "DELETE FROM rulebook_trial"])
def test_a_trial_never_changes(sql: str) -> None:
    record_trial(actor=author(), digest=DIGEST, run="run-1", summary={}, moment=NOW)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        db.execute(sql)
