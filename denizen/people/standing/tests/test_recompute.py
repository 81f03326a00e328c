"""Recompute: standing follows every contribution posting, and only those."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from denizen.kit.clock import to_micros
from denizen.kit.db import TransactionMisuse
from denizen.people.standing import commands
from denizen.people.standing.models import Standing
from denizen.people.standing.testing import Move, a_resident, earn

SPRING = datetime(2026, 3, 1, 9, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 8, 1, tzinfo=UTC)


def line(resident: int) -> tuple:
    names = ("interaction", "development", "efficiency", "special", "total", "reached_at")
    return Standing.objects.values_list(*names).get(pk=resident)


@pytest.mark.partial("B-48", "B-49")
def test_recompute_keeps_each_class_and_the_moment_the_total_was_reached(db):
    ada = a_resident()

    earn([Move(ada.pk, "interaction", 5, SPRING), Move(ada.pk, "special", 100, SUMMER)], recorded_at=NOW)

    assert line(ada.pk) == (5, 0, 0, 100, 105, SUMMER)


def test_a_late_award_adds_but_does_not_turn_the_clock_back(db):
    ada = a_resident()
    earn([Move(ada.pk, "development", 7, SUMMER)], recorded_at=NOW)

    earn([Move(ada.pk, "development", 3, SPRING)], recorded_at=NOW)

    assert line(ada.pk) == (0, 10, 0, 0, 10, SUMMER)


def test_a_reversal_takes_exactly_its_class_down(db):
    ada = a_resident()
    given, _ = earn([Move(ada.pk, "efficiency", 7, SPRING), Move(ada.pk, "special", 2, SPRING)], recorded_at=NOW)

    earn([Move(ada.pk, "efficiency", 7, SUMMER, reverses=given)], recorded_at=NOW)

    assert line(ada.pk) == (0, 0, 0, 2, 2, SUMMER)


def test_all_undone_leaves_a_row_of_zeros(db):
    ben = a_resident()
    (given,) = earn([Move(ben.pk, "special", 2, SPRING)], recorded_at=NOW)

    earn([Move(ben.pk, "special", 2, SUMMER, reverses=given)], recorded_at=NOW)

    assert line(ben.pk) == (0, 0, 0, 0, 0, SUMMER)


def test_recompute_again_writes_nothing(db):
    ada, ben = a_resident(), a_resident()
    earn([Move(ada.pk, "special", 1, SPRING), Move(ben.pk, "special", 1, SPRING)], recorded_at=NOW)

    changed = commands.recompute(changes={ada.pk: to_micros(SPRING), ben.pk: to_micros(SPRING)}, moment=NOW)

    assert changed == 0


def test_recompute_touches_nobody_else(db):
    ada, ben = a_resident(), a_resident()
    earn([Move(ada.pk, "special", 1, SPRING)], recorded_at=NOW)
    before = line(ada.pk)

    earn([Move(ben.pk, "special", 9, SUMMER)], recorded_at=NOW)

    assert line(ada.pk) == before


def test_recompute_takes_two_queries_however_many_residents(db, query_count):
    residents = [a_resident() for _ in range(50)]
    earn([Move(one.pk, "special", 1, SPRING) for one in residents], recorded_at=NOW)
    later = to_micros(SUMMER)
    before = query_count()

    changed = commands.recompute(changes={one.pk: later for one in residents}, moment=NOW)

    assert (changed, query_count() - before) == (50, 2)


def test_recompute_of_nobody_asks_nothing(db, query_count):
    before = query_count()

    assert commands.recompute(changes={}, moment=NOW) == 0
    assert query_count() == before


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_recompute_outside_a_transaction():
    with pytest.raises(TransactionMisuse):
        commands.recompute(changes={1: 0}, moment=NOW)


def test_microseconds_survive(db):
    ada = a_resident()
    exact = datetime(2099, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

    earn([Move(ada.pk, "special", 1, exact), Move(ada.pk, "special", 1, exact - timedelta(microseconds=1))],
         recorded_at=NOW)  # fmt: skip

    assert line(ada.pk)[-1] == exact
