"""A month is closed once, never changes, and comes out again whatever is learnt later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.models import Staff
from denizen.ground.ledger.testing import a_resident, day, earn
from denizen.insight.central_bank.commands import UnableToClose, Values, close_month, fill_days, set_assumption
from denizen.insight.central_bank.models import DayFlow, MonthClose
from denizen.insight.central_bank.queries import Clocks, recomputed, verify
from denizen.insight.central_bank.testing import a_history

ZONE = "Asia/Shanghai"
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture
def lived(odo: Staff) -> Clocks:
    now = a_history(3, steps=150)
    values = Values(
        currency="CNY", value_per_thousand=10_000, sold_per_thousand=0, redeemed_permille=850, month_points_max=None,
        quiet_months=6, outlier_times=5,
    )  # fmt: skip
    set_assumption(actor=odo, values=values, reason="As the textbook has it.", moment=now)
    return Clocks(ZONE, now)


def closed(actor: Staff, clocks: Clocks, month: date = JANUARY) -> MonthClose:
    return close_month(actor=actor, month=month, zone=ZONE, moment=clocks.now)


def test_opening_and_movements_come_to_the_closing(lived: Clocks, odo: Staff) -> None:
    for month in (JANUARY, FEBRUARY):
        lines = closed(odo, lived, month).lines
        moved = lines["issued"] - sum(lines[name] for name in ("spent", "expired", "reversed", "taken", "settled"))
        assert lines["opening_outstanding"] + moved == lines["closing_outstanding"]
        assert lines["opening_debt"] + lines["debt_arisen"] - lines["repaid"] == lines["closing_debt"]
        assert lines["liability_minor"] > 0


def test_news_that_comes_late_leaves_the_close_as_it_is_and_stands_in_the_next_month(lived: Clocks, odo: Staff) -> None:
    close = closed(odo, lived)
    before = recomputed(close, lived)

    earn(a_resident(), 777, moment=day(5), recorded_at=day(40))

    after = recomputed(close, lived)
    assert before.agrees
    assert after.agrees
    assert dict(after.lines) == close.lines
    assert closed(odo, lived, FEBRUARY).lines["late_issued"] >= 777


def test_a_month_is_closed_once_and_in_its_turn(lived: Clocks, odo: Staff) -> None:
    with pytest.raises(UnableToClose):
        closed(odo, lived, FEBRUARY)
    closed(odo, lived)
    with pytest.raises(UnableToClose):
        closed(odo, lived)


def test_a_month_that_is_not_over_is_not_closed(odo: Staff) -> None:
    earn(a_resident(), 5, moment=day(1))

    with pytest.raises(UnableToClose):
        closed(odo, Clocks(ZONE, day(20)))


def test_who_may_only_read_closes_nothing(lived: Clocks, fei: Staff) -> None:
    with pytest.raises(UnableToAct):
        closed(fei, lived)


@pytest.mark.parametrize(
    "statement", ["UPDATE central_bank_monthclose SET digest = ''", "DELETE FROM central_bank_monthclose"]
)
def test_the_database_lets_nobody_change_a_close(lived: Clocks, odo: Staff, statement: str) -> None:
    closed(odo, lived)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_is_kept_is_proven_and_a_changed_sum_is_found(lived: Clocks, odo: Staff) -> None:
    closed(odo, lived)
    fill_days(zone=ZONE, moment=lived.now)
    assert verify(lived) == []

    row = DayFlow.objects.order_by("pk").first()
    DayFlow.objects.filter(pk=row.pk).update(amount=row.amount + 1)

    assert [found.code for found in verify(lived)] == ["day_flows"]
    assert row.recorded_on in verify(lived)[0].days


def test_a_day_that_grew_after_it_was_summed_is_summed_again(lived: Clocks) -> None:
    fill_days(zone=ZONE, moment=lived.now)
    earn(a_resident(), 12, moment=day(2), recorded_at=day(3))
    assert [found.code for found in verify(lived)] == ["day_flows", "day_cohorts"]

    fill_days(zone=ZONE, moment=lived.now + timedelta(days=1))

    assert verify(lived) == []


def test_filling_twice_a_day_does_nothing(lived: Clocks) -> None:
    assert fill_days(zone=ZONE, moment=lived.now) > 0
    assert fill_days(zone=ZONE, moment=lived.now) == 0
