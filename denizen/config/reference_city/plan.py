"""What a reference city is to be, and one behaviour planned for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

RESIDENTS = 2_000
DAYS = 90
SEED = "lantern"
HERE = ZoneInfo("Asia/Shanghai")
HISTORY_DAYS = 720
"""How long before the watched days the first residents came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPlan:
    """``days`` of behaviour of ``residents``, the last of them up to ``ends_at``. The same plan gives the same city."""

    ends_at: datetime
    seed: str = SEED
    residents: int = RESIDENTS
    days: int = DAYS

    @property
    def begins_at(self) -> datetime:
        """Midnight of the first watched day."""
        first = self.ends_at.astimezone(HERE).date() - timedelta(days=self.days - 1)
        return datetime.combine(first, time(), HERE)

    @property
    def founded_at(self) -> datetime:
        """Before the first resident came: from when rules and staff are in force."""
        return self.begins_at - timedelta(days=HISTORY_DAYS)


class Planned(NamedTuple):
    """A behaviour to be recorded: by which source, of whom (number), an object of the vocabulary, when.

    ``external_id`` is the same in every run, so recording twice is harmless. ``price``: points spent with it.
    """

    source: str
    who: int
    behaviour: object
    occurred_at: datetime
    external_id: str
    price: int = 0


APP, SERVICE, SALES, MALL, VEHICLES = "demo-app", "demo-service", "demo-sales", "demo-mall", "demo-vehicles"
SOURCES = {APP: None, SERVICE: None, SALES: None, MALL: None, VEHICLES: 7 * 86_400}
"""The systems that report, with the lateness each is allowed in seconds (None: unlimited)."""
