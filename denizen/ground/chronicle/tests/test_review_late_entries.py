"""Late entries wait for a person, who admits them or has growth dismiss them."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from denizen.ground.chronicle import commands, kinds, queries
from denizen.ground.chronicle.commands import UnableToAdmit
from denizen.ground.chronicle.models import Admission, Undecided
from denizen.ground.chronicle.testing import NOON, make_resident, make_source
from denizen.kit import db as transactions
from denizen.kit.clock import DAY, from_micros, to_micros

pytestmark = pytest.mark.django_db


@pytest.fixture
def late() -> list[int]:
    """Three entries of Ada's, each a day before the watermark; the source allows an hour."""
    ada = make_resident()
    make_source("till", lateness_seconds_max=3_600)
    ids = []
    for number, moment in enumerate([NOON] + [from_micros(to_micros(NOON) - DAY)] * 3):
        with transactions.opening():
            recorded = commands.record_one(
                kind_object=kinds.community.CheckedIn(),
                resident=ada,
                occurred_at=moment,
                external_id=str(number),
                source=make_source("till", lateness_seconds_max=3_600),
                now=NOON,
            )
        if recorded.late:
            ids.append(recorded.entry_id)
    return ids


def test_the_desk_turns_the_pages_of_what_waits(late: list[int]) -> None:
    first = queries.late_entries(limit=2)
    second = queries.late_entries(after=first.after or 0, limit=2)

    assert ([each.entry_id for each in first.entries], first.after) == (late[:2], late[1])
    assert ([each.entry_id for each in second.entries], second.after) == (late[2:], None)
    assert (first.entries[0].kind.code, first.entries[0].source) == ("checked_in", "till")
    assert queries.late_entry_count() == 3


def test_a_page_costs_two_queries(late: list[int], django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        queries.late_entries()


def test_an_admitted_entry_is_ready_and_names_who_admitted_it(late: list[int]) -> None:
    commands.admit_entry(actor="staff:odo", entry_id=late[0], now=NOON)

    admission = Admission.objects.get()
    assert Undecided.objects.get(entry_id=late[0]).state == Undecided.State.READY
    assert (admission.entry_id, admission.admitted_by, admission.admitted_at) == (late[0], "staff:odo", NOON)
    assert queries.late_entry_count() == 2


def test_it_refuses_to_admit_twice(late: list[int]) -> None:
    commands.admit_entry(actor="staff:odo", entry_id=late[0], now=NOON)

    with pytest.raises(UnableToAdmit) as refusal:
        commands.admit_entry(actor="staff:odo", entry_id=late[0], now=NOON)

    assert refusal.value.code == "not_in_review"
    assert Admission.objects.count() == 1


def test_it_refuses_what_was_never_late(late: list[int]) -> None:
    ready = Undecided.objects.get(state=Undecided.State.READY).entry_id

    with pytest.raises(UnableToAdmit):
        commands.admit_entry(actor="staff:odo", entry_id=ready, now=NOON)


def test_it_refuses_to_admit_in_nobodys_name(late: list[int]) -> None:
    with pytest.raises(UnableToAdmit) as refusal:
        commands.admit_entry(actor="", entry_id=late[0], now=NOON)

    assert refusal.value.code == "nobody"


def test_admissions_are_never_edited(late: list[int]) -> None:
    commands.admit_entry(actor="staff:odo", entry_id=late[0], now=NOON)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Admission.objects.update(admitted_by="staff:fei")
