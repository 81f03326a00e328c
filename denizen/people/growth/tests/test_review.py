"""Late entries before a person: who may decide, and that nobody decides his own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from denizen.ground.chronicle.commands import declare_source, new_entry, record
from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.queries import late_entry_count
from denizen.ground.identity import testing as identity
from denizen.ground.identity.commands import UnableToAct, end_permit, end_post
from denizen.ground.identity.constants import HOUSE, Permission
from denizen.ground.identity.models import Invitation, Permit, Post, Staff, StaffAct
from denizen.kit import db
from denizen.people.growth.commands import UnableToAdmit, UnableToDismiss, admit, dismiss
from denizen.people.growth.pipeline import work_off

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "Reported a week too late"


def late_check_in(resident: int) -> int:
    """A check-in that came a week too late; its entry."""
    source = declare_source(code="turnstile", lateness_seconds_max=3_600)
    with db.opening():
        told = [
            new_entry(community.CheckedIn(), resident=resident, occurred_at=moment, external_id=f"{resident}-{moment}")
            for moment in (NOON, NOON - 7 * DAY)
        ]
        answers = record(source=source, entries=told, recorded_at=NOON)
    assert [answer.late for answer in answers] == [False, True]
    return answers[1].entry_id


def refused(actor: Staff, entry: int) -> bool:
    """Whether both answers are refused to ``actor``, and the entry still waits."""
    with pytest.raises(UnableToAdmit):
        admit(actor=actor, entry_id=entry, moment=NOON)
    with pytest.raises(UnableToDismiss):
        dismiss(actor=actor, entry_id=entry, reason=WHY, moment=NOON)
    return late_entry_count() == 1


def test_an_admitted_entry_is_decided_and_the_act_is_noted() -> None:
    entry = late_check_in(identity.ada().resident_id)
    odo = identity.odo()

    admit(actor=odo, entry_id=entry, moment=NOON)

    assert late_entry_count() == 0
    assert work_off(limit=10, moment=NOON) == 2
    acts = StaffAct.objects.filter(subject_kind="entry", subject_id=str(entry))
    assert [(act.act, act.staff.name) for act in acts if act.staff] == [("entries.admit", "Odo")]


def test_nobody_decides_an_entry_of_his_own_resident_account() -> None:
    mine = identity.ada().resident_id
    ada_at_work = identity.a_staff("Ada", permissions=[Permission.ENTRIES_REVIEW], resident_id=mine)

    assert refused(ada_at_work, late_check_in(mine))


def test_nobody_decides_what_brings_something_to_the_inviter_he_is() -> None:
    ada, ben = identity.ada(), identity.ben()
    Invitation.objects.create(buyer_id=ben.resident_id, inviter_id=ada.resident_id, bound_at=NOON - 9 * DAY)
    ada_at_work = identity.a_staff("Ada", permissions=[Permission.ENTRIES_REVIEW], resident_id=ada.resident_id)

    assert refused(ada_at_work, late_check_in(ben.resident_id))


def test_it_refuses_staff_without_the_permit_or_with_an_ended_one() -> None:
    entry = late_check_in(identity.ada().resident_id)
    noor = identity.a_staff("Noor")
    assert refused(noor, entry)

    fei = identity.a_staff("Fei", permissions=[Permission.ENTRIES_REVIEW])
    with db.opening():
        end_permit(actor=HOUSE, permit=Permit.objects.get(staff=fei), moment=NOON - DAY)
    assert refused(fei, entry)


def test_it_refuses_staff_without_a_post_and_nothing_of_it_stays() -> None:
    entry = late_check_in(identity.ada().resident_id)
    fei = identity.a_staff("Fei", permissions=[Permission.ENTRIES_REVIEW])
    with db.opening():
        end_post(actor=HOUSE, post=Post.objects.get(staff=fei), moment=NOON - DAY)

    with pytest.raises(UnableToAct):
        admit(actor=fei, entry_id=entry, moment=NOON)

    assert late_entry_count() == 1


def test_it_refuses_to_admit_twice_and_what_never_waited() -> None:
    entry = late_check_in(identity.ada().resident_id)
    odo = identity.odo()
    admit(actor=odo, entry_id=entry, moment=NOON)

    for number in (entry, entry + 1_000):
        with pytest.raises(UnableToAdmit):
            admit(actor=odo, entry_id=number, moment=NOON)
