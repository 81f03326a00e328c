"""Late entries, for the desk where a person reviews them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from denizen.ground.chronicle.constants import PAGE_SIZE_MAX
from denizen.ground.chronicle.kinds import BY_NUMBER, Kind
from denizen.ground.chronicle.models import Entry, Undecided


@dataclass(frozen=True, slots=True)
class LateEntry:
    """An entry that came later than its source allows and waits for a person."""

    entry_id: int
    kind: Kind
    resident_id: int
    source: str
    occurred_at: datetime
    recorded_at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LatePage:
    """A page of late entries; ``after`` opens the next page, None on the last."""

    entries: tuple[LateEntry, ...]
    after: int | None


def late_entries(*, after: int = 0, limit: int = 50) -> LatePage:
    """Entries waiting for review in the order of recording, those behind ``after`` (an entry id), two queries a page.

    The entrance asks whether its viewer may review.
    """
    size = max(1, min(limit, PAGE_SIZE_MAX))
    ids = list(
        Undecided.objects.filter(state=Undecided.State.REVIEW, entry_id__gt=after)
        .order_by("entry_id")
        .values_list("entry_id", flat=True)[: size + 1]
    )
    page = _read(ids[:size])
    return LatePage(page, page[-1].entry_id if len(ids) > size else None)


def late_entry_count() -> int:
    """How many entries wait for review."""
    return Undecided.objects.filter(state=Undecided.State.REVIEW).count()


def late_entry(*, entry_id: int) -> LateEntry | None:
    """One entry that waits for review; None when it does not."""
    waits = Undecided.objects.filter(state=Undecided.State.REVIEW, entry_id=entry_id).exists()
    return next(iter(_read([entry_id])), None) if waits else None


def _read(ids: Sequence[int]) -> tuple[LateEntry, ...]:
    rows = Entry.objects.filter(id__in=ids).select_related("source").order_by("id")
    return tuple(
        LateEntry(
            row.id,
            BY_NUMBER[row.kind_id],
            row.resident_id,
            row.source.code,
            row.occurred_at,
            row.recorded_at,
            row.payload,
        )
        for row in rows
    )
