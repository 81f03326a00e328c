"""Points expire at their moment, whenever the sweep comes by: the postings carry the lot's own moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from denizen.ground.ledger.commands import journal
from denizen.ground.ledger.constants import POINTS_EXPIRED, PURPOSE_EXPIRY, Code, wallet
from denizen.kit import db

LOTS_PER_SWEEP = 10_000

DUE = "remaining > 0 AND remaining > reserved AND expires_at <= %(moment)s"

EXPIRE_SQL = f"""
WITH due AS (
  SELECT id, account_id, expires_at, remaining - reserved AS amount
  FROM ledger_lot WHERE account_id = ANY(%(wallets)s) AND {DUE}
), heaps AS (
  SELECT account_id, expires_at, sum(amount) AS amount FROM due GROUP BY account_id, expires_at
), numbered AS (
  SELECT nextval('ledger_posting_id_seq') AS id, account_id, expires_at, amount
  FROM (SELECT * FROM heaps ORDER BY account_id, expires_at) AS ordered
), posted AS (
  INSERT INTO ledger_posting
    (id, debit_id, credit_id, amount, code, purpose_id, effect_no, effective_at, recorded_at)
  SELECT id, account_id, {POINTS_EXPIRED}, amount, {Code.EXPIRE.value}, %(purpose)s, 0, expires_at, %(moment)s
  FROM numbered
), used AS (
  INSERT INTO ledger_lotuse (posting_id, ord, lot_id, amount)
  SELECT numbered.id, row_number() OVER (PARTITION BY numbered.id ORDER BY due.id) - 1, due.id, due.amount
  FROM due JOIN numbered USING (account_id, expires_at)
), emptied AS (
  UPDATE ledger_lot AS lot SET remaining = lot.remaining - due.amount FROM due WHERE lot.id = due.id
), settled AS (
  UPDATE ledger_account AS account SET balance = account.balance - fallen.amount
  FROM (SELECT account_id, sum(amount) AS amount FROM due GROUP BY account_id) AS fallen
  WHERE account.id = fallen.account_id
)
SELECT count(*), coalesce(sum(amount), 0)::bigint FROM due
"""


class Expired(NamedTuple):
    """How many lots expired, and how many points."""

    lots: int
    points: int


def expire_due(*, moment: datetime, limit: int = LOTS_PER_SWEEP) -> Expired:
    """Expire unreserved points whose day has come by ``moment``, in the wallets of the ``limit`` lots most overdue.

    Run it again until it finds nothing. Wallets somebody else is working on are left for the next sweep, so sweeps
    may run side by side; a lot expires once. Row: points with an end (B-02); the postings need no entry.
    """
    db.required()
    found = db.fetch(
        f"SELECT DISTINCT account_id FROM (SELECT account_id FROM ledger_lot WHERE {DUE}"
        " ORDER BY expires_at LIMIT %(limit)s) AS overdue",
        {"moment": moment, "limit": limit},
    )
    locked = db.fetch(
        "SELECT id FROM ledger_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
        ([row[0] for row in found],),
    )
    return _expire([row[0] for row in locked], moment)


def expire_locked(*, residents: Iterable[int], moment: datetime) -> Expired:
    """Expire what is due in wallets the caller has locked, so that points given back later do not revive it."""
    db.required()
    return _expire([wallet(resident) for resident in sorted(set(residents))], moment)


def _expire(wallets: list[int], moment: datetime) -> Expired:
    if not wallets:
        return Expired(0, 0)
    purpose = journal.purpose_ids([PURPOSE_EXPIRY])[PURPOSE_EXPIRY]
    rows = db.fetch(EXPIRE_SQL, {"wallets": wallets, "purpose": purpose, "moment": moment})
    return Expired(*rows[0])
