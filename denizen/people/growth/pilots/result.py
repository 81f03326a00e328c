"""The result of a pilot: counts by city, what it changed, and what each additional act cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from denizen.ground.identity.queries import known_cities
from denizen.people.growth.pilots.counts import Window, city_counts, paid_by
from denizen.people.growth.pilots.estimate import CityCount, Effect, TooFew, effect_on
from denizen.people.growth.pilots.known import PilotView

KEPT = 64


@dataclass(frozen=True, slots=True)
class PilotResult:
    """``acts`` and ``doers``: the effect on how often, and on how many residents do it. ``paid``: points, or n.

    ``per_act``: what was paid for each additional act; ``per_act_low`` and ``per_act_high`` are its interval, None
    where the interval of the effect reaches zero: then no number can be promised.
    """

    window: Window
    cities: tuple[CityCount, ...]
    acts: Effect | TooFew
    doers: Effect | TooFew
    paid: int
    per_act: Fraction | None
    per_act_low: Fraction | None
    per_act_high: Fraction | None


def pilot_result(pilot: PilotView, moment: datetime) -> PilotResult | None:
    """What can be told at ``moment``, counted to the full hour before it; None before the pilot has begun.

    Remembered for that hour, so that a page everybody may read does not count anew each time.
    """
    hour = moment.replace(minute=0, second=0, microsecond=0)
    until = min(pilot.ends_at, hour)
    if until <= pilot.begins_at:
        return None
    late = hour if pilot.state == "ended" else until  # entries of an ended pilot may still come in late
    return _counted(pilot, until, late)


def comparable(pilot: PilotView) -> tuple[str, ...]:
    """The cities it is compared with: those it names, else the others of the same size when it began."""
    rule = pilot.rule
    assert rule.pilot is not None
    if rule.pilot.compare_with:
        return rule.pilot.compare_with
    known = known_cities(pilot.begins_at)
    tiers = {city.tier for city in known if city.name in rule.pilot.cities}
    return tuple(city.name for city in known if city.tier in tiers and city.name not in rule.pilot.cities)


def forget_counted() -> None:
    """Count anew whatever is asked next: for who changes history by hand, as tests do."""
    _counted.cache_clear()


@lru_cache(maxsize=KEPT)
def _counted(pilot: PilotView, until: datetime, counted_at: datetime) -> PilotResult:  # noqa: ARG001
    """``counted_at`` tells one hour's answer from the next one's."""
    rule = pilot.rule
    assert rule.pilot is not None
    window = Window(pilot.begins_at - (until - pilot.begins_at), pilot.begins_at, until)
    cities = city_counts(kind=rule.kind, pilot=rule.pilot.cities, others=comparable(pilot), window=window)
    acts, paid = effect_on(cities, "acts"), paid_by(rule.code, window)
    middle, low, high = _per_act(acts, paid)
    return PilotResult(window, cities, acts, effect_on(cities, "doers"), paid, middle, low, high)


def _per_act(acts: Effect | TooFew, paid: int) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    if isinstance(acts, TooFew) or acts.extra <= 0:
        return None, None, None
    middle = Fraction(paid, acts.extra)
    if acts.extra_low <= 0:
        return middle, None, None
    return middle, Fraction(paid, acts.extra_high), Fraction(paid, acts.extra_low)
