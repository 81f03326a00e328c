"""Goodwill and surprise: freely given by authorised staff, with a human reason, reported and recorded."""

import pytest
from django.db import DatabaseError, transaction

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff, StaffAct
from denizen.ground.identity.testing import a_staff, ada, fei, odo
from denizen.ground.ledger.commands import GrantKind, UnableToGrant, fund_envelope, grant, open_budget
from denizen.ground.ledger.constants import Code
from denizen.ground.ledger.models import Posting, PostingReason
from denizen.ground.ledger.queries import balance, budget_report, verify
from denizen.ground.ledger.testing import day

pytestmark = pytest.mark.django_db

REASON = "His charger broke on the way to his daughter's wedding."


@pytest.fixture(autouse=True)
def _an_envelope() -> None:
    open_budget(code="kindness", limited=False)


def give(actor: Staff, resident: int, amount: int = 300, **more: object) -> int:
    terms = {"reason": REASON, "envelope": "kindness", "moment": day(1)} | more
    return grant(actor=actor, resident=resident, amount=amount, **terms)


@pytest.mark.partial("B-34", "A-27")
def test_a_fellow_gives_goodwill_without_asking_and_it_is_recorded_to_whom_why_and_at_what_cost() -> None:
    resident, fellow = ada().resident_id, fei()

    posting = give(fellow, resident)

    assert balance(resident, day(1)).available == 300
    reason = PostingReason.objects.get(posting=posting)
    assert (reason.staff, reason.department.code, reason.reason) == (fellow, "fellows", REASON)
    act = StaffAct.objects.get(staff=fellow, act="points.goodwill")
    assert act.details == {"posting": posting, "points": 300, "envelope": "kindness"}
    assert act.subject_id == str(resident)
    assert verify() == []


@pytest.mark.parametrize("reason", ["", "   ", "nice guy", " \n a     b     "])
def test_it_refuses_a_reason_that_says_nothing(reason: str) -> None:
    resident = ada().resident_id

    with pytest.raises(UnableToGrant, match="reason"):
        give(fei(), resident, reason=reason)
    assert not Posting.objects.exists()


def test_it_refuses_who_holds_no_permission_for_this_kind() -> None:
    resident, fellow = ada().resident_id, fei()

    with pytest.raises(UnableToGrant, match="permission"):
        give(fellow, resident, kind=GrantKind.SURPRISE)
    with pytest.raises(UnableToGrant, match="permission"):
        give(a_staff("Stranger"), resident)
    give(odo(), resident, kind=GrantKind.SURPRISE)

    assert balance(resident, day(1)).available == 300


def test_nobody_gives_to_his_own_resident_account() -> None:
    resident = ada().resident_id
    own = a_staff("Ada at work", permissions=[Permission.GRANTS_GOODWILL], resident_id=resident)

    with pytest.raises(UnableToGrant, match="himself"):
        give(own, resident)


def test_an_overrun_is_reported_and_blocks_nothing() -> None:
    resident = ada().resident_id
    fund_envelope(actor=odo(), envelope="kindness", amount=500, reason="The first quarter's envelope.", moment=day(0))

    give(fei(), resident, 800)

    line = next(line for line in budget_report() if line.code == "kindness")
    assert (line.funded, line.granted, line.left, line.overrun) == (500, 800, -300, 300)
    assert balance(resident, day(1)).available == 800


def test_pressing_the_button_twice_gives_once() -> None:
    resident, fellow = ada().resident_id, fei()

    postings = [give(fellow, resident, key="form 1"), give(fellow, resident, key="form 1")]

    assert postings[0] == postings[1]
    assert balance(resident, day(1)).available == 300
    with pytest.raises(UnableToGrant, match="another grant"):
        give(fellow, resident, 299, key="form 1")


def test_a_reason_may_be_erased_but_not_its_people() -> None:
    give(fei(), ada().resident_id)

    PostingReason.objects.update(reason="")
    with pytest.raises(DatabaseError, match="keeps its people"), transaction.atomic():
        PostingReason.objects.update(staff=odo())
    assert PostingReason.objects.get().reason == ""


@pytest.mark.parametrize("amount", [0, -1])
def test_it_gives_at_least_one_point(amount: int) -> None:
    with pytest.raises(UnableToGrant):
        give(fei(), ada().resident_id, amount)


def test_it_refuses_an_envelope_that_does_not_exist() -> None:
    with pytest.raises(UnableToGrant, match="envelope"):
        give(fei(), ada().resident_id, envelope="typo")


def test_granted_points_may_have_an_end() -> None:
    resident = ada().resident_id

    give(fei(), resident, lot_days=10)

    assert balance(resident, day(10.9)).available == 300
    assert balance(resident, day(11)).available == 0
    assert Posting.objects.get().code == Code.GOODWILL
