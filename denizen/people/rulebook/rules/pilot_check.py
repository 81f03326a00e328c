"""Static checks of a pilot: where it is tried, against which cities, and for how long."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import timedelta

from .model import PILOT_DAYS_MAX, Rule
from .problems import Problem

CITIES_MAX = 200
CITY_LENGTH_MAX = 60


def pilot_problems(item: str, rule: Rule) -> Iterator[Problem]:
    """Everything wrong with the pilot of a rule but its question; nothing for a rule that is none."""
    pilot = rule.pilot
    if pilot is None:
        return
    if not 1 <= len(pilot.cities) <= CITIES_MAX:
        yield Problem("pilot_cities", None, {"most": CITIES_MAX}, item, "pilot.cities")
    for name in ("cities", "compare_with"):
        yield from _city_problems(item, f"pilot.{name}", getattr(pilot, name))
    for number, city in enumerate(pilot.compare_with, start=1):
        if city in pilot.cities:
            yield Problem("pilot_city_both", None, {"city": city[:60]}, item, f"pilot.compare_with[{number}]")
    yield from _period_problems(item, rule)


def _city_problems(item: str, place: str, cities: Sequence[str]) -> Iterator[Problem]:
    for number, city in enumerate(cities, start=1):
        at = f"{place}[{number}]"
        if not city.strip() or city != city.strip() or len(city) > CITY_LENGTH_MAX or _has_controls(city):
            yield Problem("pilot_city_shape", None, {"most": CITY_LENGTH_MAX}, item, at)
        if city in cities[: number - 1]:
            yield Problem("code_twice", None, {"code": city[:60]}, item, at)


def _period_problems(item: str, rule: Rule) -> Iterator[Problem]:
    begins, ends = rule.valid_from, rule.valid_to
    if begins is None or ends is None:
        yield Problem("pilot_without_period", None, {}, item, "pilot")
    elif begins.tzinfo is not None and ends.tzinfo is not None and ends - begins > timedelta(days=PILOT_DAYS_MAX):
        yield Problem("pilot_too_long", None, {"most": PILOT_DAYS_MAX, "found": (ends - begins).days}, item, "valid_to")


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(character)[0] == "C" for character in text)
