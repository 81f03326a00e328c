"""Whoever is concerned is heard, and what he said goes with him."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity.testing import a_resident, odo
from denizen.people.growth.commands import decide_case
from denizen.people.growth.commands.erasure import erase_resident
from denizen.people.growth.testing import behave
from denizen.people.risk.commands import UnableToSay, say, sweep
from denizen.people.risk.constants import STATEMENTS_MAX
from denizen.people.risk.models import Case, Sighting, Statement, Verdict
from denizen.people.risk.queries import case_view, reviews_of
from denizen.people.risk.testing import a_case
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

pytestmark = pytest.mark.django_db

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
WORDS = "It was the evening of the launch."


@pytest.fixture(autouse=True)
def _reference_book() -> None:
    publish_first_book(text=reference_book_text(), moment=JANUARY, effective_from=JANUARY)


def case_about(*residents: int) -> Case:
    entry = behave(residents[0], community.CheckedIn(device="d-1"), NOON)
    return a_case(*residents, entries=[entry.entry_id], moment=NOON)


def test_what_a_resident_says_is_read_by_reviewers_and_by_himself() -> None:
    ada = make_resident()
    case = case_about(ada)

    say(resident=ada, case=case.pk, words=f"  {WORDS} ", moment=LATER)

    view = case_view(case.public_id)
    assert view is not None
    assert [said.words for said in view.statements] == [WORDS]
    assert [said.words for review in reviews_of(ada, LATER) for said in review.statements] == [WORDS]


def test_it_refuses_strangers_empty_words_too_many_words_and_an_ended_case() -> None:
    ada, ben = make_resident(), make_resident()
    case = case_about(ada)

    for resident, words in ((ben, WORDS), (ada, "  "), (ada, "x" * 2_001), (ada, "a\x00b")):
        with pytest.raises(UnableToSay):
            say(resident=resident, case=case.pk, words=words, moment=LATER)
    for number in range(STATEMENTS_MAX):
        say(resident=ada, case=case.pk, words=f"{WORDS} {number}", moment=LATER)
    with pytest.raises(UnableToSay):
        say(resident=ada, case=case.pk, words=WORDS, moment=LATER)
    decide_case(actor=odo(), case=case.pk, outcome="released", reason="Seen and good.", moment=LATER)
    with pytest.raises(UnableToSay):
        say(resident=ada, case=case.pk, words=WORDS, moment=LATER)


def test_one_reads_nothing_of_what_another_said() -> None:
    ada, ben = make_resident(), make_resident()
    case = case_about(ada, ben)

    say(resident=ada, case=case.pk, words=WORDS, moment=LATER)

    assert [review.statements for review in reviews_of(ben, LATER)] == [()]


def test_erasing_empties_the_words_and_forgets_the_devices() -> None:
    ada = a_resident("Ada").resident_id
    reviewer = odo()
    case = case_about(ada)
    sweep(moment=LATER)
    assert Sighting.objects.filter(resident=ada).exists()
    say(resident=ada, case=case.pk, words=WORDS, moment=LATER)
    decide_case(actor=reviewer, case=case.pk, outcome="voided", reason="Ada wrote them all at once.", moment=LATER)

    erase_resident(actor=reviewer, resident=ada, moment=LATER)

    assert Statement.objects.get().words == ""
    assert Verdict.objects.get().reason == ""
    assert not Sighting.objects.filter(resident=ada).exists()
    sweep(moment=LATER + timedelta(days=3))
    assert not Sighting.objects.filter(resident=ada).exists()
