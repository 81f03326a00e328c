"""The yearly list: as it was frozen, computed again from the journal, and what late entries change (B-64, C-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from denizen.people.standing.models import FrozenLine, FrozenYear
from denizen.people.standing.queries import journal
from denizen.people.standing.rules import YearLine, year_digest


@dataclass(frozen=True, slots=True)
class YearList:
    """A frozen list. It counts what is effective from ``since`` (None: ever) until before ``until``."""

    year: int
    basis: str
    since: datetime | None
    until: datetime
    frozen_at: datetime
    digest: str
    lines: tuple[YearLine, ...]


@dataclass(frozen=True, slots=True)
class YearCheck:
    """The digest as frozen, over the stored lines, and over lines computed again from the journal of then."""

    year: int
    frozen: str
    stored: str
    recomputed: str

    @property
    def matches(self) -> bool:
        return self.frozen == self.stored == self.recomputed


@dataclass(frozen=True, slots=True)
class YearDifference:
    """Where what we know today differs from the frozen list: a line's place and n, None where it has no place."""

    resident: int
    public_id: UUID
    frozen_position: int | None
    frozen_contribution: int | None
    position_today: int | None
    contribution_today: int | None


def frozen_year(year: int) -> YearList | None:
    """The list of ``year``, or None while it is not frozen."""
    frozen = FrozenYear.objects.filter(year=year).first()
    if frozen is None:
        return None
    columns = ("position", "resident_id", "resident__public_id", "contribution", "reached_at")
    rows = FrozenLine.objects.filter(year_id=year).order_by("position").values_list(*columns)
    lines = tuple(YearLine(*row) for row in rows)
    return YearList(frozen.year, frozen.basis, frozen.since, frozen.until, frozen.frozen_at, frozen.digest, lines)


def frozen_years() -> list[int]:
    """The years that have a list, latest first."""
    return list(FrozenYear.objects.order_by("-year").values_list("year", flat=True))


def recompute_year(year: int) -> YearCheck | None:
    """Compute the list of a frozen ``year`` again from the journal as it was known then; None while not frozen."""
    frozen, stored = FrozenYear.objects.filter(year=year).first(), frozen_year(year)
    if frozen is None or stored is None:
        return None
    known = journal.Known(frozen.known_to, frozen.unseen)
    lines = year_lines(frozen.since, frozen.until, frozen.places, known)
    return YearCheck(year, frozen.digest, year_digest(stored.lines), year_digest(lines))


def year_differences(year: int) -> list[YearDifference]:
    """What the list of ``year`` would say differently, had it been frozen with all we know today; frozen order first.

    Late entries and late reversals show here and nowhere else: the list stays as frozen. Empty while not frozen.
    """
    frozen, stored = FrozenYear.objects.filter(year=year).first(), frozen_year(year)
    if frozen is None or stored is None:
        return []
    then = {line.resident: line for line in stored.lines}
    lines_today = year_lines(frozen.since, frozen.until, frozen.places, journal.everything())
    today = {line.resident: line for line in lines_today}
    return [
        _difference(then.get(resident), today.get(resident))
        for resident in then | today
        if then.get(resident) != today.get(resident)
    ]


def year_lines(since: datetime | None, until: datetime, places: int, known: journal.Known) -> list[YearLine]:
    """The list the journal gives, of what was ``known``."""
    return [
        YearLine(position, *earned)
        for position, earned in enumerate(journal.earned(since, until, places, known), start=1)
    ]


def _difference(then: YearLine | None, today: YearLine | None) -> YearDifference:
    line = then or today
    if line is None:
        raise ValueError("a difference is about somebody")
    return YearDifference(
        line.resident,
        line.public_id,
        then.position if then else None,
        then.contribution if then else None,
        today.position if today else None,
        today.contribution if today else None,
    )
