"""Pure arithmetic of the central bank: integers and fractions, never floats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

GRANTS_MIN = 5
"""Below so many grants of a kind nothing can be called unusual."""

FINISHED_PERMILLE = 50
"""A cohort is finished when no more than so many of a thousand of its points are still outstanding."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What money is worked out with: minor units for a thousand points, and how many of a thousand are redeemed."""

    value_per_thousand: int
    sold_per_thousand: int
    redeemed_permille: int

    @property
    def redeemed(self) -> Fraction:
        return Fraction(self.redeemed_permille, 1000)

    @property
    def value(self) -> Fraction:
        """Minor units one point buys."""
        return Fraction(self.value_per_thousand, 1000)

    @property
    def share_of_price(self) -> Fraction:
        """What of a sale's price is kept of what is sold and its points together, at stand-alone prices; 1: no sale.

        Relative stand-alone prices (IFRS 15): for a sale S with points worth V the price S is divided S : V.
        """
        if not self.sold_per_thousand:
            return Fraction(1)
        return self.sold_per_thousand / (self.sold_per_thousand + self.value_per_thousand * self.redeemed)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Points first issued in one month, as of a day: issued less what was undone, redeemed, still outstanding."""

    issued: int
    redeemed: int
    outstanding: int


def liability(cohorts: Iterable[Cohort], terms: Terms) -> Fraction:
    """Minor units owed for points that will be redeemed, exact.

    Of each cohort so many points are still expected as its expected redemption exceeds what was redeemed, never fewer
    than none and never more than are outstanding; each is worth its value times the share of the price.
    """
    return sum((expected(cohort, terms) for cohort in cohorts), Fraction(0)) * terms.value * terms.share_of_price


def expected(cohort: Cohort, terms: Terms) -> Fraction:
    """How many points of a cohort are still expected to be redeemed."""
    return max(Fraction(0), min(Fraction(cohort.outstanding), cohort.issued * terms.redeemed - cohort.redeemed))


def rounded(amount: Fraction) -> int:
    """To whole minor units, halves away from zero: the only rounding, at the end."""
    up = (abs(amount) * 2 + 1) // 2
    return int(up) if amount >= 0 else -int(up)


def gini(numerator: int, people: int, held: int) -> Fraction | None:
    """The coefficient from the sum of ``(2 * rank - n - 1) * amount``; None where nobody holds anything."""
    return Fraction(numerator, people * held) if people and held > 0 else None


def ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def permille(share: Fraction | None) -> int | None:
    """For charts and shares with one decimal: tenths of a percent, rounded."""
    return None if share is None else rounded(share * 1000)


def twice_median(values: Sequence[int]) -> int:
    """Twice the middle, so that it stays a whole number."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return 2 * ordered[half] if len(ordered) % 2 else ordered[half - 1] + ordered[half]


def usual_up_to(amounts: Sequence[int], times: int) -> int | None:
    """The largest usual grant: the middle and ``times`` the middle distance from it. None: too few to tell.

    Where most grants are equal the distance is nothing; then a tenth of the middle stands for it, 1 at least.
    """
    if len(amounts) < GRANTS_MIN:
        return None
    middle = twice_median(amounts)
    spread = twice_median([abs(2 * amount - middle) for amount in amounts])
    spread = max(spread, middle // 5, 4)
    return (2 * middle + times * spread) // 4


def redeemed_between(issued: int, redeemed: int, outstanding: int) -> tuple[Fraction, Fraction] | None:
    """The share of a cohort that will have been redeemed in the end, for certain: what is, up to all that is left."""
    return (Fraction(redeemed, issued), Fraction(redeemed + outstanding, issued)) if issued > 0 else None


def is_finished(cohort: Cohort) -> bool:
    return cohort.issued > 0 and cohort.outstanding * 1000 <= cohort.issued * FINISHED_PERMILLE


def exhausted_on(left: int, drawn: int, days: int, today: date) -> date | None:
    """When ``left`` is used up at the pace of the last ``days``; None: not within a hundred years."""
    if left <= 0:
        return today
    if drawn <= 0 or left * days // drawn > 36_500:
        return None
    return today + timedelta(days=left * days // drawn)


def same_acts_index(base: dict[str, tuple[int, int]], later: dict[str, tuple[int, int]]) -> tuple[int, Fraction] | None:
    """What the same acts earn: how many kinds of act are compared, and later over base, weighted by base's counts.

    Both: points and how often, by rule. Rules that paid in only one of the two are left out: they are another basket.
    """
    common = sorted(code for code in base.keys() & later.keys() if base[code][0] > 0 and later[code][1])
    if not common:
        return None
    before = sum(base[code][0] for code in common)
    after = sum((Fraction(later[code][0], later[code][1]) * base[code][1] for code in common), Fraction(0))
    return len(common), after / before


def month_of(day: date) -> date:
    return day.replace(day=1)


def months_on(month: date, count: int) -> date:
    """The first of the month ``count`` months later (or earlier)."""
    place = month.year * 12 + month.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def months_before(day: date, count: int) -> date:
    """The same day ``count`` months earlier, or the last day of that month where it is shorter."""
    first = months_on(day, -count)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), months_on(first, 1) - timedelta(days=1))


def months_between(since: date, until: date) -> list[date]:
    """First days of the months that meet ``since`` <= day < ``until``."""
    found, month = [], month_of(since)
    while month < until:
        found.append(month)
        month = months_on(month, 1)
    return found


def age_in_months(cohort: date, month: date) -> int:
    return (month.year - cohort.year) * 12 + month.month - cohort.month
