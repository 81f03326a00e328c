"""Where a change stands, what is next, and how long each stage took: a table of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from denizen.people.rulebook.rules.stages import Milestones, Stage, Task, seconds_to_force, spans_of, stage_of, task_of

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = 86_400


def at(days: int) -> datetime:
    return START + timedelta(days=days)


DRAFTED = {"drafted_at": at(0)}
PROPOSED = DRAFTED | {"proposed_at": at(1)}
TRIED = PROPOSED | {"tried_at": at(2)}
HEARD = TRIED | {"heard_at": at(3)}
APPROVED = HEARD | {"approved_at": at(4), "effective_from": at(34)}
CHECKED = APPROVED | {"checked_at": at(50)}
SUPERVISED = CHECKED | {"supervised_at": at(55)}
REPLACED = SUPERVISED | {"ends_at": at(90)}

CASES = [
    (DRAFTED, 1, Stage.DRAFT, Task.HAND_OVER),
    (DRAFTED | {"tried_at": at(1)}, 2, Stage.DRAFT, Task.HAND_OVER),
    (PROPOSED, 2, Stage.TRYING, Task.TRY),
    (TRIED, 3, Stage.APPROVING, Task.SPEAK),
    (HEARD, 4, Stage.APPROVING, Task.APPROVE),
    (HEARD | {"objection_open": True}, 4, Stage.APPROVING, Task.ANSWER),
    (HEARD | {"against_followed": True}, 4, Stage.SET_ASIDE, Task.NOTHING),
    (HEARD | {"outrun": True}, 4, Stage.SET_ASIDE, Task.NOTHING),
    (APPROVED, 10, Stage.ANNOUNCED, Task.WAIT),
    (APPROVED | {"outrun": True}, 10, Stage.ANNOUNCED, Task.WAIT),
    (APPROVED, 34, Stage.IN_FORCE, Task.CHECK),
    (CHECKED, 51, Stage.CHECKED, Task.SUPERVISE),
    (APPROVED | {"supervised_at": at(40)}, 51, Stage.IN_FORCE, Task.CHECK),
    (SUPERVISED, 56, Stage.SUPERVISED, Task.RENEW),
    (REPLACED, 89, Stage.SUPERVISED, Task.RENEW),
    (REPLACED, 90, Stage.REPLACED, Task.NOTHING),
    (APPROVED | {"ends_at": at(60)}, 61, Stage.REPLACED, Task.NOTHING),
]


@pytest.mark.parametrize(("known", "days", "stage", "task"), CASES)
def test_a_change_stands_where_its_milestones_say(known, days: int, stage: Stage, task: Task) -> None:
    milestones = Milestones(**known)

    found = stage_of(milestones, at(days))

    assert (found, task_of(milestones, found)) == (stage, task)


@pytest.mark.partial("A-52")
def test_each_stage_has_its_time_and_the_last_one_lasts() -> None:
    spans = spans_of(Milestones(**SUPERVISED), at(60))

    assert [(span.stage, span.seconds(at(60)) // DAY) for span in spans] == [
        (Stage.DRAFT, 1), (Stage.TRYING, 1), (Stage.APPROVING, 2), (Stage.ANNOUNCED, 30), (Stage.IN_FORCE, 16),
        (Stage.CHECKED, 5), (Stage.SUPERVISED, 5),
    ]  # fmt: skip
    assert spans[-1].ends_at is None


def test_times_end_where_the_next_version_begins() -> None:
    spans = spans_of(Milestones(**REPLACED), at(300))

    assert spans[-1].ends_at == at(90)
    assert sum(span.seconds(at(300)) for span in spans) == 90 * DAY


def test_a_version_replaced_before_anybody_checked_it_has_no_later_stage() -> None:
    spans = spans_of(Milestones(**APPROVED | {"ends_at": at(40)}), at(300))

    assert [span.stage for span in spans][-1] is Stage.IN_FORCE
    assert spans[-1].ends_at == at(40)


def test_a_trial_of_the_draft_takes_no_time_from_the_version() -> None:
    spans = spans_of(Milestones(**PROPOSED | {"tried_at": at(0)}), at(3))

    assert [span.stage for span in spans] == [Stage.DRAFT, Stage.APPROVING]


@pytest.mark.partial("A-52")
@pytest.mark.parametrize(("known", "days", "expected"), [
    (DRAFTED, 5, 5), (PROPOSED, 5, 5), (APPROVED, 10, 10), (APPROVED, 34, 34), (SUPERVISED, 200, 34), ({}, 5, 0),
])  # fmt: skip
def test_the_whole_way_ends_with_the_day_in_force(known, days: int, expected: int) -> None:
    assert seconds_to_force(Milestones(**known), at(days)) == expected * DAY
