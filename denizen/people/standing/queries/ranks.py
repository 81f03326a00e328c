"""Rank by the published tie rule: more n first, then who reached the total earlier, then the older resident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from denizen.people.standing import rules
from denizen.people.standing.constants import CLASS_TITLES, CONTRIBUTION_CLASSES, RANKING_PAGE_MAX
from denizen.people.standing.models import Standing


class RankKey(NamedTuple):
    """Where a page of the ranking ended: what the next one goes on after."""

    position: int
    total: int
    reached_at: datetime
    resident: int


@dataclass(frozen=True, slots=True)
class RankLine:
    """A line of the ranking. ``total`` in n; ``own``: it is the viewer's."""

    position: int
    resident: int
    public_id: UUID
    total: int
    reached_at: datetime
    own: bool

    @property
    def key(self) -> RankKey:
        return RankKey(self.position, self.total, self.reached_at, self.resident)


@dataclass(frozen=True, slots=True)
class ClassShare:
    """Contribution of one class in n, and its share of the total in permille."""

    code: str
    title_en: str
    title_zh: str
    amount: int
    share: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A resident's contribution over the four classes (B-49). ``reached_at`` is None for who never received any."""

    resident: int
    classes: tuple[ClassShare, ...]
    total: int
    reached_at: datetime | None


def ranking(viewer: int | None, after: RankKey | None = None, limit: int = 50) -> list[RankLine]:
    """Up to ``limit`` lines of the ranking that follow ``after``. Who stands at 0 n has no place in it.

    ``viewer``: the key of the resident who looks, None for a guest. One query, along the index, however deep the page.
    Raises ValueError for a limit outside 1 to 200.
    """
    if not 1 <= limit <= RANKING_PAGE_MAX:
        raise ValueError(f"a page of the ranking has 1 to {RANKING_PAGE_MAX} lines")
    rows = _ranked()
    if after is not None:
        rows = rows.filter(_behind(after.total, after.reached_at, after.resident))
    first = after.position + 1 if after else 1
    columns = rows.values_list("resident_id", "resident__public_id", "total", "reached_at")[:limit]
    return [
        RankLine(position, resident, public_id, total, reached_at, own=resident == viewer)
        for position, (resident, public_id, total, reached_at) in enumerate(columns, start=first)
    ]


def rank_of(resident: int) -> int | None:
    """The place of a resident, from 1; None for who has no contribution."""
    own = Standing.objects.filter(total__gt=0, resident=resident).first()
    if own is None:
        return None
    ahead = Q(total__gt=own.total) | Q(total=own.total) & (
        Q(reached_at__lt=own.reached_at) | Q(reached_at=own.reached_at, resident__lt=resident)
    )
    return 1 + Standing.objects.filter(ahead, total__gte=own.total).count()


def distance_to(resident: int, position: int) -> int:
    """How much n is certain to bring ``resident`` to place ``position`` as things stand; 0 for who is there or better.

    With as much as the holder one stays behind him, so it takes one more. A place nobody holds takes any n at all.
    Raises ValueError for a position below 1.
    """
    if position < 1:
        raise ValueError("places of the ranking start at 1")
    own_rank = rank_of(resident)
    if own_rank is not None and own_rank <= position:
        return 0
    holder = _ranked().values_list("total", flat=True)[position - 1 : position]
    own = Standing.objects.filter(resident=resident).values_list("total", flat=True).first()
    return rules.needed_to_pass(own or 0, next(iter(holder), 0))


def profile(resident: int) -> Profile:
    """A resident's contribution by class, in total and in shares. One query, however long his history (B-49)."""
    row = Standing.objects.filter(resident=resident).first()
    amounts = [getattr(row, code) if row else 0 for code in CONTRIBUTION_CLASSES]
    classes = tuple(
        ClassShare(code, *CLASS_TITLES[code], amount, share)
        for code, amount, share in zip(CONTRIBUTION_CLASSES, amounts, rules.shares(amounts), strict=True)
    )
    return Profile(resident, classes, sum(amounts), row.reached_at if row else None)


def _ranked() -> QuerySet[Standing]:
    return Standing.objects.filter(total__gt=0).order_by("-total", "reached_at", "resident_id")


def _behind(total: int, reached_at: datetime, resident: int) -> Q:
    """Behind a line. The bound over ``total`` alone says the same less sharply, so that the index can begin there."""
    return Q(total__lte=total) & (
        Q(total__lt=total) | Q(reached_at__gt=reached_at) | Q(reached_at=reached_at, resident__gt=resident)
    )
