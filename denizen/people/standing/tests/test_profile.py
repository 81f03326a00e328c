"""Profile: contribution over the four classes, in n and in shares that sum to the whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denizen.people.standing import queries, rules
from denizen.people.standing.testing import Move, a_resident, earn

SPRING = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.partial("B-49", "B-71", "O-12")
def test_a_profile_shows_the_four_classes_in_one_query(db, query_count):
    ada = a_resident()
    moves = [Move(ada.pk, "interaction", 1, SPRING) for _ in range(993)]
    earn([*moves, Move(ada.pk, "special", 7, SPRING)], recorded_at=SPRING)
    before = query_count()

    profile = queries.profile(ada.pk)

    assert query_count() - before == 1
    assert [(each.code, each.amount, each.share) for each in profile.classes] == [
        ("interaction", 993, 993), ("development", 0, 0), ("efficiency", 0, 0), ("special", 7, 7),
    ]  # fmt: skip
    assert (profile.total, profile.reached_at) == (1000, SPRING)
    assert [each.title_zh for each in profile.classes] == ["社区互动", "社区发展", "效率提升", "特殊贡献"]


def test_who_never_contributed_has_an_empty_profile(db):
    ada = a_resident()

    profile = queries.profile(ada.pk)

    assert (profile.total, profile.reached_at) == (0, None)
    assert {(each.amount, each.share) for each in profile.classes} == {(0, 0)}


@given(st.lists(st.integers(0, 10**15), min_size=4, max_size=4))
def test_shares_sum_to_the_whole_and_differ_by_less_than_one_permille(amounts):
    shares = rules.shares(amounts)

    assert sum(shares) == (1000 if any(amounts) else 0)
    for amount, share in zip(amounts, shares, strict=True):
        assert abs(share * sum(amounts) - amount * 1000) < max(sum(amounts), 1)
