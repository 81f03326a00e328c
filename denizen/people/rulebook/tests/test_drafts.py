"""Drafts: working papers with their faults, saved by several hands, handed over as a proposal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import translation

from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff, StaffAct
from denizen.kit import db
from denizen.people.rulebook.commands import (
    DraftOvertaken,
    UnableToDraft,
    UnableToPropose,
    discard_draft,
    hand_over,
    publish_first_book,
    save_draft,
    start_draft,
)
from denizen.people.rulebook.models import BookVersion, Draft
from denizen.people.rulebook.queries import draft_book, draft_for, drafts, unserving_rules
from denizen.people.rulebook.rules import UnableToLoadBook, digest_of, load_book
from denizen.people.rulebook.testing import checked, colleague
from denizen.people.rulebook.tests.conftest import book_text

pytestmark = pytest.mark.django_db
NOW = people.NOW
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def zhou() -> Staff:
    return colleague("Zhou", Permission.RULES_PROPOSE)


def law(text: str) -> int:
    return publish_first_book(text=text, moment=NOW).number


def test_a_draft_of_a_version_is_its_very_content(text: str) -> None:
    number = law(text)

    draft = start_draft(actor=zhou(), title="  Quiet   days ", based_on=number, moment=NOW)

    found = draft_for(draft.pk)
    assert found is not None
    assert found.sound
    assert found.title == "Quiet days"
    assert found.based_on == number
    assert found.digest == BookVersion.objects.get(number=number).digest
    assert StaffAct.objects.get(act="rules.draft").subject_id == str(draft.pk)


def test_a_draft_with_faults_is_kept_as_it_was_written_and_lists_them() -> None:
    broken = book_text().replace("kind: checked_in", "kind: nothing")

    draft = start_draft(actor=zhou(), title="Outside", text=broken, moment=NOW)
    unreadable = start_draft(actor=zhou(), title="Noise", text="a: [1", moment=NOW)

    found, noise = draft_for(draft.pk), draft_for(unreadable.pk)
    assert found is not None
    assert noise is not None
    assert [problem.code for problem in found.problems] == ["kind_unknown"]
    assert found.problems[0].file_line
    assert draft_book(draft.pk) is None
    assert noise.text == "a: [1"
    assert noise.book is None
    assert noise.digest == ""


def test_saving_takes_the_next_revision_and_the_same_again_takes_none(text: str) -> None:
    draft = start_draft(actor=zhou(), title="Quiet days", based_on=law(text), moment=NOW)

    for _again in range(2):
        saved = save_draft(actor=zhou(), draft=draft.pk, content=book_text(7), revision=1, moment=LATER)

    assert saved.revision == 2
    assert saved.digest == digest_of(load_book(book_text(7), SHAPES))
    assert StaffAct.objects.filter(act="rules.draft_save").count() == 1


def test_whoever_has_not_seen_the_latest_writes_nothing_and_is_told(text: str) -> None:
    draft = start_draft(actor=zhou(), title="Quiet days", based_on=law(text), moment=NOW)
    save_draft(actor=zhou(), draft=draft.pk, content=book_text(7), revision=1, moment=NOW)

    with pytest.raises(DraftOvertaken, match="Zhou saved this draft meanwhile") as refusal:
        save_draft(actor=colleague("Lin", Permission.RULES_PROPOSE), draft=draft.pk, content=book_text(8), revision=1,
                   moment=LATER)  # fmt: skip

    assert refusal.value.revision == 2
    kept = draft_book(draft.pk)
    assert kept is not None
    assert kept == load_book(book_text(7), SHAPES)


def test_an_unfinished_book_is_saved_with_its_problems(text: str) -> None:
    draft = start_draft(actor=zhou(), title="Quiet days", based_on=law(text), moment=NOW)
    book = draft_book(draft.pk)
    assert book is not None
    unfinished = replace(book, rules=(replace(book.rules[0], budget="nowhere"),))

    save_draft(actor=zhou(), draft=draft.pk, content=unfinished, revision=1, moment=LATER)

    found = draft_for(draft.pk)
    assert found is not None
    assert found.book == unfinished
    assert [problem.code for problem in found.problems] == ["budget_unknown"]


def test_handed_over_it_is_the_proposal_word_for_word(text: str) -> None:
    draft = start_draft(actor=zhou(), title="Quiet days", based_on=law(text), moment=NOW)
    save_draft(actor=zhou(), draft=draft.pk, content=book_text(7), revision=1, moment=NOW)
    checked(LATER)

    version = hand_over(actor=zhou(), draft=draft.pk, revision=2, note="More by day", moment=LATER)

    found = draft_for(draft.pk)
    assert found is not None
    assert version.digest == found.digest
    assert found.version == version.number
    assert drafts() == []
    assert [each.id for each in drafts(ended=True)] == [draft.pk]


def test_it_is_not_handed_over_twice_nor_with_faults_nor_unseen(text: str) -> None:
    number = law(text)
    draft = start_draft(actor=zhou(), title="Quiet days", based_on=number, moment=NOW)
    faulty = start_draft(actor=zhou(), title="Faulty", text=book_text().replace("community\n", "lost\n"), moment=NOW)
    save_draft(actor=zhou(), draft=draft.pk, content=book_text(7), revision=1, moment=NOW)

    with pytest.raises(UnableToPropose):
        hand_over(actor=zhou(), draft=draft.pk, revision=2, note="Unchecked", moment=LATER)
    checked(LATER)
    with pytest.raises(DraftOvertaken):
        hand_over(actor=zhou(), draft=draft.pk, revision=1, note="Unseen", moment=LATER)
    with pytest.raises(UnableToLoadBook):
        hand_over(actor=zhou(), draft=faulty.pk, revision=1, note="Faulty", moment=LATER)
    hand_over(actor=zhou(), draft=draft.pk, revision=2, note="Good", moment=LATER)
    with pytest.raises(UnableToDraft, match="done with"):
        hand_over(actor=zhou(), draft=draft.pk, revision=2, note="Again", moment=LATER)

    assert BookVersion.objects.count() == 2


def test_put_away_it_is_neither_saved_nor_put_away_again(text: str) -> None:
    draft = start_draft(actor=zhou(), title="Quiet days", based_on=law(text), moment=NOW)

    discard_draft(actor=zhou(), draft=draft.pk, moment=NOW)

    with pytest.raises(UnableToDraft, match="done with"):
        save_draft(actor=zhou(), draft=draft.pk, content=book_text(7), revision=1, moment=LATER)
    with pytest.raises(UnableToDraft, match="done with"):
        discard_draft(actor=zhou(), draft=draft.pk, moment=LATER)


def test_who_may_not_propose_writes_nothing(text: str) -> None:
    number = law(text)
    draft = start_draft(actor=zhou(), title="Quiet days", based_on=number, moment=NOW)
    qin = colleague("Qin", Permission.RULES_APPROVE)

    with pytest.raises(UnableToDraft, match="permission"):
        start_draft(actor=qin, title="Mine", based_on=number, moment=NOW)
    with pytest.raises(UnableToDraft, match="permission"):
        save_draft(actor=qin, draft=draft.pk, content=book_text(7), revision=1, moment=NOW)
    with pytest.raises(UnableToDraft, match="permission"):
        discard_draft(actor=qin, draft=draft.pk, moment=NOW)
    with pytest.raises(UnableToPropose, match="permission"):
        hand_over(actor=qin, draft=draft.pk, revision=1, note="", moment=NOW)

    assert Draft.objects.count() == 1


@pytest.mark.parametrize("title", ["", "   ", "x" * 201])
def test_a_title_is_needed_and_short(text: str, title: str) -> None:
    number = law(text)

    with pytest.raises(UnableToDraft, match="title"):
        start_draft(actor=zhou(), title=title, based_on=number, moment=NOW)


@pytest.mark.parametrize("content", ["a: \x00", "\ud800", "字" * 400_000])
def test_what_is_no_text_is_not_kept(content: str) -> None:
    with pytest.raises(UnableToDraft):
        start_draft(actor=zhou(), title="Noise", text=content, moment=NOW)

    assert Draft.objects.count() == 0


def test_it_begins_with_something(text: str) -> None:
    law(text)

    with pytest.raises(UnableToDraft, match="no version 999"):
        start_draft(actor=zhou(), title="Lost", based_on=999, moment=NOW)
    with pytest.raises(UnableToDraft, match="Begin with"):
        start_draft(actor=zhou(), title="Nothing", moment=NOW)


def test_rules_that_serve_no_clause_are_listed(text: str) -> None:
    book = load_book(text, SHAPES)
    serving = replace(book, rules=(replace(book.rules[0], clauses=("joyful_life",)),))

    assert unserving_rules(book) == book.rules
    assert unserving_rules(serving) == ()


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_a_colleagues_saving_is_told_what_it_wrote(text: str) -> None:
    draft, actor = start_draft(actor=zhou(), title="Quiet days", based_on=law(text), moment=NOW), zhou()

    def saves() -> str:
        try:
            save_draft(actor=actor, draft=draft.pk, content=book_text(8), revision=1, moment=LATER)
        except DraftOvertaken:
            return "told"
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Draft.objects.filter(pk=draft.pk).update(text=book_text(7), revision=2, saved_by=actor)
            answer = pool.submit(saves)
            wait_until_somebody_waits()
        assert answer.result() == "told"

    assert Draft.objects.get(pk=draft.pk).text == book_text(7)


def wait_until_somebody_waits() -> None:
    """Until another connection of this database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(500):
        if db.fetch(waiting)[0][0]:
            return
        sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_one_writes_and_all_others_are_told(text: str) -> None:
    draft = start_draft(actor=zhou(), title="Quiet days", based_on=law(text), moment=NOW)
    actor, start = zhou(), Barrier(6)

    def saves(amount: int) -> str:
        try:
            start.wait()
            save_draft(actor=actor, draft=draft.pk, content=book_text(amount), revision=1, moment=LATER)
        except DraftOvertaken:
            return "told"
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(saves, range(10, 16)))

    assert answers == ["told"] * 5 + ["written"]
    assert Draft.objects.get(pk=draft.pk).revision == 2
