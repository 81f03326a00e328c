"""A review as the resident reads it whom it concerns: why, since when, what waits, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from denizen.ground.ledger.constants import PURPOSE_QUARANTINE, wallet
from denizen.kit import db
from denizen.people.risk.constants import STATEMENTS_MAX
from denizen.people.risk.models import Statement
from denizen.people.risk.queries.desk import Said, SignalView, signals_of

SHOWN_AFTER = timedelta(days=60)
"""How long an ended review stays on the resident's page."""

ABOUT_SQL = """
SELECT held.id, held.state, held.opened_at, held.lapses_at,
  (SELECT coalesce(sum(apart), 0) FROM risk_quarantine AS kept
     WHERE kept.case_id = held.id AND kept.resident_id = party.resident_id AND kept.slot = 0)::bigint,
  (SELECT coalesce(sum(apart), 0) FROM risk_quarantine AS kept
     WHERE kept.case_id = held.id AND kept.resident_id = party.resident_id AND kept.slot > 0)::bigint,
  (SELECT count(*) FROM risk_waitingentry AS waiting JOIN chronicle_entry AS entry ON entry.id = waiting.entry_id
     WHERE waiting.case_id = held.id AND entry.resident_id = party.resident_id),
  verdict.decided_at, verdict.reason, verdict.staff_id IS NULL AND verdict.case_id IS NOT NULL
FROM risk_caseparty AS party JOIN risk_case AS held ON held.id = party.case_id
LEFT JOIN risk_verdict AS verdict ON verdict.case_id = held.id
WHERE party.resident_id = %s AND (held.state = 'open' OR verdict.decided_at >= %s) ORDER BY held.opened_at DESC, held.id
"""
POINTS_SQL = """
SELECT coalesce(sum(hold.amount), 0) FROM ledger_hold AS hold JOIN ledger_purpose AS purpose
  ON purpose.id = hold.purpose_id WHERE hold.account_id = %s AND hold.state = 'pending' AND purpose.code = %s
"""
IN_REVIEW_SQL = """
SELECT kept.entry_id FROM risk_quarantine AS kept JOIN risk_case AS held ON held.id = kept.case_id
WHERE kept.resident_id = %s AND kept.entry_id = ANY(%s) AND held.state = 'open' AND kept.apart > 0
"""


@dataclass(frozen=True, slots=True)
class Review:
    """A case about the resident who looks. He reads of his own part only, never who else is named."""

    case: int
    state: str
    opened_at: datetime
    lapses_at: datetime
    points: int
    contribution: int
    waiting: int
    decided_at: datetime | None
    reason: str
    lapsed: bool
    signals: tuple[SignalView, ...]
    statements: tuple[Said, ...]

    @property
    def may_say(self) -> bool:
        return self.state == "open" and len(self.statements) < STATEMENTS_MAX


def reviews_of(resident: int, moment: datetime) -> list[Review]:
    """The open reviews of ``resident`` and those that ended lately. One query where there is none."""
    found = []
    for case, state, opened_at, lapses_at, points, n, waiting, decided_at, reason, lapsed in db.fetch(
        ABOUT_SQL, (resident, moment - SHOWN_AFTER)
    ):
        said = Statement.objects.filter(case=case, resident_id=resident).order_by("id")
        found.append(
            Review(
                case, state, opened_at, lapses_at, points, n, waiting, decided_at, reason or "", bool(lapsed),
                tuple(one for one in signals_of(case) if resident in one.residents),
                tuple(Said(resident, one.words, one.said_at) for one in said),
            )
        )  # fmt: skip
    return found


def entries_in_review(resident: int, entries: list[int]) -> frozenset[int]:
    """Those of ``entries`` that brought ``resident`` something which is kept apart now. One query."""
    return frozenset(entry for (entry,) in db.fetch(IN_REVIEW_SQL, (resident, entries))) if entries else frozenset()


def points_in_review(resident: int) -> int:
    """How many points of ``resident`` open cases keep apart now. One query."""
    return int(db.fetch(POINTS_SQL, (wallet(resident), PURPOSE_QUARANTINE))[0][0])
