"""From a text to a book in force: once in one step, afterwards by two persons."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from denizen.ground.chronicle.commands import declare_source, new_entry, record
from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.models import Source
from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff, StaffAct
from denizen.ground.ledger.queries import budgets_left, verify
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.people.rulebook.commands import (
    UnableToApprove,
    UnableToPropose,
    UnableToPublish,
    approve_book,
    propose_book,
    propose_table_value,
    publish_first_book,
)
from denizen.people.rulebook.models import Approval, BookVersion, Force
from denizen.people.rulebook.queries import book_of, timelines, version_in_force, versions
from denizen.people.rulebook.rules import UnableToLoadBook
from denizen.people.rulebook.testing import WAIVED, checked
from denizen.people.rulebook.tests.conftest import book_text

pytestmark = pytest.mark.django_db

NOW = people.NOW
DAY = timedelta(days=1)


def proposer() -> Staff:
    with transaction.atomic():
        return people.a_staff("Zhou", permissions=[Permission.RULES_PROPOSE])


def approver() -> Staff:
    with transaction.atomic():
        return people.a_staff("Qin", permissions=[Permission.RULES_APPROVE])


def operator() -> Staff:
    with transaction.atomic():
        return people.odo()


def test_it_publishes_in_one_step_in_a_city_that_never_had_a_book(text: str) -> None:
    version = publish_first_book(text=text, moment=NOW)

    assert version_in_force(NOW) == version
    assert version_in_force(NOW - DAY) is None


def test_it_refuses_a_second_publication_and_says_what_to_do(text: str) -> None:
    publish_first_book(text=text, moment=NOW)

    with translation.override("en"), pytest.raises(UnableToPublish, match="second person"):
        publish_first_book(text=book_text(2), moment=NOW)

    assert BookVersion.objects.count() == 1


def test_it_tells_every_fault_of_a_text_at_once(text: str) -> None:
    broken = text.replace("checked_in", "checked_inn", 1).replace('amount: "1"', "amount: entry.nothing")

    with pytest.raises(UnableToLoadBook) as refusal:
        publish_first_book(text=broken, moment=NOW)

    assert len(refusal.value.problems) >= 1
    assert BookVersion.objects.count() == 0


@pytest.mark.partial("A-38")
@pytest.mark.parametrize(
    ("month", "day", "review"), [(1, 31, date(2026, 7, 31)), (8, 31, date(2027, 2, 28)), (3, 1, date(2026, 9, 1))]
)
def test_it_names_the_day_of_review_six_months_ahead(month: int, day: int, review: date, text: str) -> None:
    moment = datetime(2026, month, day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

    version = publish_first_book(text=text, moment=moment)

    assert Approval.objects.get(book=version).review_on == review


@pytest.mark.partial("A-36")
def test_a_change_takes_a_proposer_and_another_approver(text: str) -> None:
    publish_first_book(text=text, moment=NOW)
    checked(NOW)
    zhou, qin = proposer(), approver()

    version = propose_book(actor=zhou, text=book_text(2), note="quiet days", moment=NOW + DAY)
    assert [view.state for view in versions(NOW + DAY)] == ["proposed", "in_force"]
    approve_book(actor=qin, number=version.number, effective_from=NOW + 5 * DAY, moment=NOW + 2 * DAY, **WAIVED)

    assert [view.state for view in versions(NOW + 2 * DAY)] == ["announced", "in_force"]
    assert [view.state for view in versions(NOW + 6 * DAY)] == ["in_force", "replaced"]
    acts = StaffAct.objects.filter(subject_kind="rule_book")
    assert {"rules.propose", "rules.approve"} <= {act.act for act in acts}
    assert all(act.department_id for act in acts)


def test_nobody_approves_what_he_proposed(text: str) -> None:
    publish_first_book(text=text, moment=NOW)
    checked(NOW)
    odo = people.odo()
    version = propose_book(actor=odo, text=book_text(2), note="", moment=NOW)

    with pytest.raises(UnableToApprove):
        approve_book(actor=odo, number=version.number, effective_from=NOW + DAY, moment=NOW, **WAIVED)

    assert version_in_force(NOW + 2 * DAY).number != version.number


def test_a_stranger_neither_proposes_nor_approves(text: str) -> None:
    publish_first_book(text=text, moment=NOW)
    checked(NOW)
    stranger = people.a_staff("Wei")

    with pytest.raises(UnableToPropose):
        propose_book(actor=stranger, text=book_text(2), note="", moment=NOW)
    version = propose_book(actor=proposer(), text=book_text(2), note="", moment=NOW)
    with pytest.raises(UnableToApprove):
        approve_book(actor=stranger, number=version.number, effective_from=NOW + DAY, moment=NOW, **WAIVED)


def test_a_version_is_approved_once(text: str) -> None:
    publish_first_book(text=text, moment=NOW)
    checked(NOW)
    version = propose_book(actor=proposer(), text=book_text(2), note="", moment=NOW)
    approve_book(actor=approver(), number=version.number, effective_from=NOW + DAY, moment=NOW, **WAIVED)

    with pytest.raises(UnableToApprove):
        approve_book(actor=people.odo(), number=version.number, effective_from=NOW + DAY, moment=NOW, **WAIVED)


def test_a_proposal_that_changes_nothing_is_refused(text: str) -> None:
    publish_first_book(text=text, moment=NOW)
    checked(NOW)

    with pytest.raises(UnableToPropose):
        propose_book(actor=proposer(), text=text, note="", moment=NOW)


@pytest.mark.parametrize("table", ["rulebook_bookversion", "rulebook_approval", "rulebook_force"])
def test_a_version_never_changes(table: str, text: str) -> None:
    publish_first_book(text=text, moment=NOW)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        db.execute(f"DELETE FROM {table}")


def limited(amount: int) -> str:
    return book_text().replace(
        "lively city, zh: 热闹的城}", f"lively city, zh: 热闹的城}}\n    limited: true\n    amount: {amount}"
    )


def test_a_limited_budget_is_given_what_the_book_publishes_and_no_more_when_published_again() -> None:
    publish_first_book(text=limited(500), moment=NOW)
    checked(NOW)
    assert budgets_left(["community"]) == {"community": 500}
    more = propose_book(actor=proposer(), text=limited(800), note="", moment=NOW)
    approve_book(actor=approver(), number=more.number, effective_from=NOW + DAY, moment=NOW, **WAIVED)
    assert budgets_left(["community"]) == {"community": 800}

    less = propose_book(
        actor=people.a_staff("Wu", permissions=[Permission.RULES_PROPOSE]), text=limited(600), note="", moment=NOW
    )
    approve_book(actor=people.odo(), number=less.number, effective_from=NOW + 30 * DAY, moment=NOW, **WAIVED)

    assert budgets_left(["community"]) == {"community": 800}
    assert verify() == []


@pytest.mark.partial("B-61")
def test_a_value_of_a_table_is_proposed_without_code(text: str) -> None:
    publish_first_book(text=text, moment=NOW)
    checked(NOW)

    version = propose_table_value(actor=proposer(), table="acts", key="trial", value=7, note="", moment=NOW)

    assert book_of(version).tables["acts"] == {"idea": 2, "trial": 7}
    with pytest.raises(UnableToPropose):
        propose_table_value(actor=proposer(), table="nothing", key="trial", value=7, note="", moment=NOW)


def test_a_moment_in_the_past_holds_only_for_sources_without_decided_entries(text: str) -> None:
    publish_first_book(text=text, moment=NOW)
    checked(NOW)
    old = declare_source(code="app", lateness_seconds_max=None)
    fresh = declare_source(code="archive", lateness_seconds_max=None)
    decide_something(old)
    version = propose_book(actor=proposer(), text=book_text(2), note="", moment=NOW)

    approve_book(actor=approver(), number=version.number, effective_from=NOW - 100 * DAY, moment=NOW + DAY, **WAIVED)

    past, future = to_micros(NOW - 50 * DAY), to_micros(NOW + 2 * DAY)
    ruling = timelines([old.id, fresh.id])
    assert ruling[old.id].at(past) is None
    assert ruling[fresh.id].at(past).number == version.number
    assert ruling[old.id].at(to_micros(NOW)).number == version.number - 1
    assert {ruling[each.id].at(future).number for each in (old, fresh)} == {version.number}


def decide_something(source: Source) -> None:
    """An entry that has left the queue of the undecided."""
    ada = people.ada().resident_id
    entry = new_entry(community.CheckedIn(), resident=ada, occurred_at=NOW, external_id="e-1")
    with db.opening():
        record(source=source, entries=[entry], recorded_at=NOW, queue=False)


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_wins(text: str) -> None:
    publish_first_book(text=text, moment=NOW)
    checked(NOW)
    version = propose_book(actor=proposer(), text=book_text(2), note="", moment=NOW)
    first, second = approver(), operator()

    def approve(actor: Staff) -> bool:
        try:
            approve_book(actor=actor, number=version.number, effective_from=NOW + DAY, moment=NOW, **WAIVED)
        except UnableToApprove:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(approve, (first, second))) == [False, True]
    assert Force.objects.filter(book=version).count() == 1


def test_the_book_in_force_is_read_in_few_queries(text: str, query_count: Callable[[], int]) -> None:
    publish_first_book(text=text, moment=NOW)
    timelines([1])
    before = query_count()

    found = timelines([1, 2, 3])

    assert query_count() - before == 1
    assert found[2].at(to_micros(NOW + DAY)) is not None
    assert found[2].at(to_micros(datetime(2000, 1, 1, tzinfo=UTC))) is None
