"""The floor: the same final rows, copied out once and copied back by binary COPY into the same emptied tables."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

STAGES = (
    # What a stage refers to was copied by an earlier one; the tables of a stage may go in at the same time.
    ("chronicle_entry", "ledger_account", "growth_capcounter", "standing_standing"),
    ("ledger_posting", "growth_decision", "chronicle_entrykey"),
    ("ledger_lot",),
    ("ledger_lotuse",),
)
TABLES = tuple(table for stage in STAGES for table in stage)


def floor_seconds(repeats: int = 2) -> float:
    """Seconds of the fastest plain way: one stream or two at a time, the better of ``repeats`` runs each."""
    copied = {table: _copied_out(table) for table in TABLES}
    return min(_copied_in(copied, streams) for _ in range(repeats) for streams in (1, 2))


def rows_written() -> int:
    with connection.cursor() as cursor:
        total = 0
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            total += cursor.fetchone()[0]
    return total


def bytes_written() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(pg_total_relation_size(t::regclass)) FROM unnest(%s::text[]) t", (list(TABLES),))
        return int(cursor.fetchone()[0])


def _copied_out(table: str) -> bytes:
    """All rows of a table in the order they were written."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copy:
        return b"".join(bytes(block) for block in copy)


def _copied_in(copied: dict[str, bytes], streams: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE " + ", ".join(TABLES) + " CASCADE")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("CHECKPOINT")
    began = time.perf_counter()
    with ThreadPoolExecutor(streams) as threads:
        for stage in STAGES:
            biggest_first = sorted(stage, key=lambda table: -len(copied[table]))
            list(threads.map(lambda table: _copy_in(table, copied[table]), biggest_first))
    return time.perf_counter() - began


def _copy_in(table: str, rows: bytes) -> None:
    """One COPY in a transaction of its own; constraints and foreign keys are checked as always."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(rows)
