"""Cases as reviewers read them: what waits, what it rests on, who said what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from denizen.kit import db
from denizen.people.risk.constants import SignalCode
from denizen.people.risk.models import Case, Statement, Verdict

CASES_SHOWN_MAX = 200
WEIGHED = timedelta(days=365)

LINES_SQL = """
SELECT held.id, held.public_id, held.state, held.opened_at, held.lapses_at,
  (SELECT count(*) FROM risk_caseparty WHERE case_id = held.id),
  (SELECT array_agg(DISTINCT signal.code ORDER BY signal.code) FROM risk_casesignal AS joined
     JOIN risk_signal AS signal ON signal.id = joined.signal_id WHERE joined.case_id = held.id),
  (SELECT coalesce(sum(apart), 0) FROM risk_quarantine WHERE case_id = held.id AND slot = 0)::bigint,
  (SELECT coalesce(sum(apart), 0) FROM risk_quarantine WHERE case_id = held.id AND slot > 0)::bigint,
  (SELECT coalesce(sum(amount - apart), 0) FROM risk_quarantine WHERE case_id = held.id AND slot = 0)::bigint,
  (SELECT count(*) FROM risk_waitingentry WHERE case_id = held.id),
  (SELECT count(*) FROM risk_statement WHERE case_id = held.id AND words <> ''),
  verdict.decided_at, staff.name, verdict.staff_id IS NULL AND verdict.case_id IS NOT NULL
FROM risk_case AS held LEFT JOIN risk_verdict AS verdict ON verdict.case_id = held.id
LEFT JOIN identity_staff AS staff ON staff.id = verdict.staff_id
"""
OPEN_SQL = f"{LINES_SQL} WHERE held.state = 'open' ORDER BY held.opened_at, held.id LIMIT {CASES_SHOWN_MAX}"
ENDED_SQL = (
    f"{LINES_SQL} WHERE held.state <> 'open' ORDER BY verdict.decided_at DESC, held.id DESC LIMIT {CASES_SHOWN_MAX}"
)
ONE_SQL = f"{LINES_SQL} WHERE held.public_id = %s"
SIGNALS_SQL = """
SELECT signal.id, signal.code, signal.strength, signal.version, signal.numbers::text, signal.begins_at, signal.ends_at,
  signal.found_at, (SELECT array_agg(resident_id ORDER BY resident_id) FROM risk_signalparty
    WHERE signal_id = signal.id), (SELECT count(*) FROM risk_signalentry WHERE signal_id = signal.id)
FROM risk_casesignal AS joined JOIN risk_signal AS signal ON signal.id = joined.signal_id
WHERE joined.case_id = %s ORDER BY signal.strength DESC, signal.id
"""
PARTIES_SQL = """
SELECT party.resident_id, coalesce(sum(kept.amount) FILTER (WHERE kept.slot = 0), 0)::bigint,
  coalesce(sum(kept.apart) FILTER (WHERE kept.slot = 0), 0)::bigint,
  coalesce(sum(kept.apart) FILTER (WHERE kept.slot > 0), 0)::bigint,
  (SELECT count(*) FROM risk_waitingentry AS waiting JOIN chronicle_entry AS entry ON entry.id = waiting.entry_id
     WHERE waiting.case_id = party.case_id AND entry.resident_id = party.resident_id)
FROM risk_caseparty AS party
LEFT JOIN risk_quarantine AS kept ON kept.case_id = party.case_id AND kept.resident_id = party.resident_id
WHERE party.case_id = %s GROUP BY party.case_id, party.resident_id ORDER BY 3 DESC, 1
"""
MOMENTS_SQL = """
SELECT entry.occurred_at FROM risk_signalentry AS linked JOIN chronicle_entry AS entry ON entry.id = linked.entry_id
WHERE linked.signal_id = %s ORDER BY entry.occurred_at
"""
WEIGHED_SQL = """
SELECT signal.code, count(*), count(joined.signal_id), count(*) FILTER (WHERE held.state = 'open'),
  count(*) FILTER (WHERE held.state = 'voided'), count(*) FILTER (WHERE held.state = 'released')
