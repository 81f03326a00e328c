"""Sealing while others write: writers commit in any order, and no posting is left out or sealed twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import psycopg
import pytest
from django.db import connection

from denizen.config.wires import conninfo
from denizen.ground.ledger import commands, queries
from denizen.ground.ledger.commands import journal
from denizen.ground.ledger.seal_models import Seal
from denizen.ground.ledger.testing import a_resident, day, earn
from denizen.kit import db

SHANGHAI = "Asia/Shanghai"
INSERT = (
    "INSERT INTO ledger_posting (id, debit_id, credit_id, amount, code, purpose_id, effect_no, effective_at,"
    " recorded_at)"
    " SELECT %s, debit_id, credit_id, 1, code, purpose_id, 0, effective_at, recorded_at FROM ledger_posting"
    " ORDER BY id LIMIT 1"
)

pytestmark = pytest.mark.django_db(transaction=True)


def seal_settled(moment_day: float = 1) -> int:
    """Seal what is settled now; -1 when somebody still holds ids."""
    noted, sealed = commands.horizon(), 0
    if not commands.is_settled(noted):
        return -1
    while True:
        with db.opening():
            count = commands.seal_next(up_to=noted.last_id, moment=day(moment_day), time_zone=SHANGHAI, rows_max=8)
        if not count:
            return sealed
        sealed += count


@contextmanager
def another_writer() -> Iterator[tuple[psycopg.Connection, int]]:
    """A connection of its own that has taken an id, and nothing else yet: not even a number of its transaction."""
    with psycopg.connect(conninfo()) as writer:
        number = writer.execute("SELECT nextval('ledger_posting_id_seq')").fetchone()
        assert number is not None
        yield writer, number[0]


def first_posting() -> None:
    with db.opening():
        earn(a_resident(), 10)


def sealed_equals_journal() -> bool:
    rows = db.fetch("SELECT count(*), coalesce(max(id), 0) FROM ledger_posting")[0]
    last = Seal.objects.order_by("-number").first()
    return last is not None and (last.total, last.last_id) == rows and queries.verify_seals() == []


def test_a_smaller_id_that_commits_later_is_waited_for() -> None:
    first_posting()
    with another_writer() as (writer, smaller):
        first_posting()  # a larger id, committed before
        noted = commands.horizon()

        assert not commands.is_settled(noted)
        assert seal_settled() == -1

        writer.execute(INSERT, [smaller])
        assert not commands.is_settled(noted)
        writer.commit()
        assert commands.is_settled(noted)

    assert seal_settled() == 3
    assert sealed_equals_journal()


def test_an_id_that_is_given_up_is_not_waited_for_again() -> None:
    first_posting()
    with another_writer() as (writer, _):
        noted = commands.horizon()
        writer.rollback()
        assert commands.is_settled(noted)
    assert seal_settled() == 1


def test_who_comes_after_the_horizon_does_not_delay_it() -> None:
    first_posting()
    noted = commands.horizon()
    with another_writer():
        assert commands.is_settled(noted)
        with db.opening():
            assert commands.seal_next(up_to=noted.last_id, moment=day(1), time_zone=SHANGHAI) == 1


def test_who_only_reads_is_not_waited_for() -> None:
    first_posting()
    with psycopg.connect(conninfo()) as reader:
        reader.execute("SELECT last_value FROM ledger_posting_id_seq")
        reader.execute("SELECT count(*) FROM ledger_posting")
        assert commands.is_settled(commands.horizon())


def test_the_ledger_takes_its_ids_in_the_transaction_that_writes() -> None:
    """What the horizon stands on: from taking an id to the end of the transaction, its holder is seen."""
    with psycopg.connect(conninfo(), autocommit=True) as other:
        with db.opening():
            journal.posting_ids(1)
            seen = other.execute(
                "SELECT count(*) FROM pg_locks WHERE relation = 'ledger_posting_id_seq'::regclass"
                " AND mode = 'RowExclusiveLock'"
            ).fetchone()
        assert seen == (1,)


def test_many_writers_out_of_order_are_each_sealed_once() -> None:
    """Eight connections take ids, wait, and commit or give up in random order, while a sealer seals all the time."""
    first_posting()
    done = threading.Event()
    written = []

    def write(seed: int) -> None:
        random = Random(seed)
        with psycopg.connect(conninfo()) as writer:
            for _ in range(25):
                ids = [
                    writer.execute("SELECT nextval('ledger_posting_id_seq')").fetchone()[0]  # type: ignore[index]
                    for _ in range(random.randint(1, 3))
                ]
                done.wait(random.random() * 0.02)
                for number in random.sample(ids, len(ids)):
                    writer.execute(INSERT, [number])
                if random.random() < 0.2:
                    writer.rollback()
                else:
                    writer.commit()
                    written.extend(ids)

    sealed_meanwhile = []

    def seal() -> None:
        noted = commands.horizon()
        try:
            while not done.is_set():
                if not commands.is_settled(noted):
                    continue
                with db.opening():
                    sealed_meanwhile.append(commands.seal_next(up_to=noted.last_id, moment=day(1), time_zone=SHANGHAI))
                noted = commands.horizon()
        finally:
            connection.close()

    sealer = threading.Thread(target=seal)
    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(8)]
    for thread in (sealer, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    done.set()
    sealer.join(60)
    seal_settled()

    last = Seal.objects.order_by("-number")[0]
    assert last.total == 1 + len(written)
    assert len([count for count in sealed_meanwhile if count]) > 5
    assert sealed_equals_journal()
