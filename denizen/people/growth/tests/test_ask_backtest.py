"""A backtest is asked for, run by a job, cancelled, taken up again; it never touches what lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from denizen.config.testing import empty_city
from denizen.ground.chronicle.kinds import community
from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db, queue
from denizen.people.growth.commands import (
    UnableToBacktest,
    ask_backtest,
    backtest_here,
    cancel_backtest,
    run_backtest,
)
from denizen.people.growth.models import Backtest
from denizen.people.growth.queries import backtest_for, backtest_json, backtests, is_genuine
from denizen.people.growth.testing import behave
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.models import Trial
from denizen.people.rulebook.queries import TriedBook, reference_book_text, tried_text
from denizen.people.rulebook.queries.language import UnableToLoadBook

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAYS = 6
LIVE_TABLES_SQL = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'
AND n.nspname = 'public' AND c.relname ~ '^(chronicle|identity|ledger|standing|rulebook|growth|risk)_'
AND c.relname NOT IN ('growth_backtest', 'rulebook_trial', 'identity_staffact') ORDER BY 1
"""


@pytest.fixture(autouse=True)
def _spoken() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def odo(db: None) -> Staff:
    """Ada and Ben checked in for some days; Odo may do everything."""
    staff = people.odo()
    publish_first_book(text=reference_book_text(), moment=NOW, effective_from=people.LONG_AGO)
    ada, ben = people.ada(), people.ben()
    for number in range(DAYS):
        moment = NOW - timedelta(days=DAYS - number)
        behave(ada.resident_id, community.CheckedIn(), moment)
        if number % 2:
            behave(ben.resident_id, community.CheckedIn(), moment)
    return staff


def generous() -> TriedBook:
    before = "code: check_in_points"
    head, _, tail = reference_book_text().partition(before)
    assert "amount: 5" in tail
    return tried_text(head + before + tail.replace("amount: 5", "amount: 7", 1))


def asked(staff: Staff, **span: datetime) -> Backtest:
    return ask_backtest(actor=staff, book=generous(), moment=NOW, **span)


def figures_in(run: Backtest) -> dict[str, Any]:
    assert run.figures is not None
    return dict(run.figures)


def begun(run: Backtest, *, leaving: Callable[[], bool] = lambda: False) -> Backtest:
    run_backtest(key=str(run.key), clock=lambda: NOW, leaving=leaving, left=queue.Leaving)
    run.refresh_from_db()
    return run


def live_rows() -> dict[str, str]:
    """A digest over every row of every table that is not about backtests."""
    digest = "SELECT count(*) || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} AS t"
    return {table: db.fetch(digest.format(table))[0][0] for (table,) in db.fetch(LIVE_TABLES_SQL)}


@pytest.mark.partial("A-36")
def test_it_tells_what_the_book_would_have_cost_and_keeps_it_with_the_content(odo: Staff) -> None:
    run = begun(asked(odo))

    view = backtest_for(run.key)
    assert view is not None
    assert view.figures is not None
    points = next(total for total in view.figures["totals"] if total["asset"] == "points")
    assert (points["live"]["net"], points["tried"]["net"], points["difference"]) == (45, 63, 18)
    assert (view.state, view.done, view.figures["replay_differing"]) == ("done", view.in_all, 0)
    assert is_genuine(view)
    trial = Trial.objects.get(digest=run.digest)
    assert trial.summary["points.difference"] == 18
    assert [each.key for each in backtests(digest=run.digest)] == [run.key]


def test_it_changes_nothing_that_lives(odo: Staff) -> None:
    before = live_rows()

    begun(asked(odo))

    assert live_rows() == before
    assert len(before) > 30


def test_the_same_question_has_the_same_answer_to_the_byte(odo: Staff) -> None:
    first, second = begun(asked(odo)), begun(asked(odo))

    assert first.figures_digest == second.figures_digest
    one, other = backtest_for(first.key), backtest_for(second.key)
    assert one is not None
    assert other is not None
    assert backtest_json(one) == backtest_json(other)


def test_what_happens_after_the_question_is_no_part_of_the_answer(odo: Staff) -> None:
    run = asked(odo)
    ada = people.a_resident("Cleo")
    behave(ada.resident_id, community.CheckedIn(), NOW)

    assert figures_in(begun(run))["entries"] == 9


def test_a_span_holds_what_happened_from_its_beginning_to_before_its_end(odo: Staff) -> None:
    run = begun(asked(odo, begins_at=NOW - timedelta(days=4), ends_at=NOW - timedelta(days=1)))

    assert (figures_in(run)["entries"], figures_in(run)["given"]) == (4, 5)


def test_changed_figures_are_known_by_their_digest(odo: Staff) -> None:
    run = begun(asked(odo))
    figures_in(run)["totals"][0]["difference"] = 0
    run.save()

    view = backtest_for(run.key)

    assert view is not None

    assert not is_genuine(view)


def test_it_refuses_a_stranger(odo: Staff) -> None:
    with pytest.raises(UnableToBacktest, match="permission"):
        asked(people.fei())

    assert not Backtest.objects.exists()


def test_it_refuses_a_city_without_history(db: None) -> None:
    with pytest.raises(UnableToBacktest, match="Nothing was decided"):
        asked(people.odo())


