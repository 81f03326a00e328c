"""The rule desk and what came with it, as somebody would use them who means no good: nothing breaks, nothing yields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from denizen.ground.chronicle.commands import receive_entries
from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.testing import make_source, raw_entry
from denizen.ground.identity import testing as identity
from denizen.ground.identity.commands import publish_reference_levels
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import clock, db, queue
from denizen.people.growth.commands import UnableToBacktest, ask_backtest, run_backtest
from denizen.people.growth.models import Backtest
from denizen.people.growth.testing import behave
from denizen.people.risk.commands import say
from denizen.people.risk.testing import a_case
from denizen.people.rulebook.commands import (
    UnableToApprove,
    approve_book,
    hand_over,
    propose_book,
    publish_first_book,
    start_draft,
)
from denizen.people.rulebook.models import Approval, BookVersion, Trial
from denizen.people.rulebook.queries import reference_book_text, tried_text
from denizen.people.rulebook.testing import WAIVED, checked
from tests.flow.attackers import signed_in

pytestmark = pytest.mark.django_db

ODO = "odo@lakeside.example"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _a_city_with_laws() -> None:
    cache.clear()
    with db.opening():
        publish_reference_levels(moment=identity.LONG_AGO)
    publish_first_book(text=reference_book_text(), moment=identity.LONG_AGO, effective_from=identity.LONG_AGO)


@pytest.fixture
def odo() -> Staff:
    return identity.odo()


@pytest.fixture
def xu() -> Staff:
    return identity.a_staff("Xu", email="xu@lakeside.example", permissions=tuple(Permission), department="law")


@pytest.fixture
def _a_morning() -> None:
    behave(identity.ada().resident_id, community.CheckedIn(), clock.now() - DAY)


def with_avatar(points: int) -> str:
    """The reference book with another value of one entry of a table."""
    return reference_book_text().replace("avatar: 10", f"avatar: {points}")


def worked_off(run: Backtest) -> Backtest:
    run_backtest(key=str(run.key), clock=clock.now, leaving=lambda: False, left=queue.Leaving)
    run.refresh_from_db()
    return run


# What an address or a form says


@pytest.mark.parametrize(
    "query", ["after=²", "after=--5.1.1", "after=1.².1", "purpose=%00", "grade=a%00", "system=%00", "stage=%00"]
)
def test_no_word_of_an_address_breaks_the_rows_of_a_figure(odo: Staff, query: str) -> None:
    assert signed_in(ODO).get(f"/desk/bank/rows/issued/?{query}").status_code in (200, 404)


@pytest.mark.usefixtures("_a_morning")
@pytest.mark.parametrize(
    ("since", "last"), [("0001-01-01", ""), ("", "9999-12-31"), ("0001-01-01", "0001-01-01"), ("9999-12-31", "")]
)
def test_a_backtest_over_impossible_days_is_refused_and_breaks_no_page_for_others(
    odo: Staff, since: str, last: str
) -> None:
    browser, told = signed_in(ODO), {"book": f"version:{BookVersion.objects.get().number}"}

    answer = browser.post("/desk/rules/backtests/start/", {**told, "since": since, "last": last})

    assert answer.status_code == 422
    assert not Backtest.objects.exists()
    assert browser.get("/desk/rules/backtests/").status_code == 200


@pytest.mark.usefixtures("_a_morning")
@pytest.mark.parametrize("moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_the_command_asks_for_no_impossible_days_either(odo: Staff, moment: datetime) -> None:
    with pytest.raises(UnableToBacktest):
        ask_backtest(actor=odo, book=tried_text(with_avatar(11)), moment=clock.now(), begins_at=moment)


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00", "9999-12-31T23:59:59.999999", "1969-01-01T00:00", "2300-01-01T00:00"]
)
def test_no_moment_of_a_dry_run_breaks_its_page(odo: Staff, when: str) -> None:
    told = {"kind": "checked_in", "occurred_at": when, "source": "app", "book": ""}

    assert signed_in(ODO).post("/desk/rehearsal/", told).status_code == 422


@pytest.mark.parametrize("revision", ["²", "9" * 5_000, "-1", "\x00"])
def test_no_revision_breaks_the_saving_of_a_draft(odo: Staff, revision: str) -> None:
    draft = start_draft(actor=odo, title="Winter", text=with_avatar(11), moment=clock.now())
    browser = signed_in(ODO)
    place = f"/desk/rules/drafts/{draft.pk}/"

    assert browser.post(f"{place}text/", {"text": with_avatar(12), "revision": revision}).status_code == 409
    assert browser.post(f"{place}hand-over/", {"note": "More", "revision": revision}).status_code == 422
    draft.refresh_from_db()
    assert draft.revision == 1


# Whose matter it is


def test_a_reviewer_reads_nothing_of_the_others_in_a_case_about_himself() -> None:
    ada, ben, now = identity.ada(), identity.ben(), clock.now()
    entries = [behave(each.resident_id, community.CheckedIn(), now - DAY).entry_id for each in (ada, ben)]
    case = a_case(ada.resident_id, ben.resident_id, entries=entries, moment=now, code="mutual_invitation")
    for each, words in ((ada, "It was my lantern."), (ben, "Ada made me do it.")):
        say(resident=each.resident_id, case=case.pk, words=words, moment=now)
    identity.a_staff(
        "A. at work", email="work@lakeside.example", permissions=tuple(Permission), resident_id=ada.resident_id
    )

    page = signed_in("work@lakeside.example").get(f"/desk/risk/{case.public_id}/").text

    assert "It was my lantern." in page
    assert "Ada made me do it." not in page
    assert str(ben.resident.public_id) not in page
    assert "Ben" not in page


def test_a_dry_run_tells_nothing_of_residents_to_who_may_not_read_them() -> None:
    ada, now = identity.ada(), clock.now()
    behave(ada.resident_id, community.CheckedIn(), now - DAY, key="hers")
    identity.a_staff("Yu", email="yu@lakeside.example", permissions=[Permission.RULES_PROPOSE])
    told = {
        "kind": "check_in_withdrawn", "part_original": "hers", "occurred_at": f"{now:%Y-%m-%dT%H:%M}", "source": "app",
        "book": "", "resident": str(ada.resident.public_id),
    }  # fmt: skip

    page = signed_in("yu@lakeside.example").post("/desk/rehearsal/", told).text

    assert "Ada" not in page
    assert str(ada.resident.public_id) not in page


# Getting a version through


@pytest.mark.usefixtures("_a_morning")
def test_trying_over_a_span_without_entries_is_no_trial(odo: Staff) -> None:
    now = clock.now()
    run = worked_off(ask_backtest(actor=odo, book=tried_text(with_avatar(11)), moment=now, begins_at=now + 300 * DAY))

    assert run.state == Backtest.State.DONE
    assert run.error
    assert not Trial.objects.exists()


def test_a_second_proposal_in_the_drawer_skips_no_result_check(odo: Staff, xu: Staff) -> None:
    now = clock.now()
    checked(now)
    first, second = (propose_book(actor=xu, text=with_avatar(n), note="", moment=now) for n in (11, 12))
    approve_book(actor=odo, number=first.number, effective_from=now, moment=now, **WAIVED)

    with pytest.raises(UnableToApprove, match=str(first.number)):
        approve_book(actor=odo, number=second.number, effective_from=now + DAY, moment=now + DAY, **WAIVED)
    checked(now + DAY)

    assert approve_book(actor=odo, number=second.number, effective_from=now + DAY, moment=now + DAY, **WAIVED)


@pytest.mark.usefixtures("_a_morning")
def test_backdating_takes_nothing_from_what_waits_to_be_decided(odo: Staff, xu: Staff) -> None:
    now = clock.now()
    checked(now)
    lower = propose_book(actor=xu, text=with_avatar(9), note="", moment=now)
    approve_book(actor=odo, number=lower.number, effective_from=now + 31 * DAY, moment=now, **WAIVED)
    waiting = [raw_entry("checked_in", "old", resident="ada-of-the-shop", occurred_at=(now - DAY).isoformat())]
    receive_entries(source=make_source("shop"), raw=waiting, allowed=None, create_residents=True, now=now)
    later = now + 40 * DAY
    checked(later)
    text = with_avatar(9).replace("review_months: ", "review_months: 1", 1)
    again = propose_book(actor=xu, text=text, note="", moment=later)

    with pytest.raises(UnableToApprove):
        approve_book(actor=odo, number=again.number, effective_from=now - 60 * DAY, moment=later, **WAIVED)

    assert not Approval.objects.filter(book=again).exists()
    approve_book(actor=odo, number=again.number, effective_from=later, moment=later, **WAIVED)


def test_nobody_approves_what_he_wrote_and_let_another_hand_over(odo: Staff, xu: Staff) -> None:
    now = clock.now()
    checked(now)
    begun = start_draft(actor=odo, title="Winter", text=with_avatar(11), moment=now)
    given = hand_over(actor=xu, draft=begun.pk, revision=1, note="From a colleague", moment=now)

    with pytest.raises(UnableToApprove):
        approve_book(actor=odo, number=given.number, effective_from=now, moment=now, **WAIVED)