FROM risk_signal AS signal LEFT JOIN risk_casesignal AS joined ON joined.signal_id = signal.id
LEFT JOIN risk_case AS held ON held.id = joined.case_id
WHERE signal.found_at >= %s GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in the list. ``points`` and ``contribution``: kept apart; ``spent``: points that were gone already."""

    id: int
    public_id: UUID
    state: str
    opened_at: datetime
    lapses_at: datetime
    residents: int
    codes: tuple[str, ...]
    points: int
    contribution: int
    spent: int
    waiting: int
    statements: int
    decided_at: datetime | None
    decided_by: str
    lapsed: bool


@dataclass(frozen=True, slots=True)
class SignalView:
    """A signal with the figures of its sentence. ``residents``: keys; ``entries``: how many it rests on."""

    id: int
    code: str
    strength: int
    version: int
    numbers: dict[str, Any]
    begins_at: datetime
    ends_at: datetime
    found_at: datetime
    residents: tuple[int, ...]
    entries: int


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A resident of a case: what the evidence brought him in points, what of it and of contribution is kept apart."""

    resident: int
    brought: int
    points: int
    contribution: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Said:
    resident: int
    words: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything a reviewer reads before he decides."""

    line: CaseLine
    signals: tuple[SignalView, ...]
    parties: tuple[PartyLine, ...]
    statements: tuple[Said, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SignalWeight:
    """How a pattern has fared: signals found, how many came into cases, and how those ended."""

    code: str
    found: int
    in_cases: int
    open: int
    voided: int
    released: int

    @property
    def hit_rate(self) -> int | None:
        """Voided of decided, in permille; None while nothing was decided."""
        decided = self.voided + self.released
        return self.voided * 1_000 // decided if decided else None


def open_case_count() -> int:
    """How many cases wait for a reviewer."""
    return Case.objects.filter(state=Case.State.OPEN).count()


def open_cases() -> list[CaseLine]:
    """The cases that wait, the oldest first."""
    return _lines(db.fetch(OPEN_SQL))


def ended_cases() -> list[CaseLine]:
    """The cases that have ended, the latest first."""
    return _lines(db.fetch(ENDED_SQL))


def case_view(public_id: UUID) -> CaseView | None:
    """One case with all it rests on; None where there is none."""
    lines = _lines(db.fetch(ONE_SQL, (public_id,)))
    if not lines:
        return None
    case = lines[0].id
    reason = Verdict.objects.filter(case=case).values_list("reason", flat=True).first()
    said = Statement.objects.filter(case=case).exclude(words="").order_by("id")
    return CaseView(
        line=lines[0],
        signals=tuple(_signals(case)),
        parties=tuple(PartyLine(*row) for row in db.fetch(PARTIES_SQL, (case,))),
        statements=tuple(Said(one.resident_id, one.words, one.said_at) for one in said),
        reason=reason or "",
    )


def moments_of(signal: int) -> list[datetime]:
    """When the entries happened that a signal rests on, in order."""
    return [moment for (moment,) in db.fetch(MOMENTS_SQL, (signal,))]


def weighed_signals(moment: datetime) -> list[SignalWeight]:
    """Every pattern with how it fared in the last year, also those that found nothing."""
    known = {row[0]: SignalWeight(*row) for row in db.fetch(WEIGHED_SQL, (moment - WEIGHED,))}
    return [known.get(code, SignalWeight(code, 0, 0, 0, 0, 0)) for code in SignalCode]


def signals_of(case: int) -> list[SignalView]:
    """Why a case stands, the strongest first."""
    return list(_signals(case))


def _signals(case: int) -> Iterable[SignalView]:
    for id_, code, strength, version, numbers, begins_at, ends_at, found_at, parties, count in db.fetch(
        SIGNALS_SQL, (case,)
    ):
        yield SignalView(
            id_, code, strength, version, orjson.loads(numbers), begins_at, ends_at, found_at, tuple(parties), count
        )


def _lines(rows: Iterable[tuple[Any, ...]]) -> list[CaseLine]:
    found = []
    for *head, codes, points, contribution, spent, waiting, statements, decided_at, name, lapsed in rows:
        id_, public_id, state, opened_at, lapses_at, residents = head
        found.append(
            CaseLine(
                id_, public_id, state, opened_at, lapses_at, residents, tuple(codes or ()), points, contribution, spent,
                waiting, statements, decided_at, name or "", bool(lapsed),
            )
        )  # fmt: skip
    return found
