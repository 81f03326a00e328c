"""The daily summary and what comes after it: exact at any moment."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from denizen.ground.ledger.queries.circulation import total
from denizen.insight.central_bank.commands import fill_days
from denizen.insight.central_bank.queries import MEASURES, Clocks, Scope, circulation, cohort_sums
from denizen.insight.central_bank.testing import a_history

ZONE = "Asia/Shanghai"
FLOWS = [code for code, measure in MEASURES.items() if measure.kept == "flows"]
COHORTS = [code for code, measure in MEASURES.items() if measure.kept == "cohorts"]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("filled", [False, True])
def test_every_kept_measure_is_the_sum_of_its_rows(seed: int, filled: bool) -> None:
    clocks = Clocks(ZONE, a_history(seed))
    if filled:
        assert fill_days(zone=ZONE, moment=clocks.now - timedelta(days=20)) > 0
    scope = Scope(until=clocks.today - timedelta(days=9), since=date(2026, 1, 20))
    sums = circulation(scope, clocks)

    for code in FLOWS:
        for each in (None, *sums.steps()):
            cell = sums.cell(code, each)
            assert cell.amount == total(MEASURES[code].rows(cell.scope, clocks)), (code, each)
    assert sums.cell("unnamed").amount == 0
    assert sums.cell("issued").amount > 0


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_every_cohort_is_the_sum_of_its_rows_and_all_cohorts_are_what_is_outstanding(seed: int) -> None:
    clocks = Clocks(ZONE, a_history(seed))
    fill_days(zone=ZONE, moment=clocks.now - timedelta(days=20))
    until = clocks.today + timedelta(days=1)
    kept = cohort_sums(clocks, until=until)

    for code in COHORTS:
        measure = MEASURES[code]
        for cohort in kept.cohorts():
            scope = Scope(until=until, cohort=cohort)
            assert kept.amount(measure.weights, cohort=cohort) == total(measure.rows(scope, clocks)), (code, cohort)
    outstanding = circulation(Scope(until=until, since=until - timedelta(days=5)), clocks).cell("outstanding").amount
    assert kept.amount(MEASURES["cohort_outstanding"].weights) == outstanding
    parts = [kept.amount(MEASURES[code].weights) for code in COHORTS if code != "cohort_outstanding"]
    assert parts[0] - sum(parts[1:]) == outstanding
