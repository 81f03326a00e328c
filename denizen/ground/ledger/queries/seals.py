"""Reads of the seals: the days that are closed, and how far the journal is sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from denizen.ground.ledger.constants import SLOTS
from denizen.ground.ledger.models import Posting
from denizen.ground.ledger.seal_models import DayRoot, Seal
from denizen.ground.ledger.seals.hashes import DayFields, SealFields
from denizen.ground.ledger.seals.roots import HEAD, line_of
from denizen.kit import db


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day with its root, as its line in the roots file says it."""

    fields: DayFields
    hash: bytes
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class SealedSoFar:
    """How far the journal is sealed. ``waiting``: postings that no seal covers yet."""

    number: int
    last_id: int
    total: int
    sealed_at: datetime | None
    waiting: int


def closed_days(*, latest: int | None = None) -> list[ClosedDay]:
    """Closed days in order; only the ``latest`` so many where that is given."""
    rows = DayRoot.objects.select_related("last_seal")
    if latest is None:
        return [closed_day(row) for row in rows.order_by("day")]
    return [closed_day(row) for row in reversed(rows.order_by("-day")[:latest])]


def roots_text(days: Iterable[ClosedDay] | None = None) -> str:
    """What the roots file says, as the database knows it."""
    return HEAD + "".join(line_of(day.fields, day.hash) for day in (closed_days() if days is None else days))


def sealed_so_far() -> SealedSoFar:
    last = Seal.objects.order_by("-number").first()
    after = last.last_id if last else 0
    waiting = db.fetch("SELECT count(*) FROM ledger_posting WHERE id > %s", (after,))[0][0]
    if last is None:
        return SealedSoFar(0, 0, 0, None, waiting)
    return SealedSoFar(last.number, last.last_id, last.total, last.sealed_at, waiting)


def touches(*, posting: int, resident: int) -> bool:
    """Whether a posting moves something of a resident's."""
    accounts = range(resident * SLOTS, (resident + 1) * SLOTS)
    return Posting.objects.filter(Q(debit_id__in=accounts) | Q(credit_id__in=accounts), pk=posting).exists()


def closed_day(row: DayRoot) -> ClosedDay:
    last = row.last_seal
    fields = DayFields(
        row.day,
        row.seals,
        last.number,
        last.last_id,
        last.total,
        last.points,
        last.contribution,
        bytes(row.seals_root),
        bytes(last.hash),
        bytes(row.previous),
    )
    return ClosedDay(fields, bytes(row.hash), row.closed_at)


def fields_of(seal: Seal) -> SealFields:
    """What the hash of a seal covers, as its row says it."""
    return SealFields(
        seal.number, seal.day, seal.first_id, seal.last_id, seal.count, bytes(seal.root), seal.total, seal.points,
        seal.contribution, seal.sealed_at, bytes(seal.previous),
    )  # fmt: skip
