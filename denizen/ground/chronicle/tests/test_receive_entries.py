"""Receiving in bulk when several report at once: every entry comes in exactly once, and nobody is left standing."""

from __future__ import annotations

import random
import threading
from collections import Counter

import pytest
from django.db import connection

from denizen.ground.chronicle import commands, kinds
from denizen.ground.chronicle.models import Entry, ExternalReference, Resident, Source, Undecided
from denizen.ground.chronicle.rules import CallBudget
from denizen.ground.chronicle.schemas import check_entry
from denizen.ground.chronicle.testing import NOON, make_resident, make_source, raw_entry
from denizen.kit import db as transactions
from denizen.kit.clock import to_micros
from denizen.kit.db import TransactionMisuse

RETRIES = 6
ENTRIES = 400


@pytest.mark.django_db(transaction=True)
def test_the_same_entries_from_many_at_once_come_in_once() -> None:
    source = make_source()
    entries = [raw_entry(external_id=f"e-{number}", resident=f"r-{number % 50}") for number in range(ENTRIES)]
    statuses: Counter[str] = Counter()
    lock = threading.Lock()

    def report(seed: int) -> None:
        mine = random.Random(seed).sample(entries, len(entries))
        try:
            answers = receive(source, mine)
            with lock:
                statuses.update(answer.status for answer in answers)
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=(seed,)) for seed in range(RETRIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == {"accepted": ENTRIES, "exists": ENTRIES * (RETRIES - 1)}
    assert (Entry.objects.count(), Undecided.objects.count(), Resident.objects.count()) == (ENTRIES, ENTRIES, 50)


@pytest.mark.django_db(transaction=True)
def test_of_two_contents_under_one_id_only_the_first_counts() -> None:
    source = make_source()
    statuses: list[str] = []

    def report(amount: int) -> None:
        entry = raw_entry(payload={"amount": amount, "items": 1})
        try:
            statuses.append(receive(source, [entry])[0].status)
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=(amount,)) for amount in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == ["accepted", "conflict", "conflict", "conflict", "conflict"]
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_when_the_transaction_fails() -> None:
    source = make_source()

    verdicts = [check_entry(raw_entry(), now=to_micros(NOON))]

    def crash() -> None:
        with transactions.opening():
            commands.record_checked(source=source, verdicts=verdicts, create_residents=True, now=NOON, queue=True)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()

    assert not Entry.objects.exists()
    assert not ExternalReference.objects.exists()
    assert receive(source, [raw_entry()])[0].status == "accepted"


@pytest.mark.django_db(transaction=True)
def test_recording_checked_entries_needs_a_transaction() -> None:
    with pytest.raises(TransactionMisuse):
        commands.record_checked(source=make_source(), verdicts=[], create_residents=False, now=NOON, queue=True)


@pytest.mark.django_db
def test_a_longest_external_id_fits_everywhere() -> None:
    source, external_id = make_source(), "x" * 200
    receive(source, [raw_entry(external_id=external_id)])
    [answer] = receive(source, [raw_entry("purchase_refunded", "r", payload={"original": external_id})])

    assert answer.fresh is not None
    with transactions.opening():
        commands.take_ready(limit=10)
        commands.let_wait(entries=[(answer.fresh, (source.pk, external_id))], moment=NOON)

    assert commands.release_waiting(keys=[(source.pk, external_id)]) == 1


@pytest.mark.django_db
def test_what_the_queue_hands_out_is_what_was_recorded() -> None:
    source = make_source()
    [answer] = receive(source, [raw_entry("followed", payload={"followed": "ben"})])

    with transactions.opening():
        [taken] = commands.take_ready(limit=10)

    assert taken == answer.fresh
    assert taken.payload == {"followed": ExternalReference.objects.get(reference="ben").resident_id}


@pytest.mark.django_db
def test_a_typed_entry_twice_in_one_call_is_a_repetition() -> None:
    source, ada = make_source(), make_resident()

    with transactions.opening():
        entry = commands.new_entry(kinds.community.CheckedIn(), resident=ada, occurred_at=NOON, external_id="one")
        first, second = commands.record(source=source, entries=[entry, entry], recorded_at=NOON)

    assert (first.status, second.status, first.entry_id) == ("accepted", "exists", second.entry_id)


def test_a_call_budget_refills_with_time_and_for_each_key() -> None:
    budget = CallBudget(per_minute=60, burst=2)

    waits = [budget.wait_seconds(1, moment) for moment in (0.0, 0.0, 0.0, 0.5, 1.0, 1.0)]

    assert waits == [0, 0, 1, 1, 0, 1]
    assert budget.wait_seconds(2, 1.0) == 0
    assert [budget.wait_seconds(1, 1_000.0) for _ in range(3)] == [0, 0, 1]


def receive(source: Source, entries: list[dict[str, object]]) -> list[commands.Answer]:
    return commands.receive_entries(source=source, raw=entries, allowed=None, create_residents=True, now=NOON)
