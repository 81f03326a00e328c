"""The three words about transactions, and bulk writing.

``opening()``    I open the transaction; nobody may have opened one before me.
``required()``   I need one open; the caller decides what commits together.
``outside()``    I must not be inside one, because I wait, or talk to the world.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import OperationalError, connection, transaction

T = TypeVar("T")
RETRYABLE_STATES = {"40001", "40P01"}  # serialization failure, deadlock
ATTEMPTS_MAX = 6


class Again(Exception):
    """What a transaction decided upon changed before it could commit: undone whole, and worth another attempt."""


class TransactionMisuse(RuntimeError):
    """A function was called inside or outside a transaction against its word. Always a programming error."""


@contextmanager
def opening() -> Iterator[None]:
    """Open a transaction and commit it at the end; refused inside another one.

    Tests that run inside a rolled-back transaction mark it with ``savepoint`` semantics of their own (durable=False),
    which Django's test cases already do for ``durable`` blocks.
    """
    with transaction.atomic(durable=True):
        yield


def required() -> None:
    """Refuse to go on unless the caller opened a transaction."""
    if not connection.in_atomic_block:
        raise TransactionMisuse("this function needs an open transaction")


def outside() -> None:
    """Refuse to go on inside a transaction."""
    if connection.in_atomic_block:
        raise TransactionMisuse("this function must not run inside a transaction")


def retrying(work: Callable[[], T]) -> T:
    """Run ``work`` (which opens its own transaction) again after a deadlock, or when it says ``Again``."""
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            return work()
        except Again:
            if attempt == ATTEMPTS_MAX:
                raise
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state not in RETRYABLE_STATES or attempt == ATTEMPTS_MAX:
                raise
        time.sleep(0.01 * attempt)
    raise AssertionError("unreachable")


def copy_rows(table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> None:
    """Append ``rows`` to ``table`` by binary COPY. ``columns``: each column with the PostgreSQL type of its values.

    A moment may be given as ``int8`` microseconds (see ``kit.clock``): the wire format is the same.
    """
    names = ", ".join(name for name, _ in columns)
    with (
        connection.wrap_database_errors,  # as Django does for execute: callers catch one family of errors
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types([kind for _, kind in columns])
        write = copy.write_row
        for row in rows:
            write(row)


def fetch(sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query. For set-based SQL; ordinary reads use the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(parameters))
        return cursor.fetchall()


def execute(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run one statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(parameters))
        return cursor.rowcount


def _adapted(parameters: Sequence[Any] | Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
    """Lists as array literals, written in a few joins: the driver dumps them value by value, in microseconds each."""
    if isinstance(parameters, Mapping):
        return {name: array_literal(value) if type(value) is list else value for name, value in parameters.items()}
    return [array_literal(value) if type(value) is list else value for value in parameters]


def array_literal(values: list[Any]) -> Any:
    """A list of integers, texts or bytes as PostgreSQL writes arrays; lists of anything else are left to the driver.

    The statement must say what array it is (``%s::text[]``, ``= ANY(%s)``), because a literal has no type.
    """
    kinds = {type(value) for value in values}
    if kinds <= {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds <= {int, type(None)}:
        return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"
    if kinds == {str}:
        joined = '","'.join(values)
        if "\\" in joined or joined.count('"') != 2 * (len(values) - 1):
            joined = '","'.join(value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
        return '{"' + joined + '"}'
    if kinds == {bytes}:
        return '{"\\\\x' + '","\\\\x'.join(map(bytes.hex, values)) + '"}'
    return values


ID_BLOCK = 50

TAKE_IDS_SQL = (
    "SELECT nextval(s.seqrelid::regclass), s.seqincrement FROM pg_sequence s,"
    " generate_series(1, (%s + s.seqincrement - 1) / s.seqincrement) WHERE s.seqrelid = %s::regclass"
)


def take_ids(sequence: str, count: int) -> list[int]:
    """``count`` fresh ids of a sequence, ascending, in one round trip.

    A sequence that steps by more than one (``in_blocks``) gives a block of ids for each value. What is left of the
    last block stays unused: ids are many, rows on the wire are not.
    """
    if not count:
        return []
    blocks = fetch(TAKE_IDS_SQL, (count, sequence))
    return [first + step for first, size in blocks for step in range(size)][:count]


def in_blocks(table: str) -> str:
    """SQL that makes the identity of ``table`` step in blocks, for tables written in bulk."""
    return f"ALTER TABLE {table} ALTER COLUMN id SET INCREMENT BY {ID_BLOCK};"


APPEND_ONLY_SQL = """
CREATE OR REPLACE FUNCTION denizen_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: correct by adding', TG_TABLE_NAME USING ERRCODE = 'DZ001';
END $$;
"""


def append_only(table: str) -> str:
    """SQL of the trigger that refuses UPDATE, DELETE and TRUNCATE on ``table``."""
    return (
        APPEND_ONLY_SQL
        + f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        + "FOR EACH STATEMENT EXECUTE FUNCTION denizen_append_only();"
    )
