"""Keeping the sums of days that are over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from denizen.ground.ledger.queries.circulation import (
    COHORT_COLUMNS,
    FLOW_COLUMNS,
    cohort_days,
    flow_days,
    recorded_days,
)
from denizen.insight.central_bank.models import DayCohort, DayFigures, DayFlow
from denizen.insight.central_bank.queries.scope import Clocks
from denizen.kit import db

FILL_LOCK = 0x62616E6B
DAYS_AT_ONCE = 62
ROWS_AT_ONCE = 5_000
SETTLING = timedelta(minutes=15)


def fill_days(*, zone: str, moment: datetime) -> int:
    """Once a day: sum what is over by ``moment``, as ``refill_days`` does; returns how many days were summed.

    A day counts as over a quarter of an hour after its midnight, so that its last transactions have committed.
    """
    clocks = Clocks(zone, moment - SETTLING)
    if DayFigures.objects.filter(recorded_on=clocks.today - timedelta(days=1)).exists():
        return 0
    return refill_days(zone=zone, moment=clocks.now)


def refill_days(*, zone: str, moment: datetime) -> int:
    """Sum every day of recording that is over by ``moment`` and not kept as the journal has it; returns how many.

    A day whose postings became more since (a transaction committed late) is summed again. Days without a posting need
    no sums; the day before today is always kept, so that pages ask the journal only for what came since. Looks through
    the whole journal. Needs an open transaction.
    """
    db.required()
    clocks = Clocks(zone, moment)
    yesterday = clocks.today - timedelta(days=1)
    db.execute("SELECT pg_advisory_xact_lock(%s)", (FILL_LOCK,))
    there = recorded_days(zone=zone, known_until=clocks.midnight(clocks.today))
    kept = dict(DayFigures.objects.values_list("recorded_on", "postings"))
    changed = sorted(day for day, postings in there.items() if kept.get(day) != postings)
    for start in range(0, len(changed), DAYS_AT_ONCE):
        _sum(clocks, changed[start : start + DAYS_AT_ONCE])
    _note({day: there[day] for day in changed} | {yesterday: there.get(yesterday, 0)}, moment)
    return len(changed)


def _sum(clocks: Clocks, days: Collection[date]) -> None:
    known = {
        "known_from": clocks.midnight(min(days)),
        "known_until": clocks.midnight(max(days) + timedelta(days=1)),
    }
    for model, columns, rows in (
        (DayFlow, FLOW_COLUMNS, flow_days(zone=clocks.zone, **known)),
        (DayCohort, COHORT_COLUMNS, cohort_days(zone=clocks.zone, **known)),
    ):
        model.objects.filter(recorded_on__in=days).delete()
        wanted: list[Any] = [model(**dict(zip(columns, row, strict=True))) for row in rows if row[0] in days]
        model.objects.bulk_create(wanted, batch_size=ROWS_AT_ONCE)


def _note(days: dict[date, int], moment: datetime) -> None:
    DayFigures.objects.bulk_create(
        [DayFigures(recorded_on=day, postings=postings, filled_at=moment) for day, postings in days.items()],
        update_conflicts=True,
        unique_fields=["recorded_on"],
        update_fields=["postings", "filled_at"],
    )