def test_it_refuses_a_span_that_ends_before_it_begins(odo: Staff) -> None:
    with pytest.raises(UnableToBacktest, match="ends before it begins"):
        asked(odo, begins_at=NOW, ends_at=NOW - timedelta(days=1))


def test_a_text_that_is_no_book_is_refused_with_the_place_of_each_fault(odo: Staff) -> None:
    with pytest.raises(UnableToLoadBook) as refused:
        tried_text(reference_book_text().replace("amount: 5\n", "amount: 5 +\n", 1))

    problem = refused.value.problems[0]
    assert problem.file_line
    assert (problem.line, problem.place) == (1, "amount")
    assert problem.column


def test_what_waits_never_begins_once_it_is_cancelled_and_twice_is_once(odo: Staff) -> None:
    run = asked(odo)

    cancel_backtest(actor=odo, key=run.key, moment=NOW)
    cancel_backtest(actor=odo, key=run.key, moment=NOW + timedelta(hours=1))

    assert begun(run).state == "cancelled"
    assert (run.ended_at, run.figures, run.attempts) == (NOW, None, 0)


def test_what_runs_stops_between_two_chunks(odo: Staff) -> None:
    run = asked(odo)

    def meanwhile() -> bool:
        Backtest.objects.filter(pk=run.pk).update(cancel_asked_at=NOW)
        return False

    begun(run, leaving=meanwhile)

    assert (run.state, run.figures, Trial.objects.count()) == ("cancelled", None, 0)


def test_it_refuses_to_cancel_what_has_ended_and_for_who_may_not(odo: Staff) -> None:
    run = begun(asked(odo))

    with pytest.raises(UnableToBacktest, match="ended already"):
        cancel_backtest(actor=odo, key=run.key, moment=NOW)
    with pytest.raises(UnableToBacktest, match="permission"):
        cancel_backtest(actor=people.fei(), key=run.key, moment=NOW)


def test_a_process_that_leaves_hands_the_run_to_the_next_one(odo: Staff) -> None:
    run = asked(odo)

    with pytest.raises(queue.Leaving):
        begun(run, leaving=lambda: True)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.entries_done) == ("waiting", 0, 0)

    assert begun(run).state == "done"


def test_a_run_whose_process_was_killed_is_done_by_the_next_one(odo: Staff) -> None:
    run = asked(odo)
    Backtest.objects.filter(pk=run.pk).update(state="running", attempts=1, entries_done=5, started_at=NOW)

    assert begun(run).state == "done"
    assert run.attempts == 2


def test_a_run_that_kills_its_process_each_time_fails_and_says_so(odo: Staff) -> None:
    run = asked(odo)
    Backtest.objects.filter(pk=run.pk).update(state="running", attempts=3, started_at=NOW)

    assert begun(run).state == "failed"
    assert "died each time" in run.error


def test_a_run_that_goes_wrong_fails_with_the_reason(odo: Staff) -> None:
    run = asked(odo)
    Backtest.objects.filter(pk=run.pk).update(document={"title": {"en": "broken", "zh": "坏"}})

    assert begun(run).state == "failed"
    assert run.error
    assert run.figures is None


def test_an_ended_run_is_not_run_again(odo: Staff) -> None:
    run = begun(asked(odo))

    assert begun(run).attempts == 1


def test_who_lost_the_permission_meanwhile_keeps_the_figures_but_records_no_trial(odo: Staff) -> None:
    clerk = people.a_staff("Yu", permissions=[Permission.RULES_PROPOSE])
    run = asked(clerk)
    Backtest.objects.filter(pk=run.pk).update(asked_by=people.fei())

    begun(run)

    assert run.state == "done"
    assert run.error
    assert not Trial.objects.exists()


def test_at_the_machine_it_runs_at_once_and_tells_how_far_it_is(odo: Staff) -> None:
    told: list[tuple[int, int]] = []

    run = backtest_here(book=generous(), clock=lambda: NOW, watch=lambda done, in_all: told.append((done, in_all)))

    assert (run.state, run.asked_by) == ("done", None)
    assert told[-1] == (9, 9)


class Regret(Exception):
    """Whoever asked takes it back."""


def put_down_and_regret() -> None:
    with transaction.atomic():
        queue.put_down("growth.backtest", key="none")
        raise Regret


def test_a_job_whose_cause_is_taken_back_is_not_there() -> None:
    with pytest.raises(Regret):
        put_down_and_regret()

    assert db.fetch("SELECT count(*) FROM procrastinate_jobs") == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_a_job_needs_the_transaction_of_its_cause() -> None:
    with pytest.raises(db.TransactionMisuse):
        queue.put_down("growth.backtest", key="none")


@pytest.mark.django_db(transaction=True)
def test_the_job_is_there_with_its_cause_and_the_jobs_process_does_it() -> None:
    with transaction.atomic():
        staff = people.odo()
        ada = people.ada()
    publish_first_book(text=reference_book_text(), moment=NOW, effective_from=people.LONG_AGO)
    behave(ada.resident_id, community.CheckedIn(), NOW)
    run = asked(staff)
    assert db.fetch("SELECT task_name, status::text FROM procrastinate_jobs") == [("growth.backtest", "todo")]

    queue.work_off(wait=False)

    run.refresh_from_db()
    assert run.state == "done"
    assert db.fetch("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    empty_city()
