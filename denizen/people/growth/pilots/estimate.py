"""What a pilot changed: difference in differences between cities, with an interval that says how sure that is.

Pure, exact and repeatable: counts in, parts per million out, no chance and no float in between. Each city is one
observation, because whatever happens to a city (weather, an event, a rumour) happens to all its residents together.
Its change is its rate during less its rate before. The effect is the weighted mean change of the pilot's cities less
that of the others. A small city's rate swings more by chance, but what happens to a whole city swings large and small
ones alike: weights lie between the two, the square root of resident time. How far cities of one group differ from their
own mean tells how much a city changes by itself, and that gives the interval, by Student's distribution with two
degrees of freedom less than there are cities.

It supposes that both groups would have moved alike without the pilot, and that a city's own noise has nothing to do
with being chosen. Nothing here can check the first; choosing the cities by lot would be the honest way to earn it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Literal

WEEK_SECONDS = 7 * 86_400
MILLION = 1_000_000
PILOT_CITIES_MIN = 2
OTHER_CITIES_MIN = 3
ACTS_MIN = 20

Few = Literal["pilot_cities", "other_cities", "acts"]

_STUDENT = (
    12_706205, 4_302653, 3_182446, 2_776445, 2_570582, 2_446912, 2_364624, 2_306004, 2_262157, 2_228139,
    2_200985, 2_178813, 2_160369, 2_144787, 2_131450, 2_119905, 2_109816, 2_100922, 2_093024, 2_085963,
    2_079614, 2_073873, 2_068658, 2_063899, 2_059539, 2_055529, 2_051831, 2_048407, 2_045230, 2_042272,
)  # fmt: skip
"""Millionths: the 97.5 % point of Student's distribution for 1 to 30 degrees of freedom. Beyond, that of 30 is used,
which makes an interval a little wider than it need be."""


@dataclass(frozen=True, slots=True)
class CityCount:
    """One city before and during. ``seconds``: resident time, the sum over residents of how long each lived there.

    ``acts``: how often the behaviour was shown; ``doers``: by how many residents.
    """

    city: str
    pilot: bool
    residents: int
    seconds_before: int
    seconds_during: int
    acts_before: int
    acts_during: int
    doers_before: int
    doers_during: int


@dataclass(frozen=True, slots=True)
class Effect:
    """More per resident and week than without the pilot, in millionths, with its 95 % interval.

    ``extra``: times the resident time of the pilot's cities: how many more in all, in whole numbers, with its interval.
    """

    value: int
    low: int
    high: int
    extra: int
    extra_low: int
    extra_high: int

    @property
    def shows_more(self) -> bool:
        return self.low > 0

    @property
    def shows_less(self) -> bool:
        return self.high < 0


@dataclass(frozen=True, slots=True)
class TooFew:
    """There is too little to tell anything: no interval would be honest. ``found`` of the ``needed``."""

    what: Few
    found: int
    needed: int


@dataclass(frozen=True, slots=True)
class _Change:
    """How a city's rate changed, per resident second, and how much it weighs."""

    pilot: bool
    change: Fraction
    weight: int
    seconds: int


def effect_on(cities: Sequence[CityCount], what: Literal["acts", "doers"]) -> Effect | TooFew:
    """The effect on acts or on the number of residents who show them; cities where nobody lived are left out."""
    changes = [_change(each, what) for each in cities if each.seconds_before > 0 and each.seconds_during > 0]
    pilot, others = ([each for each in changes if each.pilot is mine] for mine in (True, False))
    if len(pilot) < PILOT_CITIES_MIN:
        return TooFew("pilot_cities", len(pilot), PILOT_CITIES_MIN)
    if len(others) < OTHER_CITIES_MIN:
        return TooFew("other_cities", len(others), OTHER_CITIES_MIN)
    seen = sum(_count(each, what, "before") + _count(each, what, "during") for each in cities)
    if seen < ACTS_MIN:
        return TooFew("acts", seen, ACTS_MIN)
    return _effect(pilot, others)


def rate(count: int, seconds: int) -> int | None:
    """Per resident and week, in millionths; None where nobody lived."""
    return round(Fraction(count * WEEK_SECONDS * MILLION, seconds)) if seconds else None


def _change(city: CityCount, what: str) -> _Change:
    before, during = (Fraction(_count(city, what, part), _seconds(city, part)) for part in ("before", "during"))
    lived = city.seconds_before * city.seconds_during // (city.seconds_before + city.seconds_during)
    return _Change(city.pilot, during - before, max(1, isqrt(lived)), city.seconds_during)


def _effect(pilot: Sequence[_Change], others: Sequence[_Change]) -> Effect:
    means = [_mean(group) for group in (pilot, others)]
    scatter = sum(
        (each.weight * (each.change - mean) ** 2 for group, mean in zip((pilot, others), means, strict=True)
         for each in group),
        Fraction(0),
    )  # fmt: skip
    freedom = len(pilot) + len(others) - 2
    spread = sum((Fraction(1, sum(each.weight for each in group)) for group in (pilot, others)), Fraction(0))
    variance = scatter / freedom * spread
    in_millionths = WEEK_SECONDS * MILLION
    value = means[0] - means[1]
    half = Fraction(_root(variance * in_millionths**2) * _STUDENT[min(freedom, len(_STUDENT)) - 1], MILLION)
    middle = value * in_millionths
    found = [round(each) for each in (middle, middle - half, middle + half)]
    lived = sum(each.seconds for each in pilot)
    extra = [round(Fraction(each * lived, in_millionths)) for each in found]
    return Effect(*found, *extra)


def _mean(group: Sequence[_Change]) -> Fraction:
    return sum((each.weight * each.change for each in group), Fraction(0)) / sum(each.weight for each in group)


def _root(value: Fraction) -> int:
    """The square root, rounded up: an interval is never told narrower than it is."""
    whole = -(-value.numerator // value.denominator)
    root = isqrt(whole)
    return root if root * root == whole else root + 1


def _count(city: CityCount, what: str, part: str) -> int:
    found: int = getattr(city, f"{what}_{part}")
    return found


def _seconds(city: CityCount, part: str) -> int:
    found: int = getattr(city, f"seconds_{part}")
    return found
