"""Proof of what is kept: every sum again from the journal, every close again from what was recorded by its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from denizen.ground.ledger.queries.circulation import COHORT_COLUMNS, FLOW_COLUMNS, cohort_days, flow_days
from denizen.insight.central_bank.models import DayCohort, DayFigures, DayFlow
from denizen.insight.central_bank.queries.closes import month_closes, recomputed
from denizen.insight.central_bank.queries.scope import Clocks

DAYS_NAMED_MAX = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, as a sentence in both languages, with the days or months it concerns."""

    code: str
    en: str
    zh: str
    days: tuple[date, ...]


def verify(clocks: Clocks) -> list[Finding]:
    """Everything kept that does not come out again; empty when all is well. Reads the whole journal."""
    last = DayFigures.objects.order_by("-recorded_on").values_list("recorded_on", flat=True).first()
    found = []
    if last is not None:
        until = clocks.midnight(last + timedelta(days=1))
        found += _compare(
            "day_flows", "The daily summary differs from the journal on", "每日汇总与流水不一致：",
            DayFlow.objects.values_list(*FLOW_COLUMNS), flow_days(zone=clocks.zone, known_from=None, known_until=until),
        )  # fmt: skip
        found += _compare(
            "day_cohorts", "The daily summary of cohorts differs from the lots on", "每日批次汇总与批次不一致：",
            DayCohort.objects.values_list(*COHORT_COLUMNS),
            cohort_days(zone=clocks.zone, known_from=None, known_until=until),
        )  # fmt: skip
    broken = tuple(close.month for close in month_closes() if not recomputed(close, clocks).agrees)
    if broken:
        found.append(_finding("month_close", "A closed month does not come out again:", "已结账月份无法重算：", broken))
    return found


def _compare(
    code: str, en: str, zh: str, kept: Iterable[tuple[Any, ...]], true: Iterable[tuple[Any, ...]]
) -> list[Finding]:
    there, wanted = Counter(kept), Counter(true)
    days = tuple(sorted({row[0] for row in (there - wanted) + (wanted - there)}))
    return [_finding(code, en, zh, days)] if days else []


def _finding(code: str, en: str, zh: str, days: tuple[date, ...]) -> Finding:
    named = ", ".join(day.isoformat() for day in days[:DAYS_NAMED_MAX])
    more = f" (+{len(days) - DAYS_NAMED_MAX})" if len(days) > DAYS_NAMED_MAX else ""
    return Finding(code, f"{en} {named}{more}.", f"{zh}{named}{more}。", days)
