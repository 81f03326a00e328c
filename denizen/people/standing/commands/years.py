"""The yearly list, frozen once and for good (B-64, C-05)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from django.conf import settings

from denizen.ground.identity.commands import Actor, note_act, require_permit
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.kit.explained import Explained
from denizen.people.standing.constants import YEARLY_PLACES, YEARLY_PLACES_MAX, YEARS
from denizen.people.standing.models import FrozenLine, FrozenYear
from denizen.people.standing.queries import journal
from denizen.people.standing.queries.years import year_lines
from denizen.people.standing.rules import year_bounds, year_digest

FREEZE_LOCK = 7_302
"""An advisory lock: of two who freeze at once, the second finds the list frozen."""


class UnableToFreeze(Explained):
    """The list of a year cannot be frozen, or not again."""

    sentences: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "year": {
            "en": "The year {year} is outside the calendar of this city.",
            "zh": "{year} 年超出了本城的日历范围。",
        },
        "basis": {
            "en": "The ranking is by contribution of the “year” or in “total”, not by “{basis}”.",
            "zh": "榜单只能按当年（year）或累计（total）贡献值排名，不能按“{basis}”。",
        },
        "places": {
            "en": "The list has 1 to {most} places, not {places}.",
            "zh": "榜单名额应为 1 至 {most} 个，而不是 {places} 个。",
        },
        "until": {
            "en": "The list of {year} counts until a moment of that year or its end, in the city's time.",
            "zh": "{year} 年榜单的截止时间须在当年之内或年末（以本城时区为准）。",
        },
        "future": {
            "en": "The list counts until {until}, which has not come yet: wait until then.",
            "zh": "榜单截止时间 {until} 尚未到来，请届时再冻结。",
        },
        "frozen": {
            "en": "The list of {year} is frozen already. Later entries show beside it as differences.",
            "zh": "{year} 年榜单已经冻结。之后补录的记录会作为差异显示在榜单旁。",
        },
    }


def freeze_year(
    *,
    actor: Actor,
    year: int,
    moment: datetime,
    until: datetime | None = None,
    basis: Literal["year", "total"] = "year",
    limit: int = YEARLY_PLACES,
) -> FrozenYear:
    """Freeze the list of ``year``: the ``limit`` residents with most contribution, by the published tie rule.

    ``basis`` "year" counts what became effective within the year in the city's time zone, net of reversals effective
    within it; "total" counts everything effective before ``until``. ``until`` (not included) is the year's end unless
    named. Only postings in the journal now count, and which these are is kept, so that the list can be recomputed.

    Opens its transaction. Refused with ``UnableToFreeze``, or ``UnableToAct`` without the permit or a post.
    """
    begins_at, ends_at = _bounds(year)
    until = until or ends_at
    _refuse_terms(year, begins_at, ends_at, until, basis, limit, moment)
    with db.opening():
        require_permit(actor=actor, permission=Permission.YEARS_FREEZE, moment=moment)
        db.execute("SELECT pg_advisory_xact_lock(%s, %s)", (FREEZE_LOCK, year))
        if FrozenYear.objects.filter(year=year).exists():
            raise UnableToFreeze("frozen", year=year)
        known = journal.known(moment)
        since = begins_at if basis == "year" else None
        lines = year_lines(since, until, limit, known)
        frozen = FrozenYear.objects.create(
            year=year,
            basis=basis,
            since=since,
            until=until,
            places=limit,
            known_to=known.last,
            unseen=known.unseen,
            staff=actor if isinstance(actor, Staff) else None,
            frozen_at=moment,
            digest=year_digest(lines),
        )
        FrozenLine.objects.bulk_create(
            FrozenLine(
                year=frozen,
                position=line.position,
                resident_id=line.resident,
                contribution=line.contribution,
                reached_at=line.reached_at,
            )
            for line in lines
        )
        note_act(
            actor=actor,
            act="year.frozen",
            subject_kind="frozen_year",
            subject_id=str(year),
            details={"basis": basis, "places": limit, "digest": frozen.digest},
            moment=moment,
        )
    return frozen


def _bounds(year: int) -> tuple[datetime, datetime]:
    if year not in YEARS:
        raise UnableToFreeze("year", year=year)
    return year_bounds(year, settings.CITY_TIME_ZONE)


def _refuse_terms(
    year: int, begins_at: datetime, ends_at: datetime, until: datetime, basis: str, limit: int, moment: datetime
) -> None:
    if basis not in ("year", "total"):
        raise UnableToFreeze("basis", basis=basis)
    if not 1 <= limit <= YEARLY_PLACES_MAX:
        raise UnableToFreeze("places", places=limit, most=YEARLY_PLACES_MAX)
    if not begins_at < until <= ends_at:
        raise UnableToFreeze("until", year=year)
    if until > moment:
        raise UnableToFreeze("future", until=until.isoformat(timespec="minutes"))
