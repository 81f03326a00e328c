"""How strong a pattern is, in whole numbers, and that every number that weighs is told in both languages."""

from __future__ import annotations

from dataclasses import fields

import pytest

from denizen.people.risk.rules import (
    Parameters,
    balance_of,
    evenness,
    parameter_list,
    ring_of,
    strength_over,
)


@pytest.mark.parametrize(
    ("value", "threshold", "strength"),
    [(40, 40, 500), (80, 40, 750), (120, 40, 1_000), (900, 40, 1_000), (10, 40, 500)],
)
def test_strength_grows_from_the_threshold_to_three_times_it(value: int, threshold: int, strength: int) -> None:
    assert strength_over(value, threshold) == strength


def test_intervals_may_differ_by_two_percent_but_never_by_more_than_ten_seconds() -> None:
    assert [evenness(gap) for gap in (5, 100, 300, 86_400)] == [1, 2, 6, 10]


def test_balance_is_the_smallest_flow_of_the_largest() -> None:
    assert [balance_of(flows) for flows in ([100, 100], [50, 200], [], [0, 0])] == [1_000, 250, 0, 0]


def test_a_ring_is_written_from_its_smallest_member_in_its_direction() -> None:
    assert {ring_of(way) for way in ([3, 1, 2], [1, 2, 3], [2, 3, 1])} == {(1, 2, 3)}
    assert ring_of([3, 2, 1]) == (1, 3, 2)


def test_every_number_is_told_in_both_languages() -> None:
    told = parameter_list()

    assert {each.name for each in told} == {each.name for each in fields(Parameters)} - {"version"}
    assert all(each.en and each.zh and each.value >= 0 for each in told)


def test_no_number_looks_at_grade_followers_city_or_language() -> None:
    forbidden = ("grade", "follower", "city_", "language", "tier")

    assert [each.name for each in parameter_list() if each.name.startswith(forbidden)] == []
