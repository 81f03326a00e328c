"""Whom a source means by its references."""

from __future__ import annotations

import random
import threading

import pytest
from django.db import connection

from denizen.ground.chronicle import commands
from denizen.ground.chronicle.commands import UnableToDeclareSource
from denizen.ground.chronicle.models import ExternalReference, Resident, Source
from denizen.ground.chronicle.testing import NOON, make_residents, make_source
from denizen.kit import db as transactions
from denizen.kit.db import TransactionMisuse


def resolve(source: Source, refs: list[str], create: bool = True) -> dict[str, int]:
    return commands.resolve_references(source=source, refs=refs, create=create, now=NOON)


@pytest.mark.django_db
def test_unknown_references_are_left_out_or_created_once() -> None:
    shop = make_source()
    [ada] = make_residents(shop, "ada")

    assert resolve(shop, ["ada", "ben"], create=False) == {"ada": ada}
    known = resolve(shop, ["ben", "ada", "ben"])

    assert known == resolve(shop, ["ada", "ben"])
    assert (known["ada"], Resident.objects.count()) == (ada, 2)
    assert Resident.objects.get(id=known["ben"]).created_at == NOON


@pytest.mark.django_db
def test_each_source_has_its_own_names() -> None:
    [ada] = make_residents(make_source("shop"), "1")
    [ben] = make_residents(make_source("app"), "1")

    assert ada != ben


@pytest.mark.django_db
def test_known_references_cost_one_query_and_new_ones_four(django_assert_num_queries) -> None:
    shop = make_source()
    refs = [f"r{number}" for number in range(200)]

    with django_assert_num_queries(4):
        resolve(shop, refs)
    with django_assert_num_queries(1):
        resolve(shop, refs)


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_run_outside_a_transaction() -> None:
    with pytest.raises(TransactionMisuse):
        resolve(make_source(), ["ada"])


@pytest.mark.django_db(transaction=True)
def test_many_who_create_the_same_people_agree_on_them() -> None:
    shop = make_source()
    refs = [f"r{number}" for number in range(100)]
    found: list[dict[str, int]] = []

    def create(seed: int) -> None:
        mine = random.Random(seed).sample(refs, 80)
        try:
            with transactions.opening():
                found.append(resolve(shop, mine))
        finally:
            connection.close()

    threads = [threading.Thread(target=create, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 6
    agreed = dict(ExternalReference.objects.values_list("reference", "resident_id"))
    assert all(known.items() <= agreed.items() for known in found)
    assert Resident.objects.count() == len(agreed) == len(set(agreed.values()))


@pytest.mark.django_db
def test_a_source_is_declared_again_with_another_lateness() -> None:
    first = commands.declare_source(code="shop", lateness_seconds_max=None)

    again = commands.declare_source(code="shop", lateness_seconds_max=60)

    assert (again.pk, again.lateness_seconds_max) == (first.pk, 60)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "lateness"), [("", None), ("Shop", None), ("a b", None), ("x" * 61, None), ("ok", -1)]
)
def test_it_refuses_a_source_that_cannot_be_named(code: str, lateness: int | None) -> None:
    with pytest.raises(UnableToDeclareSource):
        commands.declare_source(code=code, lateness_seconds_max=lateness)
