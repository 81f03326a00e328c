"""Forgetting: no outside name of a resident stays, and still nothing counts twice."""

from __future__ import annotations

from typing import Any

import pytest

from denizen.ground.chronicle import commands
from denizen.ground.chronicle.models import Entry, EntryKey, ExternalReference, Resident
from denizen.ground.chronicle.testing import NOON, make_residents, make_source, raw_entry
from denizen.kit import db
from denizen.kit.db import TransactionMisuse


def report(source: Any, *, create: bool = True, **changes: Any) -> commands.Answer:
    return commands.receive_entries(
        source=source, raw=[raw_entry(**changes)], allowed=None, create_residents=create, now=NOON
    )[0]


def forget(resident: int) -> int:
    with db.opening():
        return commands.forget_outside_names(resident=resident)


@pytest.mark.django_db
def test_references_go_and_names_of_entries_become_hashes() -> None:
    source = make_source()
    ada, _ = make_residents(source, "ada", "ben")
    report(source, external_id="adas-order")
    report(source, external_id="bens-order", resident="ben")

    assert forget(ada) == 1
    assert forget(ada) == 0

    assert list(ExternalReference.objects.values_list("reference", flat=True)) == ["ben"]
    names = set(EntryKey.objects.values_list("external_id", flat=True))
    assert "bens-order" in names
    assert not any("adas" in name for name in names)
    assert bytes(EntryKey.objects.get(entry__resident=ada).payload_hash) == b""


@pytest.mark.django_db
def test_who_repeats_an_entry_of_somebody_forgotten_brings_nobody_back() -> None:
    source = make_source()
    ada = make_residents(source, "ada")[0]
    report(source)
    forget(ada)

    answer = report(source)

    assert (answer.status, answer.differs) == ("conflict", ("resident",))
    assert (Entry.objects.count(), Resident.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_the_hash_needs_the_citys_secret(settings: Any) -> None:
    source = make_source()
    ada = make_residents(source, "ada")[0]
    report(source)
    forget(ada)
    first = EntryKey.objects.get().external_id

    settings.SECRET_KEY = "another secret, as long as a secret has to be, of another city"
    assert report(source, create=False).status == "invalid"
    answer = report(source)

    assert answer.status == "accepted"  # another secret knows nothing of what was forgotten
    assert first.startswith("erased:")
    assert len(first) == len("erased:") + 64


@pytest.mark.django_db(transaction=True)
def test_it_refuses_outside_a_transaction() -> None:
    with pytest.raises(TransactionMisuse):
        commands.forget_outside_names(resident=1)
