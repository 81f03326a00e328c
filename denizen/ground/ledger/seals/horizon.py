"""How far the journal is settled: up to which id no posting can still appear.

Ids are given out before postings are committed, so a smaller id may become visible after a larger one. Whoever takes
an id of a sequence holds a lock on that sequence until his transaction ends, and everybody can see who holds one. So:
note the highest id that was given out and, after it, who holds the lock; once none of these is left, every posting up
to that id is there or never will be. Nobody is locked and nothing is waited for.

This relies on ids being taken in the transaction that writes the postings (``commands.journal.posting_ids``).
"""

from __future__ import annotations

from typing import NamedTuple

from denizen.kit import db

SEQUENCE = "ledger_posting_id_seq"

LAST_ID_SQL = f"""
SELECT CASE WHEN sequence.is_called THEN sequence.last_value + step.seqincrement - 1 ELSE 0 END
FROM {SEQUENCE} AS sequence, pg_sequence AS step WHERE step.seqrelid = '{SEQUENCE}'::regclass
"""
HOLDERS_SQL = f"""
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = '{SEQUENCE}'::regclass AND mode <> 'AccessShareLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid IS DISTINCT FROM %s
"""


class Horizon(NamedTuple):
    """``last_id``: the highest id given out by then. ``holders``: the transactions that held ids of then or before."""

    last_id: int
    holders: frozenset[str]


def horizon() -> Horizon:
    """What is given out now, and to whom. The order matters: an id noted here was taken by somebody seen there."""
    return Horizon(last_id_given(), _holders())


def is_settled(noted: Horizon) -> bool:
    """Whether every transaction that held ids then has ended. Ask before looking at the postings, not after."""
    return not noted.holders or not noted.holders & _holders()


def last_id_given() -> int:
    return int(db.fetch(LAST_ID_SQL)[0][0])


def _holders() -> frozenset[str]:
    own = db.fetch("SELECT pg_backend_pid()")[0][0]
    return frozenset(name for (name,) in db.fetch(HOLDERS_SQL, (own,)))
