"""Ranking: more n first, then who reached it earlier, then the older resident; page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from denizen.people.standing import queries
from denizen.people.standing.models import Standing
from denizen.people.standing.testing import Move, a_resident, earn

SPRING = datetime(2026, 3, 1, 9, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 8, 1, tzinfo=UTC)


def earned(amount: int, when: datetime = SPRING) -> int:
    resident = a_resident()
    earn([Move(resident.pk, "special", amount, when)], recorded_at=NOW)
    return resident.pk


def order(viewer: int | None = None) -> list[int]:
    return [line.resident for line in queries.ranking(viewer)]


@pytest.mark.partial("B-64", "C-05")
def test_more_comes_first_then_the_earlier_then_the_older_resident(db):
    late, early, twin, rich = earned(5, SUMMER), earned(5), earned(5), earned(6, SUMMER)

    assert order() == [rich, early, twin, late]
    assert [queries.rank_of(one) for one in (rich, early, twin, late)] == [1, 2, 3, 4]


def test_one_microsecond_earlier_decides(db):
    later = earned(5, SPRING + timedelta(microseconds=1))
    earlier = earned(5, SPRING)

    assert order() == [earlier, later]


def test_pages_follow_each_other_without_gap_or_repeat(db):
    everybody = {earned(1 + n % 3, SPRING + timedelta(hours=n % 2)) for n in range(11)}
    whole = queries.ranking(None)

    pages, after = [], None
    for _ in range(6):
        page = queries.ranking(None, after=after, limit=2)
        pages.extend(page)
        after = page[-1].key

    assert pages == whole
    assert queries.ranking(None, after=after) == []
    assert {line.resident for line in pages} == everybody
    assert [line.position for line in pages] == list(range(1, 12))


def test_who_has_nothing_has_no_place(db):
    ada = a_resident()
    ben = a_resident()
    (given,) = earn([Move(ben.pk, "special", 2, SPRING)], recorded_at=NOW)
    earn([Move(ben.pk, "special", 2, SUMMER, reverses=given)], recorded_at=NOW)

    assert order() == []
    assert (queries.rank_of(ada.pk), queries.rank_of(ben.pk)) == (None, None)


def test_the_viewer_finds_his_own_line(db):
    ada, ben = earned(2), earned(1)

    assert [line.own for line in queries.ranking(ben)] == [False, True]
    assert [line.own for line in queries.ranking(None)] == [False, False]
    assert order() == [ada, ben]


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_it_refuses_pages_of_another_size(db, limit):
    with pytest.raises(ValueError):
        queries.ranking(None, limit=limit)


def test_a_page_is_one_query_along_the_index(db, query_count):
    ada = earned(3)
    Standing.objects.bulk_create(
        Standing(resident=a_resident(), special=1, total=1, reached_at=SPRING) for _ in range(300)
    )
    page = queries.ranking(None, limit=2)
    before = query_count()

    queries.ranking(ada, after=page[-1].key)

    assert query_count() - before == 1
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE standing_standing")
        cursor.execute(
            "EXPLAIN SELECT * FROM standing_standing WHERE total > 0 AND total <= 1"
            " ORDER BY total DESC, reached_at, resident_id LIMIT 2"
        )
        assert "standing_rank" in str(cursor.fetchall())


def test_distance_says_how_much_brings_one_to_a_place(db):
    first, second, third = earned(10), earned(7, SPRING), earned(7, SUMMER)

    assert queries.distance_to(second, 1) == 4
    assert queries.distance_to(third, 2) == 1
    assert queries.distance_to(first, 1) == 0
    assert queries.distance_to(first, 120) == 0


def test_the_distance_is_enough_and_one_less_is_not(db):
    earned(10)
    ada = earned(4, SPRING)
    needed = queries.distance_to(ada, 1)

    earn([Move(ada, "special", needed - 1, SUMMER)], recorded_at=NOW)
    assert queries.rank_of(ada) == 2

    earn([Move(ada, "special", 1, SUMMER)], recorded_at=NOW)
    assert queries.rank_of(ada) == 1


def test_a_stranger_needs_one_for_a_place_nobody_holds(db):
    earned(10)
    stranger = a_resident().pk

    assert (queries.distance_to(stranger, 1), queries.distance_to(stranger, 2)) == (11, 1)
    with pytest.raises(ValueError):
        queries.distance_to(stranger, 0)
