"""Corrections and bulk goodwill: small ones by one person, larger ones by two, none in one's own matter."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import StaffAct
from denizen.ground.identity.testing import a_staff, fei, odo
from denizen.ground.ledger.commands import (
    CorrectedLine,
    UnableToCorrect,
    UnableToGrant,
    approve,
    correct,
    open_budget,
    refuse,
)
from denizen.ground.ledger.constants import Slot
from denizen.ground.ledger.models import Correction, Posting, PostingReason
from denizen.ground.ledger.queries import balance, contribution, verify
from denizen.ground.ledger.testing import a_resident, day, earn

pytestmark = pytest.mark.django_db

REASON = "The old system had counted the same order twice."
BULK = Correction.Kind.BULK


@pytest.fixture(autouse=True)
def _an_envelope() -> None:
    open_budget(code="repair", limited=False)


def propose(actor: object, *lines: CorrectedLine, **more: object) -> Correction:
    return correct(actor=actor, lines=lines, **({"reason": REASON, "envelope": "repair", "moment": day(1)} | more))


def test_a_small_one_is_applied_by_one_person() -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 100)

    done = propose(odo(), CorrectedLine(ada, -30), CorrectedLine(ben, 40), CorrectedLine(ben, 7, Slot.SPECIAL))

    assert (done.state, done.needs_second) == ("applied", False)
    assert (balance(ada, day(1)).available, balance(ben, day(1)).available) == (70, 40)
    assert contribution(ben)["special"] == 7
    assert set(PostingReason.objects.values_list("approver", flat=True)) == {None}
    assert verify() == []


def test_taking_more_than_there_is_leaves_debt() -> None:
    ada = a_resident()
    earn(ada, 10)

    propose(odo(), CorrectedLine(ada, -30))

    now = balance(ada, day(1))
    assert (now.available, now.debt) == (0, 20)
    assert verify() == []


def test_a_large_one_waits_and_moves_nothing_until_another_person_approves() -> None:
    ada, operator = a_resident(), odo()
    second = a_staff("Second", permissions=[Permission.CORRECTIONS_APPROVE])

    waiting = propose(operator, CorrectedLine(ada, 1_001))
    before = balance(ada, day(1)).available
    done = approve(actor=second, correction=waiting.pk, moment=day(2))

    assert (waiting.state, before, done.state) == ("proposed", 0, "applied")
    assert balance(ada, day(2)).available == 1_001
    reason = PostingReason.objects.get()
    assert (reason.staff, reason.approver) == (operator, second)
    assert set(StaffAct.objects.filter(subject_kind="correction").values_list("act", flat=True)) == {
        "correction.proposed",
        "correction.approved",
    }
    assert verify() == []


def test_the_threshold_counts_all_lines_and_is_a_setting() -> None:
    operator = odo()
    lines = [CorrectedLine(a_resident(), 6) for _ in range(2)]

    assert propose(operator, *lines, alone_max=12).state == "applied"
    assert propose(operator, *lines, alone_max=11, moment=day(2)).state == "proposed"


def test_its_own_author_cannot_approve_it_nor_a_stranger_nor_a_beneficiary() -> None:
    ada, operator = a_resident(), odo()
    waiting = propose(operator, CorrectedLine(ada, 5_000))
    own = a_staff("Ada at work", permissions=[Permission.CORRECTIONS_APPROVE], resident_id=ada)

    for actor in (operator, fei(), own):
        with pytest.raises(UnableToCorrect):
            approve(actor=actor, correction=waiting.pk, moment=day(2))
    assert not Posting.objects.exists()


def test_the_database_refuses_the_author_as_decider_too() -> None:
    operator = odo()
    waiting = propose(operator, CorrectedLine(a_resident(), 5_000))

    with pytest.raises(DatabaseError, match="ledger_correction_two_persons"), transaction.atomic():
        Correction.objects.filter(pk=waiting.pk).update(state="applied", decider=operator, decided_at=day(2))


def test_it_is_decided_once() -> None:
    ada = a_resident()
    waiting = propose(odo(), CorrectedLine(ada, 5_000))
    second = a_staff("Second", permissions=[Permission.CORRECTIONS_APPROVE])
    refuse(actor=second, correction=waiting.pk, moment=day(2))

    for decide in (approve, refuse):
        with pytest.raises(UnableToCorrect):
            decide(actor=second, correction=waiting.pk, moment=day(3))
    with pytest.raises(DatabaseError, match="is decided"), transaction.atomic():
        Correction.objects.filter(pk=waiting.pk).update(state="applied", decided_at=day(3))
    assert balance(ada, day(3)).available == 0


def test_bulk_goodwill_goes_to_many_by_who_may_give_goodwill() -> None:
    people = [a_resident() for _ in range(10)]

    propose(fei(), *[CorrectedLine(person, 50) for person in people], kind=BULK)

    assert {balance(person, day(1)).available for person in people} == {50}
    assert PostingReason.objects.count() == 10


def test_nobody_corrects_his_own_account() -> None:
    ada = a_resident()
    own = a_staff("Ada at work", permissions=list(Permission), resident_id=ada)

    with pytest.raises(UnableToGrant, match="own"):
        propose(own, CorrectedLine(ada, 5))


@pytest.mark.parametrize(
    ("amount", "slot", "kind"),
    [
        (0, Slot.WALLET, Correction.Kind.CORRECTION),
        (-5, Slot.SPECIAL, Correction.Kind.CORRECTION),
        (5, Slot.DEBT, Correction.Kind.CORRECTION),
        (-5, Slot.WALLET, BULK),
        (5, Slot.SPECIAL, BULK),
    ],
)
def test_it_refuses_lines_that_may_not_be(amount: int, slot: Slot, kind: Correction.Kind) -> None:
    with pytest.raises(UnableToCorrect):
        propose(odo(), CorrectedLine(a_resident(), amount, slot), kind=kind)
    assert not Correction.objects.exists()


def test_it_refuses_nothing_and_the_same_account_twice() -> None:
    ada, operator = a_resident(), odo()

    for lines in ([], [CorrectedLine(ada, 5), CorrectedLine(ada, 6)]):
        with pytest.raises(UnableToCorrect):
            propose(operator, *lines)


def test_who_may_only_give_goodwill_does_not_correct() -> None:
    with pytest.raises(UnableToGrant, match="permission"):
        propose(fei(), CorrectedLine(a_resident(), 5))


def test_the_same_again_within_half_a_minute_is_the_same_correction_and_later_another() -> None:
    actor, ada = odo(), a_resident()
    first = propose(actor, CorrectedLine(ada, 10))

    again = propose(actor, CorrectedLine(ada, 10), moment=day(1) + timedelta(seconds=29))
    later = propose(actor, CorrectedLine(ada, 10), moment=day(1) + timedelta(seconds=31))

    assert (again.pk == first.pk, later.pk == first.pk) == (True, False)
    assert balance(ada, day(2)).available == 20
