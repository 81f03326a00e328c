"""The board: every change with its stage, people, moments, signatures and time, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from denizen.ground.identity.constants import Permission
from denizen.people.rulebook.commands import (
    Said,
    answer_position,
    approve_book,
    check_result,
    propose_book,
    record_trial,
    report_feedback,
    state_position,
    supervise,
)
from denizen.people.rulebook.commands.drafts import start_draft
from denizen.people.rulebook.models import BookVersion
from denizen.people.rulebook.queries import Stage, Task, change_named, changes, tasks_for
from denizen.people.rulebook.testing import UNTRIED, WAIVED, colleague, ready
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
    speaker,
)

pytestmark = pytest.mark.django_db


def stage_at(number: int, days: int) -> tuple[Stage, Task]:
    found = change_named(number, NOW + days * DAY)
    assert found is not None
    return found.stage, found.task


@pytest.mark.partial("A-36")
def test_a_change_walks_over_the_board() -> None:
    version = proposed()
    assert stage_at(version.number, 0) == (Stage.TRYING, Task.TRY)

    record_trial(actor=author(), digest=version.digest, run="run", summary={}, moment=NOW)
    assert stage_at(version.number, 0) == (Stage.APPROVING, Task.SPEAK)

    position = state_position(actor=speaker(), number=version.number, stand="against", said=WORDS, moment=NOW)
    assert stage_at(version.number, 0) == (Stage.APPROVING, Task.ANSWER)

    answer_position(actor=signer(), position=position.pk, decision="overruled", said=WORDS, moment=NOW)
    assert stage_at(version.number, 0) == (Stage.APPROVING, Task.APPROVE)

    approve_book(actor=signer(), number=version.number, effective_from=NOW + 2 * DAY, moment=NOW)
    assert stage_at(version.number, 1) == (Stage.ANNOUNCED, Task.WAIT)
    assert stage_at(version.number, 2) == (Stage.IN_FORCE, Task.CHECK)

    check_result(actor=checker(), number=version.number, verdict="good", said=WORDS, figures={}, moment=NOW + 3 * DAY)
    assert stage_at(version.number, 3) == (Stage.CHECKED, Task.SUPERVISE)

    supervise(actor=checker(), number=version.number, seen=WORDS, moment=NOW + 4 * DAY)
    assert stage_at(version.number, 4) == (Stage.SUPERVISED, Task.RENEW)
    assert stage_at(version.number - 1, 4) == (Stage.REPLACED, Task.NOTHING)


def test_a_draft_stands_before_everything_and_leaves_the_board_as_a_version() -> None:
    present = founded()
    draft = start_draft(actor=author(), title="Quiet days", moment=NOW, based_on=present.number)

    first = changes(NOW + DAY)[0]

    assert (first.draft, first.number, first.stage, first.task) == (draft.pk, 0, Stage.DRAFT, Task.HAND_OVER)
    assert first.seconds == 86_400
    assert change_named(0, NOW) is None


def test_a_version_that_a_later_one_overtook_is_set_aside() -> None:
    left = proposed()
    taken = propose_book(actor=author(), text=book_text(5), note="", moment=NOW)
    approve_book(actor=signer(), number=taken.number, effective_from=NOW + DAY, moment=NOW, **WAIVED)

    assert stage_at(left.number, 0) == (Stage.SET_ASIDE, Task.NOTHING)


@pytest.mark.partial("A-52")
def test_signatures_are_counted_with_the_decisions_they_took() -> None:
    version, qin = proposed(), signer()
    for stand in ("against", "conditions"):
        position = state_position(actor=speaker(), number=version.number, stand=stand, said=WORDS, moment=NOW + DAY)
        answer_position(actor=qin, position=position.pk, decision="overruled", said=WORDS, moment=NOW + DAY)

    approve_book(actor=qin, number=version.number, effective_from=NOW + 5 * DAY, moment=NOW + 2 * DAY, untried=UNTRIED)

    found = change_named(version.number, NOW + 9 * DAY)
    assert found is not None
    assert found.approvals == 3
    assert found.seconds == 5 * 86_400
    assert [(span.stage, span.seconds(NOW + 9 * DAY) // 86_400) for span in found.spans] == [
        (Stage.TRYING, 2), (Stage.ANNOUNCED, 3), (Stage.IN_FORCE, 4),
    ]  # fmt: skip


def test_the_first_book_of_a_city_took_no_signature() -> None:
    found = change_named(founded().number, NOW)

    assert found is not None
    assert (found.approvals, found.proposed.name, found.seconds) == (0, "", 0)


@pytest.mark.partial("A-38")
def test_an_overdue_review_is_what_is_to_be_done_even_where_all_was_done_before() -> None:
    version = founded()
    check_result(actor=checker(), number=version.number, verdict="good", said=WORDS, figures={}, moment=NOW)
    supervise(actor=checker(), number=version.number, seen=WORDS, moment=NOW)
    assert stage_at(version.number, 170) == (Stage.SUPERVISED, Task.RENEW)

    found = change_named(version.number, NOW + 190 * DAY)

    assert found is not None
    assert found.review_overdue
    assert found.task is Task.CHECK


def test_each_waits_for_whoever_may_and_is_somebody_else() -> None:
    zhou = colleague("Zhou", *Permission)
    qin = colleague("Qin", Permission.RULES_APPROVE)
    version = proposed(by=zhou)
    ready(version, NOW)
    known = changes(NOW)
    everything = frozenset(Permission)

    assert [change.number for change in tasks_for(qin.pk, frozenset({Permission.RULES_APPROVE}), known)] == [
        version.number
    ]
    assert tasks_for(zhou.pk, everything, [change for change in known if change.number == version.number]) == []
    assert tasks_for(qin.pk, frozenset(), known) == []


def test_whoever_objected_does_not_decide_about_it() -> None:
    version = proposed()
    record_trial(actor=author(), digest=version.digest, run="run", summary={}, moment=NOW)
    both = colleague("Shu", Permission.RULES_SPEAK, Permission.RULES_APPROVE)
    state_position(actor=both, number=version.number, stand="against", said=WORDS, moment=NOW)
    found = change_named(version.number, NOW)

    assert found is not None
    assert not found.waits_for(both.pk, frozenset(Permission))
    assert found.waits_for(signer().pk, frozenset(Permission))


def test_mine_is_what_i_had_a_hand_in() -> None:
    version, cai = in_force(), checker()
    check_result(actor=cai, number=version.number, verdict="good", said=WORDS, figures={}, moment=NOW + DAY)
    found = change_named(version.number, NOW + DAY)

    assert found is not None
    assert found.touched_by(cai.pk)
    assert not found.touched_by(speaker().pk)


def one_more(amount: int) -> None:
    """A version with a trial, a position, an answered objection and a feedback, and a tried draft."""
    version = propose_book(actor=author(), text=book_text(amount), note="", moment=NOW)
    ready(version, NOW)
    state_position(actor=speaker(), number=version.number, stand="conditions", said=WORDS, moment=NOW)
    report_feedback(actor=author(), number=version.number, origin="residents", said=Said("Good.", "en"), moment=NOW)
    draft = start_draft(actor=author(), title=f"Draft {amount}", moment=NOW, text=book_text(amount + 50))
    record_trial(actor=author(), digest=draft.digest, run="run", summary={}, moment=NOW)


def test_the_number_of_queries_does_not_grow_with_the_city(query_count: Callable[[], int]) -> None:
    proposed()
    one_more(3)
    before = query_count()
    changes(NOW)
    few = query_count() - before
    for amount in range(4, 9):
        one_more(amount)
    before = query_count()

    found = changes(NOW)

    assert query_count() - before == few <= 17
    assert len(found) == BookVersion.objects.count() + 6
