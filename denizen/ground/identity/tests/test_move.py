"""Where a resident lived is known as of any moment, never rewritten, and forgotten where it would name him."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from denizen.ground.identity import queries
from denizen.ground.identity.commands import Particulars, UnableToMove, erase, move
from denizen.ground.identity.commands.residents import CITY_KEPT_FROM
from denizen.ground.identity.models import Profile, Residence
from denizen.ground.identity.testing import LONG_AGO, NOW, a_resident
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def of_hefei(name: str = "Ada") -> int:
    told = Particulars(name=name, city="Hefei", city_tier=2)
    return a_resident(particulars=told).resident_id


def test_a_move_counts_from_its_moment_on() -> None:
    ada = of_hefei()

    move(resident_id=ada, city=" Shanghai ", city_tier=1, moment=NOW)

    assert queries.city_of(ada, LONG_AGO - DAY) == ""
    assert queries.city_of(ada, LONG_AGO) == queries.city_of(ada, NOW - DAY) == "Hefei"
    assert queries.city_of(ada, NOW) == "Shanghai"
    profile = Profile.objects.get(resident_id=ada)
    assert (profile.city, profile.city_tier) == ("Shanghai", 1)


def test_repeating_a_move_writes_nothing() -> None:
    ada = of_hefei()

    for _ in range(2):
        move(resident_id=ada, city="Shanghai", city_tier=1, moment=NOW)

    assert Residence.objects.filter(resident_id=ada).count() == 2


def test_who_never_said_where_he_lives_lives_nowhere() -> None:
    ben = a_resident("Ben").resident_id

    assert queries.city_of(ben, NOW) == ""
    assert not Residence.objects.filter(resident_id=ben).exists()


def test_it_refuses_to_move_nobody_into_the_past_or_into_a_novel() -> None:
    ada = of_hefei()
    move(resident_id=ada, city="Shanghai", city_tier=1, moment=NOW)
    gone = a_resident("Ben").resident_id
    erase(resident_id=gone)

    with pytest.raises(UnableToMove) as nobody:
        move(resident_id=gone, city="Hefei", city_tier=2, moment=NOW)
    with pytest.raises(UnableToMove) as early:
        move(resident_id=ada, city="Wuhan", city_tier=2, moment=NOW - DAY)
    with pytest.raises(UnableToMove) as long:
        move(resident_id=ada, city="W" * 61, city_tier=2, moment=NOW + DAY)

    assert [each.value.code for each in (nobody, early, long)] == ["nobody", "too_early", "bad_city"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identity_residence SET city = 'Wuhan', city_tier = NULL",
        "UPDATE identity_residence SET city = '', city_tier = NULL, since = now()",
        "DELETE FROM identity_residence",
    ],
)
def test_the_database_refuses_to_rewrite_where_somebody_lived(statement: str) -> None:
    of_hefei()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_to_empty_the_table() -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE identity_residence")


def test_erasing_empties_a_small_city_and_keeps_a_large_one() -> None:
    many = [of_hefei(f"Resident {number}") for number in range(CITY_KEPT_FROM)]
    move(resident_id=many[0], city="Lakeside", city_tier=5, moment=NOW)

    erase(resident_id=many[0])

    lived = Residence.objects.filter(resident_id=many[0]).order_by("since")
    assert [(each.city, each.city_tier) for each in lived] == [("Hefei", 2), ("", None)]
    assert queries.city_of(many[0], NOW - DAY) == "Hefei"


def test_an_erased_one_of_a_small_city_is_found_nowhere() -> None:
    ada = of_hefei()

    erase(resident_id=ada)

    assert queries.city_of(ada, NOW) == ""


def test_what_is_handed_out_holds_every_city() -> None:
    ada = of_hefei()
    move(resident_id=ada, city="Shanghai", city_tier=1, moment=NOW)

    told = queries.export(ada)["lived_in"]

    assert [(each["city"], each["city_tier"]) for each in told] == [("Hefei", 2), ("Shanghai", 1)]


def test_cities_are_known_with_their_size_and_who_lives_there_now() -> None:
    ada, _ben = of_hefei(), of_hefei("Ben")
    move(resident_id=ada, city="Shanghai", city_tier=1, moment=NOW)

    assert queries.known_cities(NOW - DAY) == [queries.City("Hefei", 2, 2)]
    assert queries.known_cities(NOW) == [queries.City("Hefei", 2, 1), queries.City("Shanghai", 1, 1)]


def test_many_are_asked_about_in_one_query(django_assert_num_queries: object) -> None:
    residents = [of_hefei(f"Resident {number}") for number in range(5)]

    with django_assert_num_queries(1):  # type: ignore[operator]
        cities = queries.cities_of(residents)
    with django_assert_num_queries(0):  # type: ignore[operator]
        queries.cities_of([])

    assert {cities.at(each, to_micros(NOW)) for each in residents} == {"Hefei"}
