"""The statement of a month: what was recorded in it, what of that belongs to earlier days, and what stood at its end.

It is worked out from the journal alone, so anybody can work it out again, whatever was recorded since.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from denizen.ground.ledger.queries.circulation import Flow, cohort_days, flow_days
from denizen.insight.central_bank.models import Assumption, MonthClose
from denizen.insight.central_bank.queries.assumptions import terms_of
from denizen.insight.central_bank.queries.measures import MEASURES
from denizen.insight.central_bank.queries.scope import Clocks
from denizen.insight.central_bank.rules import Cohort, liability, months_on, rounded

MOVED = (
    "issued", "spent", "expired", "reversed", "taken", "settled", "given", "debt_arisen", "repaid", "clawed_back",
)  # fmt: skip
STOOD = ("outstanding", "debt")

Rows = list[tuple[date, date, str, int]]
"""Recorded on, effective on, flow, points."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A close as it stands and as it comes out now."""

    close: MonthClose
    lines: Mapping[str, int]
    digest: str

    @property
    def agrees(self) -> bool:
        return self.digest == self.close.digest and dict(self.lines) == self.close.lines


def statement(month: date, clocks: Clocks, assumption: Assumption | None) -> dict[str, int]:
    """Whole numbers by name: ``opening_``, the movements, ``late_`` (of them, what happened before the month),
    ``closing_``, and in money what the assumption allows. Three queries."""
    begins, ends = month, months_on(month, 1)
    told = flow_days(zone=clocks.zone, known_from=None, known_until=clocks.midnight(ends))
    rows: Rows = [(row[0], row[1], row[2], row[5]) for row in told]
    before = [row for row in rows if row[0] < begins]
    within = [row for row in rows if row[0] >= begins]
    lines = {f"opening_{code}": _sum(before, code) for code in STOOD}
    lines |= {code: _sum(within, code) for code in MOVED}
    lines |= {f"late_{code}": _sum([row for row in within if row[1] < begins], code) for code in MOVED}
    lines |= {f"closing_{code}": _sum(rows, code) for code in STOOD}
    lines["postings"] = sum(row[6] for row in told if row[0] >= begins)
    if assumption is not None:
        lines |= _money(clocks, ends, assumption)
    return lines


def digest_of(month: date, lines: Mapping[str, int]) -> str:
    """SHA-256 over the canonical form: month and names in order, no spaces."""
    text = json.dumps({"month": month.isoformat(), "lines": dict(lines)}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def month_closes() -> list[MonthClose]:
    """All closes, newest first. One query."""
    return list(MonthClose.objects.select_related("staff", "department", "assumption").order_by("-month"))


def month_close_of(month: date) -> MonthClose | None:
    return MonthClose.objects.select_related("staff", "department", "assumption").filter(month=month).first()


def recomputed(close: MonthClose, clocks: Clocks) -> Recomputed:
    """The close worked out again from the journal as it is now."""
    lines = statement(close.month, clocks, close.assumption)
    return Recomputed(close, lines, digest_of(close.month, lines))


def next_to_close(clocks: Clocks) -> date | None:
    """The month finance closes next: the one behind the last close, else the first with a posting; None: not over."""
    last = MonthClose.objects.order_by("-month").values_list("month", flat=True).first()
    month = months_on(last, 1) if last else first_month(clocks)
    return month if month is not None and months_on(month, 1) <= clocks.today else None


def first_month(clocks: Clocks) -> date | None:
    """The month in which points of residents first moved, by the day it was recorded; None: they never did."""
    told = flow_days(zone=clocks.zone, known_from=None, known_until=None)
    days = [row[0] for row in told if row[2] not in {Flow.FUND, Flow.UNFUND}]
    return min(days).replace(day=1) if days else None


def _sum(rows: Rows, code: str) -> int:
    weights = {str(flow): weight for flow, weight in (MEASURES[code].weights or {}).items()}
    return sum(weights[flow] * amount for _, _, flow, amount in rows if flow in weights)


def _money(clocks: Clocks, ends: date, assumption: Assumption) -> dict[str, int]:
    sums: dict[tuple[date, str], int] = defaultdict(int)
    for _, _, cohort, flow, amount in cohort_days(zone=clocks.zone, known_from=None, known_until=clocks.midnight(ends)):
        sums[cohort, flow] += amount

    def of(cohort: date, code: str) -> int:
        weights: Mapping[Flow, int] = MEASURES[code].weights or {}
        return sum(weight * sums.get((cohort, str(flow)), 0) for flow, weight in weights.items())

    cohorts = [
        Cohort(of(month, "cohort_issued"), of(month, "cohort_redeemed"), of(month, "cohort_outstanding"))
        for month in sorted({cohort for cohort, _ in sums})
    ]
    return {"liability_minor": rounded(liability(cohorts, terms_of(assumption)))}
