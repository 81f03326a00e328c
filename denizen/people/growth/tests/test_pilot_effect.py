"""The effect of a pilot is found where there is one, its interval keeps its promise, and too little is called so."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from random import Random

import pytest

from denizen.people.growth.pilots.estimate import MILLION, effect_on
from denizen.people.growth.queries import WEEK_SECONDS, CityCount, Effect, TooFew, rate

RUNS = 200
WEEKS = 4
PROMISED = 0.95


def a_city(pilot: bool, before: int, during: int, *, residents: int = 100, name: str = "Lakeside") -> CityCount:
    seconds = residents * WEEKS * WEEK_SECONDS
    return CityCount(
        city=name, pilot=pilot, residents=residents, seconds_before=seconds, seconds_during=seconds,
        acts_before=before, acts_during=during, doers_before=before // 2, doers_during=during // 2,
    )  # fmt: skip


PLAIN = [a_city(True, 100, 180), a_city(True, 60, 160), a_city(False, 80, 90), a_city(False, 90, 80),
         a_city(False, 50, 50)]  # fmt: skip


def test_the_effect_is_the_change_there_less_the_change_elsewhere() -> None:
    found = effect_on(PLAIN, "acts")

    assert isinstance(found, Effect)
    assert found.value == (80 + 100) * MILLION // 2 // 400  # per resident and week; elsewhere nothing changed
    assert found.extra == 180
    assert found.low < found.value < found.high
    assert found.shows_more
    assert not found.shows_less
    # Worked out by hand: deviations of 10 four times, 0 once, over 400 resident weeks; three degrees of freedom.
    half = 3.182446 * ((4 * (10 / 400) ** 2 / 3) - (2 * (10 / 400) ** 2 / 3) + 2 * (10 / 400) ** 2 / 3) ** 0.5
    assert found.high - found.value == pytest.approx(half * (1 / 2 + 1 / 3) ** 0.5 * MILLION, rel=0.001)


def test_the_same_counts_give_the_same_answer_whatever_their_order() -> None:
    assert effect_on(PLAIN, "acts") == effect_on(PLAIN[::-1], "acts")


def test_a_smaller_city_pulls_less() -> None:
    small = [*PLAIN[:1], a_city(True, 6, 16, residents=1), *PLAIN[2:]]

    found = effect_on(small, "acts")

    assert isinstance(found, Effect)
    assert found.value < (80 * MILLION // 400 + 10 * MILLION // 4) // 2


@pytest.mark.parametrize(
    ("cities", "expected"),
    [
        (PLAIN[1:], TooFew("pilot_cities", 1, 2)),
        (PLAIN[:4], TooFew("other_cities", 2, 3)),
        ([a_city(pilot, 1, 1) for pilot in (True, True, False, False, False)], TooFew("acts", 10, 20)),
        ([], TooFew("pilot_cities", 0, 2)),
    ],
)
def test_too_little_is_said_instead_of_an_interval(cities: Sequence[CityCount], expected: TooFew) -> None:
    assert effect_on(cities, "acts") == expected


def test_a_city_where_nobody_lived_before_does_not_count_as_one() -> None:
    empty = CityCount("New Lake", True, 9, 0, WEEK_SECONDS, 0, 50, 0, 5)

    assert effect_on([PLAIN[0], empty, *PLAIN[2:]], "acts") == TooFew("pilot_cities", 1, 2)


def test_a_rate_is_per_resident_and_week() -> None:
    assert rate(3, 6 * WEEK_SECONDS) == 500_000
    assert rate(0, 0) is None


def _poisson(mean: float, chance: Random) -> int:
    bound, count, product = exp(-mean), 0, chance.random()
    while product > bound:
        count, product = count + 1, product * chance.random()
    return count


def _simulated(effect: float, seed: str, *, pilots: int, others: int, swing: float) -> list[CityCount]:
    """Cities of 20 to 160 residents, few of them lively; each city drifts, the pilot's by ``effect`` too."""
    chance = Random(seed)
    cities = []
    for number in range(pilots + others):
        residents, base = chance.choice((20, 40, 80, 160)), chance.uniform(0.1, 0.5)
        later = max(0.0, base + 0.05 + chance.gauss(0, swing) + (effect if number < pilots else 0.0))
        lively = [chance.gammavariate(1, 1) for _ in range(residents)]
        before = sum(_poisson(base * WEEKS * each, chance) for each in lively)
        during = sum(_poisson(later * WEEKS * each, chance) for each in lively)
        cities.append(a_city(number < pilots, before, during, residents=residents, name=f"city-{number}"))
    return cities


def _covered(effect: float, **shape: int | float) -> float:
    """The share of runs whose interval holds the true effect."""
    held = 0
    for run in range(RUNS):
        found = effect_on(_simulated(effect, f"{shape}:{run}", **shape), "acts")  # type: ignore[arg-type]
        assert isinstance(found, Effect)
        held += found.low <= effect * MILLION <= found.high
    return held / RUNS


SHAPES = [
    {"pilots": 2, "others": 3, "swing": 0.03},
    {"pilots": 3, "others": 9, "swing": 0.03},
    {"pilots": 4, "others": 10, "swing": 0.0},
    {"pilots": 4, "others": 10, "swing": 0.1},
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("effect", [0.1, 0.0])
def test_the_interval_holds_the_truth_about_as_often_as_promised(effect: float, shape: dict[str, float]) -> None:
    """Of 200 runs; three standard errors of such a share are 0.046."""
    share = _covered(effect, **shape)

    assert PROMISED - 0.05 <= share <= 1.0, f"{share:.3f} of {RUNS} runs"
    assert share < 1.0, "an interval that is never wrong tells nothing"


def test_a_large_effect_is_seen_almost_always() -> None:
    seen = 0
    for run in range(50):
        found = effect_on(_simulated(0.4, f"large:{run}", pilots=4, others=10, swing=0.03), "acts")
        seen += isinstance(found, Effect) and found.shows_more

    assert seen >= 48
