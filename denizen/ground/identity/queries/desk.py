"""What the desk asks about residents: who is found, what they have been, what staff did for them.

The entrance asks whether its viewer may read residents.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from denizen.ground.chronicle.models import ExternalReference, Resident
from denizen.ground.identity.models import GradeSpan, PlanSpan, Profile, StaffAct

PAGE = 50


@dataclass(frozen=True, slots=True)
class ResidentLine:
    """One resident in a list. ``name`` is empty for who was erased or is known by key only."""

    resident: int
    public_id: uuid.UUID
    name: str
    created_at: datetime
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpanLine:
    """A grade or plan held over a range; ``until`` None: still held. ``entry`` is the fact that began it."""

    code: str
    plan: bool
    since: datetime
    until: datetime | None
    entry: int


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act of staff. ``staff_name`` is empty for the house."""

    id: int
    act: str
    staff_name: str
    department_en: str
    department_zh: str
    details: dict[str, Any]
    happened_at: datetime


def residents_found(*, words: str = "", before: int | None = None, limit: int = PAGE) -> list[ResidentLine]:
    """Residents whose name begins with ``words``, or whose public id or outside reference is ``words``; newest first.

    ``before`` is the key of the last one of the page read before. At most four queries, whatever the page.
    """
    rows = Resident.objects.order_by("-id")
    if "\x00" in words:
        return []  # no text in the database holds one, and it would refuse the question
    if words:
        rows = rows.filter(id__in=_matching(words))
    page = list((rows if before is None else rows.filter(id__lt=before))[:limit])
    return _lines(page)


def resident_line(public_id: uuid.UUID) -> ResidentLine | None:
    """One resident by his public id."""
    return next(iter(_lines(list(Resident.objects.filter(public_id=public_id)))), None)


def public_ids_of(residents: Iterable[int]) -> dict[int, uuid.UUID]:
    """The public ids of residents, by key. One query."""
    return dict(Resident.objects.filter(id__in=list(residents)).values_list("id", "public_id"))


def residents_of(public_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The keys of residents by public id; unknown ones are left out. One query."""
    return dict(Resident.objects.filter(public_id__in=list(public_ids)).values_list("public_id", "id"))


def spans_of(resident: int) -> list[SpanLine]:
    """Every grade and plan a resident has held, latest first. Two queries."""
    grades = [
        SpanLine(span.grade, False, span.held.lower, span.held.upper, span.entry_id)
        for span in GradeSpan.objects.filter(resident_id=resident)
    ]
    plans = [
        SpanLine(span.plan, True, span.held.lower, span.held.upper, span.entry_id)
        for span in PlanSpan.objects.filter(resident_id=resident)
    ]
    return sorted([*grades, *plans], key=lambda line: line.since, reverse=True)


def acts_on(*, resident: int, limit: int = PAGE) -> list[ActLine]:
    """What staff did about a resident (his key), honours included, latest first. One query."""
    rows = StaffAct.objects.filter(
        Q(subject_kind="resident", subject_id=str(resident)) | Q(subject_kind="honour", details__resident=resident)
    )
    return [
        ActLine(
            row.pk,
            row.act,
            row.staff.name if row.staff else "",
            row.department.title_en if row.department else "",
            row.department.title_zh if row.department else "",
            row.details,
            row.happened_at,
        )
        for row in rows.select_related("staff", "department").order_by("-id")[:limit]
    ]


def _matching(words: str) -> list[int]:
    by_reference = ExternalReference.objects.filter(reference=words).values_list("resident_id", flat=True)
    by_name = Profile.objects.filter(name__istartswith=words).values_list("resident_id", flat=True)
    asked = Q(id__in=by_reference) | Q(id__in=by_name)
    with suppress(ValueError):  # not a public id: then it is a name or a reference
        asked |= Q(public_id=uuid.UUID(words))
    return list(Resident.objects.filter(asked).values_list("id", flat=True))


def _lines(page: list[Resident]) -> list[ResidentLine]:
    keys = [row.pk for row in page]
    names = dict(Profile.objects.filter(resident_id__in=keys).values_list("resident_id", "name")) if keys else {}
    references: dict[int, list[str]] = {}
    for reference in ExternalReference.objects.filter(resident_id__in=keys).select_related("source") if keys else ():
        references.setdefault(reference.resident_id, []).append(f"{reference.source.code}:{reference.reference}")
    return [
        ResidentLine(row.pk, row.public_id, names.get(row.pk, ""), row.created_at, tuple(references.get(row.pk, ())))
        for row in page
    ]
