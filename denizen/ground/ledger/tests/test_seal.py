"""Sealing: every posting once, in the order of ids, whatever order writers commit in; days of the city's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, transaction

from denizen.config.wires import conninfo
from denizen.ground.ledger import commands, queries
from denizen.ground.ledger.commands.seals import SEAL_LOCK
from denizen.ground.ledger.models import Posting
from denizen.ground.ledger.seal_models import DayRoot, EntrySalt, Seal, SealMarks
from denizen.ground.ledger.testing import a_resident, day, earn, earn_contribution
from denizen.kit import db

SHANGHAI = "Asia/Shanghai"


def seal(moment: datetime, *, rows_max: int = 4_096, time_zone: str = SHANGHAI) -> int:
    noted, sealed = commands.horizon(), 0
    assert commands.is_settled(noted)
    while count := commands.seal_next(up_to=noted.last_id, moment=moment, time_zone=time_zone, rows_max=rows_max):
        sealed += count
    return sealed


@pytest.mark.django_db
def test_what_was_posted_is_sealed_once_in_blocks() -> None:
    ada = a_resident()
    for _ in range(7):
        earn(ada, 10)
    earn_contribution(ada, 4)

    assert seal(day(1), rows_max=3) == 8
    assert seal(day(1)) == 0

    assert list(Seal.objects.order_by("number").values_list("number", "count", "total", "points", "contribution")) == [
        (1, 3, 3, 30, 0),
        (2, 3, 6, 60, 0),
        (3, 2, 8, 70, 4),
    ]
    assert queries.verify_seals() == []


@pytest.mark.django_db
def test_seals_and_days_are_never_changed() -> None:
    earn(a_resident(), 10)
    seal(day(1))
    commands.close_days(moment=day(3), time_zone=SHANGHAI)

    for table in ("ledger_seal", "ledger_sealmarks", "ledger_dayroot"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            db.execute(f"DELETE FROM {table}")


@pytest.mark.django_db
def test_a_day_begins_when_the_citys_day_begins() -> None:
    ada = a_resident()
    midnight = datetime(2026, 3, 1, 16, tzinfo=UTC)  # in Shanghai the second of March begins
    earn(ada, 1)
    seal(midnight - timedelta(microseconds=1))
    assert commands.close_days(moment=midnight - timedelta(microseconds=1), time_zone=SHANGHAI) == 0
    earn(ada, 2)
    seal(midnight)
    earn(ada, 3)
    seal(midnight + timedelta(hours=1))

    assert commands.close_days(moment=midnight, time_zone=SHANGHAI) == 0  # the seal of the new day closed the old one
    assert commands.close_days(moment=midnight + timedelta(hours=24), time_zone=SHANGHAI) == 1
    assert commands.close_days(moment=midnight + timedelta(hours=24), time_zone=SHANGHAI) == 0

    assert list(DayRoot.objects.order_by("day").values_list("day", "seals", "last_seal")) == [
        (date(2026, 3, 1), 1, 1),
        (date(2026, 3, 2), 2, 3),
    ]
    assert queries.verify_seals() == []


@pytest.mark.django_db
def test_a_clock_that_goes_back_opens_no_closed_day() -> None:
    ada = a_resident()
    earn(ada, 1)
    seal(day(5))
    commands.close_days(moment=day(6), time_zone=SHANGHAI)
    earn(ada, 2)

    seal(day(1))

    days = list(Seal.objects.order_by("number").values_list("day", flat=True))
    assert days == [date(2026, 1, 6), date(2026, 1, 7)]
    assert queries.verify_seals() == []


@pytest.mark.django_db
def test_secrets_are_one_for_each_resident_and_marks_sixteen_bytes_for_each_posting() -> None:
    ada, ben = a_resident(), a_resident()
    for resident in (ada, ben, ada):
        earn(resident, 5)

    seal(day(1))

    assert set(EntrySalt.objects.values_list("resident", flat=True)) == {ada, ben}
    assert len({bytes(salt) for salt in EntrySalt.objects.values_list("salt", flat=True)}) == 2
    assert len(SealMarks.objects.get().marks) == 16 * Posting.objects.count()


@pytest.mark.django_db(transaction=True)
def test_one_seals_at_a_time() -> None:
    earn_one()
    with psycopg.connect(conninfo()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        db.execute("SET lock_timeout = '50ms'")
        with pytest.raises(DatabaseError, match="lock timeout"), db.opening():
            commands.seal_next(up_to=10**9, moment=day(1), time_zone=SHANGHAI)
        db.execute("RESET lock_timeout")
    with db.opening():
        assert commands.seal_next(up_to=10**9, moment=day(1), time_zone=SHANGHAI) == 1


def earn_one(resident: int | None = None) -> int:
    with db.opening():
        return earn(resident or a_resident(), 10)
