"""Where residents lived at a moment. Only pilots ask, so nothing of it is loaded where none is in force."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from denizen.ground.identity.queries.facts import MICROS
from denizen.kit import db
from denizen.kit.clock import to_micros

LIVED_SQL = f"SELECT resident_id, {MICROS.format('since')}, city FROM identity_residence"
IN_ORDER = " ORDER BY resident_id, since"
KNOWN_SQL = """
SELECT city, min(city_tier), count(*) FROM (
  SELECT DISTINCT ON (resident_id) resident_id, city, city_tier FROM identity_residence
  WHERE since <= %s ORDER BY resident_id, since DESC
) AS living WHERE city <> '' GROUP BY city ORDER BY count(*) DESC, city
"""


class City(NamedTuple):
    """A city as residents' profiles name it. ``tier``: 1 for the largest, None where nobody said."""

    name: str
    tier: int | None
    residents: int


class Cities:
    """The cities of some residents over time."""

    def __init__(self, lived: Iterable[tuple[int, int, str]] = ()) -> None:
        self._lived: dict[int, tuple[list[int], list[str]]] = {}
        for resident, since_us, city in lived:
            moments, cities = self._lived.setdefault(resident, ([], []))
            moments.append(since_us)
            cities.append(city)

    def at(self, resident: int, moment_us: int) -> str:
        """Where the resident lived at a moment (microseconds since 2000-01-01 UTC); empty when nobody said."""
        moments, cities = self._lived.get(resident, ((), ()))
        place = bisect_right(moments, moment_us)
        return cities[place - 1] if place else ""


def cities_of(residents: Iterable[int]) -> Cities:
    """The cities of ``residents`` (keys). One query, none when nobody is asked about."""
    asked = list(residents)
    return Cities(_lived(asked)) if asked else Cities()


def cities_of_all() -> Cities:
    """The cities of everybody, for a replay of the whole history. One query."""
    return Cities(_lived(None))


def city_of(resident: int, moment: datetime) -> str:
    """Where one resident lived at ``moment``; empty when nobody said."""
    return cities_of([resident]).at(resident, to_micros(moment))


def known_cities(moment: datetime) -> list[City]:
    """Every city somebody lives in at ``moment``, the most peopled first."""
    return [City(*row) for row in db.fetch(KNOWN_SQL, (moment,))]


def _lived(residents: list[int] | None) -> Iterator[tuple[int, int, str]]:
    if residents is None:
        yield from ((row[0], row[1], row[2]) for row in db.fetch(LIVED_SQL + IN_ORDER))
    else:
        found = db.fetch(LIVED_SQL + " WHERE resident_id = ANY(%s)" + IN_ORDER, (residents,))
        yield from ((row[0], row[1], row[2]) for row in found)
