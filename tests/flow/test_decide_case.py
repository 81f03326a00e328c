"""From a signal to a case, to quarantine, to its end: as if nothing had been, or walked back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.models import Undecided
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff, fei, odo
from denizen.ground.ledger import queries as ledger
from denizen.kit import db
from denizen.people.growth import commands as growth
from denizen.people.growth.models import Decision
from denizen.people.growth.pipeline import work_off
from denizen.people.growth.queries.verify import verify as verify_growth
from denizen.people.growth.testing import behave
from denizen.people.risk import commands
from denizen.people.risk.commands import UnableToDecide
from denizen.people.risk.models import Case, Signal
from denizen.people.risk.queries import verify as verify_risk
from denizen.people.risk.testing import a_case, a_signal
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text
from denizen.people.standing import queries as standing
from denizen.people.standing.models import Standing

pytestmark = pytest.mark.django_db

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "Forty comments within a minute, all alike."


@pytest.fixture(autouse=True)
def _reference_book() -> None:
    publish_first_book(text=reference_book_text(), moment=JANUARY, effective_from=JANUARY)


def comment(number: int) -> community.Commented:
    return community.Commented(comment=f"c{number}", subject="s1", length=20, fingerprint=f"f{number}")


def suspected(resident: int, entries: list[int], name: str = "one") -> int:
    return a_signal(resident, entries=entries, moment=NOON, key=f"burst:{name}:{resident}")


def opened(resident: int, *, moment: datetime = NOON + DAY) -> Case:
    """Two comments of ``resident`` stand under suspicion."""
    entries = [behave(resident, comment(n), NOON + n * timedelta(hours=1)).entry_id for n in range(2)]
    return a_case(resident, entries=entries, moment=moment)


def held(resident: int, moment: datetime) -> dict[str, Any]:
    """Everything that can be seen of what a resident has."""
    row = Standing.objects.filter(resident=resident).values().first() or {}
    row.pop("resident_id", None)
    return {"points": ledger.balance(resident, moment), "standing": row}


def sound() -> bool:
    with db.opening():
        growth_found = verify_growth()
    return ledger.verify() == [] == standing.verify() and growth_found == [] and verify_risk() == []


def test_an_open_case_keeps_points_and_contribution_apart_and_bans_nobody() -> None:
    ada = make_resident()
    before = held(ada, NOON + DAY)
    case = opened(ada)

    during = held(ada, NOON + DAY)

    assert during["points"].available == before["points"].available == 0
    assert during["points"].reserved > 0
    assert during["standing"] == {}
    assert behave(ada, community.CheckedIn(), NOON + 2 * DAY).status == "accepted"
    assert held(ada, NOON + 2 * DAY)["points"].available > 0
    assert case.lapses_at == NOON + 31 * DAY
    assert sound()


def test_a_released_case_leaves_everything_as_if_nothing_had_been() -> None:
    ada, twin, reviewer = make_resident(), make_resident(), odo()
    for number in range(2):
        behave(twin, comment(number), NOON + number * timedelta(hours=1))
    case = opened(ada)
    for one in (ada, twin):
        behave(one, comment(7), NOON + DAY)
        behave(one, community.CheckedIn(), NOON + DAY)

    growth.decide_case(actor=reviewer, case=case.pk, outcome="released", reason=WHY, moment=NOON + 2 * DAY)
    work_off(limit=100, moment=NOON + 2 * DAY, tell=False)

    assert held(ada, NOON + 3 * DAY) == held(twin, NOON + 3 * DAY)
    assert sound()


def test_a_voided_case_is_the_same_as_having_taken_the_deeds_back() -> None:
    ada, twin, reviewer = make_resident(), make_resident(), odo()
    for number in range(2):
        behave(twin, comment(number), NOON + number * timedelta(hours=1), key=f"twin{number}")
    case = opened(ada)
    for one in (ada, twin):
        behave(one, community.CheckedIn(), NOON + DAY)

    growth.decide_case(actor=reviewer, case=case.pk, outcome="voided", reason=WHY, moment=NOON + 2 * DAY)
    for number in range(2):
        behave(twin, community.CommentDeleted(original=f"twin{number}"), NOON + 2 * DAY)

    assert held(ada, NOON + 3 * DAY) == held(twin, NOON + 3 * DAY)
    assert sound()


def test_more_of_the_same_waits_and_is_dismissed_with_the_case() -> None:
    ada, reviewer = make_resident(), odo()
    case = opened(ada)
    more = behave(ada, comment(9), NOON + DAY)

    waits = Undecided.objects.get(entry_id=more.entry_id).state
    growth.decide_case(actor=reviewer, case=case.pk, outcome="voided", reason=WHY, moment=NOON + 2 * DAY)

    assert waits == "held"
    decision = Decision.objects.get(entry_id=more.entry_id)
    assert (decision.outcome, decision.trace) == (Decision.Outcome.DISMISSED, {"why": "case", "case": case.pk})
    assert not Undecided.objects.exists()
    assert sound()


def test_what_is_taken_back_meanwhile_is_gone_whatever_comes_of_the_case() -> None:
    ada, reviewer = make_resident(), odo()
    first = behave(ada, comment(1), NOON, key="first")
    signal = suspected(ada, [first.entry_id])
    with db.opening():
        case = commands.pursue(signal=signal, moment=NOON + DAY)
    assert case is not None

    behave(ada, community.CommentDeleted(original="first"), NOON + DAY)
    meanwhile = held(ada, NOON + DAY)["points"]
    growth.decide_case(actor=reviewer, case=case.pk, outcome="voided", reason=WHY, moment=NOON + 2 * DAY)

    assert (meanwhile.available, meanwhile.reserved, meanwhile.debt) == (0, 0, 0)
    assert held(ada, NOON + 3 * DAY)["points"] == meanwhile
    assert sound()


def test_a_case_nobody_decides_releases_itself() -> None:
    ada = make_resident()
    case = opened(ada)

    early = growth.release_lapsed_cases(moment=NOON + 30 * DAY)
    late = growth.release_lapsed_cases(moment=NOON + 31 * DAY)

    assert (early, late) == (0, 1)
    case.refresh_from_db()
    assert case.state == "released"
    assert held(ada, NOON + 32 * DAY)["points"].available > 0
    assert sound()


def test_it_refuses_a_stranger_a_case_about_oneself_a_missing_reason_and_a_second_decision() -> None:
    ada = make_resident()
    reviewer = odo()
    herself = a_staff("Ada", permissions=[Permission.RISK_REVIEW], resident_id=ada, department="quality")
    case = opened(ada)
    later = NOON + 2 * DAY

    for actor, reason in ((fei(), WHY), (herself, WHY), (reviewer, "no")):
        with pytest.raises(UnableToDecide):
            growth.decide_case(actor=actor, case=case.pk, outcome="voided", reason=reason, moment=later)
    growth.decide_case(actor=reviewer, case=case.pk, outcome="released", reason=WHY, moment=later)
    with pytest.raises(UnableToDecide):
        growth.decide_case(actor=reviewer, case=case.pk, outcome="voided", reason=WHY, moment=later)


def test_a_signal_found_again_adds_nothing_and_a_decided_one_opens_nothing() -> None:
    ada, reviewer = make_resident(), odo()
    case = opened(ada)
    signal = Signal.objects.get()
    points = held(ada, NOON + DAY)

    with db.opening():
        again = commands.pursue(signal=signal.pk, moment=NOON + DAY)
    assert again == case
    assert held(ada, NOON + DAY) == points
    growth.decide_case(actor=reviewer, case=case.pk, outcome="released", reason=WHY, moment=NOON + 2 * DAY)
    with db.opening():
        assert commands.pursue(signal=signal.pk, moment=NOON + 3 * DAY) is None


def test_what_brought_nothing_opens_no_case() -> None:
    ada = make_resident()
    nothing = behave(ada, community.Liked(subject="s1"), NOON)
    signal = suspected(ada, [nothing.entry_id])

    with db.opening():
        assert commands.pursue(signal=signal, moment=NOON + DAY) is None
