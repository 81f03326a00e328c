"""The arithmetic of the central bank: exact, and as the textbook has it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denizen.insight.central_bank.rules import (
    Cohort,
    Terms,
    exhausted_on,
    expected,
    gini,
    is_finished,
    liability,
    months_before,
    months_between,
    months_on,
    redeemed_between,
    rounded,
    same_acts_index,
    usual_up_to,
)

TEXTBOOK = Terms(value_per_thousand=10_000, sold_per_thousand=100_000, redeemed_permille=850)
"""A sale of 2,000.00 with 2,000 points worth 0.10 each, of which 85 % are redeemed; in cents for a thousand points."""


def test_the_textbook_case_owes_156_68() -> None:
    owed = liability([Cohort(issued=2_000, redeemed=0, outstanding=2_000)], TEXTBOOK)

    assert owed == Fraction(2_000 * 170 * 100, 2_170)
    assert rounded(owed) == 15_668


def test_half_of_the_expected_points_redeemed_leaves_half_of_the_liability() -> None:
    whole = liability([Cohort(2_000, 0, 2_000)], TEXTBOOK)

    assert liability([Cohort(2_000, 850, 1_150)], TEXTBOOK) == whole / 2


def test_more_redeemed_than_expected_owes_nothing_and_never_less() -> None:
    assert expected(Cohort(1_000, 900, 100), TEXTBOOK) == 0


def test_never_more_is_expected_than_is_outstanding() -> None:
    assert expected(Cohort(1_000, 100, 50), TEXTBOOK) == 50


def test_points_that_came_with_no_sale_are_owed_at_their_own_value() -> None:
    terms = Terms(value_per_thousand=10_000, sold_per_thousand=0, redeemed_permille=850)

    assert liability([Cohort(2_000, 0, 2_000)], terms) == 17_000


@pytest.mark.parametrize(("amount", "cents"), [("1/2", 1), ("3/2", 2), ("-1/2", -1), ("49/100", 0), ("0", 0)])
def test_halves_are_rounded_away_from_zero(amount: str, cents: int) -> None:
    assert rounded(Fraction(amount)) == cents


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_the_weighted_ranks_give_the_gini_of_all_pairs(amounts: list[int]) -> None:
    people, held = len(amounts), sum(amounts)
    numerator = sum((2 * rank - people - 1) * amount for rank, amount in enumerate(sorted(amounts), start=1))
    pairs = sum(abs(one - other) for one in amounts for other in amounts)

    assert gini(numerator, people, held) == (Fraction(pairs, 2 * people * held) if held else None)


def test_a_grant_far_above_the_middle_is_unusual() -> None:
    usual = usual_up_to([100, 120, 90, 110, 100, 5_000], 5)

    assert usual is not None
    assert 120 <= usual < 5_000


def test_of_few_grants_none_is_unusual() -> None:
    assert usual_up_to([1, 1, 1, 9_999], 5) is None


def test_equal_grants_leave_room_around_them() -> None:
    assert usual_up_to([100] * 10, 5) == 150


def test_the_end_of_a_month_has_the_same_day_in_a_shorter_one() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 3, 15), 13) == date(2025, 2, 15)
    assert months_on(date(2026, 12, 1), 2) == date(2027, 2, 1)
    assert months_between(date(2026, 11, 20), date(2027, 1, 1)) == [date(2026, 11, 1), date(2026, 12, 1)]


def test_what_is_left_lasts_as_long_as_the_pace_allows() -> None:
    assert exhausted_on(100, 90, 90, date(2026, 1, 1)) == date(2026, 4, 11)
    assert exhausted_on(0, 90, 90, date(2026, 1, 1)) == date(2026, 1, 1)
    assert exhausted_on(100, 0, 90, date(2026, 1, 1)) is None


def test_the_same_acts_are_compared_by_rules_that_paid_in_both() -> None:
    base = {"award:a": (100, 10), "award:gone": (999, 1)}
    later = {"award:a": (60, 3), "award:new": (5_000, 1)}

    assert same_acts_index(base, later) == (1, Fraction(2))
    assert same_acts_index(base, {"award:new": (1, 1)}) is None


def test_a_young_month_says_only_what_is_certain() -> None:
    assert redeemed_between(1_000, 200, 700) == (Fraction(1, 5), Fraction(9, 10))
    assert redeemed_between(0, 0, 0) is None
    assert not is_finished(Cohort(1_000, 200, 700))
    assert is_finished(Cohort(1_000, 900, 50))
