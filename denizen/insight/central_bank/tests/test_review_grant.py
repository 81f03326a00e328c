"""Unusual grants are listed, looked at once, and never blocked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from denizen.ground.identity import testing as people
from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.models import Profile, Staff
from denizen.ground.ledger.commands import budget_accounts, grant
from denizen.ground.ledger.testing import earn
from denizen.insight.central_bank.commands import UnableToReview, review_grant
from denizen.insight.central_bank.queries import Clocks, Scope, grants
from denizen.kit import clock

LESSON = "Ask first what would help; points come last."


@pytest.fixture
def ada(db: None) -> Profile:
    return people.ada()


@pytest.fixture
def given(odo: Staff, fei: Staff, ada: Profile) -> dict[int, int]:
    """Posting by amount: seven grants of goodwill by Fei, one of them far from the others."""
    budget_accounts(["surprises"])
    now = clock.now()
    return {
        amount: grant(
            actor=fei, resident=ada.resident_id, amount=amount, reason="She waited in the rain.", envelope="surprises",
            moment=now,
        )
        for amount in (100, 110, 120, 130, 140, 150, 9_000)
    }  # fmt: skip


def found() -> list[int]:
    clocks = Clocks("Asia/Shanghai", clock.now())
    scope = Scope(until=clocks.today + timedelta(days=1), since=clocks.today - timedelta(days=2))
    return [each.posting for each in grants(scope, clocks).unusual]


@pytest.mark.row("P-09")
def test_only_the_grant_far_from_the_usual_is_listed_and_nothing_was_blocked(given: dict[int, int]) -> None:
    assert found() == [given[9_000]]


@pytest.mark.partial("A-31")
def test_what_was_found_is_written_down_with_its_lesson(given: dict[int, int], odo: Staff) -> None:
    review = review_grant(
        actor=odo, posting=given[9_000], meant_well=True, fitting=False, lesson=LESSON, moment=clock.now()
    )

    assert (review.meant_well, review.fitting, review.lesson) == (True, False, LESSON)
    assert found() == [given[9_000]]


def test_a_grant_is_looked_at_once(given: dict[int, int], odo: Staff) -> None:
    told = {"actor": odo, "posting": given[9_000], "meant_well": True, "fitting": False, "moment": clock.now()}
    review_grant(**told, lesson=LESSON)

    with pytest.raises(UnableToReview):
        review_grant(**told, lesson=LESSON)


def test_nobody_judges_what_he_gave_himself(given: dict[int, int], odo: Staff, ada: Profile) -> None:
    own = grant(
        actor=odo, resident=ada.resident_id, amount=9_000, reason="A promise I made.", envelope="surprises",
        moment=clock.now(),
    )  # fmt: skip

    with pytest.raises(UnableToReview):
        review_grant(actor=odo, posting=own, meant_well=True, fitting=True, lesson=LESSON, moment=clock.now())


def test_it_refuses_a_stranger_a_rule_s_award_and_an_empty_lesson(
    given: dict[int, int], odo: Staff, fei: Staff, ada: Profile
) -> None:
    award = earn(ada.resident_id, 5, moment=clock.now())

    with pytest.raises(UnableToAct):
        review_grant(actor=fei, posting=given[9_000], meant_well=True, fitting=True, lesson=LESSON, moment=clock.now())
    with pytest.raises(UnableToReview):
        review_grant(actor=odo, posting=award, meant_well=True, fitting=True, lesson=LESSON, moment=clock.now())
    with pytest.raises(UnableToReview):
        review_grant(actor=odo, posting=given[9_000], meant_well=True, fitting=True, lesson="-", moment=clock.now())
