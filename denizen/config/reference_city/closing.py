"""What the reference city shows on its last day: honours, grants, a late entry, expired points, closed months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from denizen.config.reference_city import brand
from denizen.config.reference_city.banking import keep_bank
from denizen.config.reference_city.people import Path, Person
from denizen.config.reference_city.plan import VEHICLES, CityPlan, Planned
from denizen.config.reference_city.recording import live
from denizen.config.reference_city.suspicions import raise_suspicions
from denizen.config.reference_city.treasury import give_freely
from denizen.ground.chronicle.kinds import car_use
from denizen.ground.chronicle.models import Source
from denizen.ground.identity.models import Staff
from denizen.ground.ledger import commands as ledger
from denizen.kit import db
from denizen.people.standing.commands import give_honour
from denizen.people.standing.models import Honour

GIVER = "欧阳朵"


def close_days(plan: CityPlan, people: Sequence[Person], sources: Mapping[str, Source]) -> None:
    """Everything of the last day. Each part looks first whether it is there already."""
    staff = {each.name: each for each in Staff.objects.all()}
    _honour(plan, people, staff[GIVER])
    give_freely(plan, people, staff)
    _come_late(plan, people, sources)
    raise_suspicions(plan, people, staff, sources)
    with db.opening():
        while ledger.expire_due(moment=plan.ends_at).lots:
            pass
    keep_bank(plan, people, staff, sources)


def _honour(plan: CityPlan, people: Sequence[Person], giver: Staff) -> None:
    """The liveliest owners get one honour each (B-72, D-20)."""
    owners = [person for person in people if person.path in (Path.FOUNDER, Path.OWNER)]
    liveliest = sorted(owners, key=lambda person: (-person.liveliness, person.number))
    for person, (title_en, title_zh, reason) in zip(liveliest, brand.HONOURS, strict=False):
        if not Honour.objects.filter(resident_id=person.key, title_en=title_en).exists():
            give_honour(
                actor=giver, resident=person.key, title_en=title_en, title_zh=title_zh, reason=reason,
                moment=plan.ends_at,
            )  # fmt: skip


def _come_late(plan: CityPlan, people: Sequence[Person], sources: Mapping[str, Source]) -> None:
    """A car that was out of reach for three weeks reports at last: later than its source may, it waits for a person."""
    owner = next(person for person in people if person.owns_at(plan.begins_at))
    for name, days_ago in (("punctual", 0), ("late", 21)):
        used = car_use.OwnPileUsed(pile=f"pile-{owner.number}", energy=31_000)
        at = plan.ends_at - timedelta(days=days_ago, hours=1)
        # Lateness is measured against the latest moment the source has reported so far.
        vehicles = {VEHICLES: Source.objects.get(pk=sources[VEHICLES].pk)}
        live([Planned(VEHICLES, owner.number, used, at, f"{name}-charge")], people, vehicles, plan.ends_at)
