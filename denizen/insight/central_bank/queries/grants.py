"""Points people gave: which of them are unusual for their kind, and what was found about them (P-09, A-31)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from denizen.ground.ledger.queries.circulation import Flow, Line, page, posting_lines
from denizen.insight.central_bank.models import GrantReview
from denizen.insight.central_bank.queries.assumptions import outlier_times
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.rules import GRANTS_MIN, twice_median, usual_up_to
from denizen.kit import db

GRANTS = {Flow.GOODWILL: 1, Flow.CORRECTION_UP: 1}
GRANTS_READ_MAX = 100_000


@dataclass(frozen=True, slots=True)
class GrantKindLine:
    """All grants of one kind in the span. ``usual_max`` None: too few to tell what is usual."""

    purpose: str
    count: int
    amount: int
    twice_middle: int
    usual_max: int | None


@dataclass(frozen=True, slots=True)
class UnusualGrant:
    posting: int
    resident: int
    purpose: str
    amount: int
    usual_max: int
    given_at: datetime
    review: GrantReview | None


@dataclass(frozen=True, slots=True)
class Grants:
    kinds: tuple[GrantKindLine, ...]
    unusual: tuple[UnusualGrant, ...]
    times: int
    count_min: int = GRANTS_MIN


def grants(scope: Scope, clocks: Clocks) -> Grants:
    """Grants by people within the span, by kind; those far above the middle of their kind, largest first."""
    times = outlier_times()
    found = page(posting_lines(GRANTS, scope.span(clocks)), limit=GRANTS_READ_MAX)
    by_kind: dict[str, list[Line]] = defaultdict(list)
    for line in found:
        by_kind[line.purpose].append(line)
    kinds = tuple(_kind(purpose, lines, times) for purpose, lines in sorted(by_kind.items()))
    limits = {kind.purpose: kind.usual_max for kind in kinds}
    far = [line for line in found if (limit := limits[line.purpose]) is not None and line.amount > limit]
    reviews = {
        review.posting_id: review
        for review in GrantReview.objects.select_related("staff").filter(posting_id__in=[line.key[0] for line in far])
    }
    unusual = [
        UnusualGrant(
            line.key[0], line.resident or 0, line.purpose, line.amount, limits[line.purpose] or 0,
            line.effective_at or clocks.now, reviews.get(line.key[0]),
        )
        for line in sorted(far, key=lambda line: (-line.amount, line.key))
    ]  # fmt: skip
    return Grants(kinds, tuple(unusual), times)


def granted_to(posting: int) -> int | None:
    """Whom a grant by people went to; None: the posting is no such grant."""
    rows = db.fetch(
        "SELECT posting.credit_id / 8 FROM ledger_posting AS posting JOIN ledger_purpose AS purpose"
        " ON purpose.id = posting.purpose_id WHERE posting.id = %s AND purpose.code IN"
        " ('goodwill', 'surprise', 'correction') AND posting.credit_id >= 8000",
        (posting,),
    )
    return int(rows[0][0]) if rows else None


def _kind(purpose: str, lines: list[Line], times: int) -> GrantKindLine:
    amounts = [line.amount for line in lines]
    return GrantKindLine(purpose, len(lines), sum(amounts), twice_median(amounts), usual_up_to(amounts, times))
