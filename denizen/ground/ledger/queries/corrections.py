"""Corrections and goodwill for many, with their lines; and the human side of postings made by staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from denizen.ground.ledger.constants import Slot
from denizen.ground.ledger.models import Correction, CorrectionLine, PostingReason

PAGE = 50


@dataclass(frozen=True, slots=True)
class CorrectionPart:
    """What one resident gets or loses: points, or contribution where ``slot`` says so."""

    resident: int
    slot: Slot
    amount: int


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction (or bulk grant): who proposed what and why, and who decided it. ``total`` sums what moves."""

    id: int
    kind: str
    state: str
    staff: int
    staff_name: str
    department_en: str
    department_zh: str
    envelope: str
    reason: str
    proposed_at: datetime
    decider_name: str
    decided_at: datetime | None
    parts: tuple[CorrectionPart, ...]

    @property
    def total(self) -> int:
        return sum(abs(part.amount) for part in self.parts)

    @property
    def waiting(self) -> bool:
        return self.state == Correction.State.PROPOSED


@dataclass(frozen=True, slots=True)
class Reason:
    """Who made a posting and why, in his words; empty words were erased."""

    staff_name: str
    approver_name: str
    department_en: str
    department_zh: str
    words: str
    staff: int


def waiting_correction_count() -> int:
    """How many corrections wait for a second person. One query along a small index."""
    return Correction.objects.filter(state=Correction.State.PROPOSED).count()


def corrections(*, waiting: bool, before: int | None = None, limit: int = PAGE) -> list[CorrectionView]:
    """A page of corrections, newest first: those that wait for a second person, or those decided. Two queries."""
    rows = Correction.objects.select_related("staff", "department", "decider", "envelope").order_by("-id")
    state = Correction.State.PROPOSED
    rows = rows.filter(state=state) if waiting else rows.exclude(state=state)
    page = list(rows.filter(id__lt=before)[:limit] if before is not None else rows[:limit])
    parts: dict[int, list[CorrectionPart]] = {}
    lines = CorrectionLine.objects.filter(correction__in=[row.pk for row in page]).order_by("correction_id", "ord")
    for line in lines if page else ():
        part = CorrectionPart(line.resident_id, Slot(line.slot), line.amount)
        parts.setdefault(line.correction_id, []).append(part)
    return [_view(row, tuple(parts.get(row.pk, ()))) for row in page]


def reasons_of(postings: Iterable[int]) -> dict[int, Reason]:
    """The human side of postings, by posting; those a rule made have none. One query."""
    found = PostingReason.objects.filter(posting__in=list(postings)).select_related("staff", "approver", "department")
    return {
        row.posting_id: Reason(
            row.staff.name,
            row.approver.name if row.approver else "",
            row.department.title_en,
            row.department.title_zh,
            row.reason,
            row.staff_id,
        )
        for row in found
    }


def _view(row: Correction, parts: tuple[CorrectionPart, ...]) -> CorrectionView:
    return CorrectionView(
        id=row.pk,
        kind=row.kind,
        state=row.state,
        staff=row.staff_id,
        staff_name=row.staff.name,
        department_en=row.department.title_en,
        department_zh=row.department.title_zh,
        envelope=(row.envelope.code or "").partition(":")[2],
        reason=row.reason,
        proposed_at=row.proposed_at,
        decider_name=row.decider.name if row.decider else "",
        decided_at=row.decided_at,
        parts=parts,
    )
