"""Everybody's balances as of a moment of happening, from lots, uses and postings, whether or not the sweep ran."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from denizen.ground.ledger.constants import POINTS_EXPIRED, RESIDENT_ACCOUNT_MIN, Code

ROWS_PER_FETCH = 5_000

POINTS_SQL = f"""
SELECT lot.account_id / 8 AS resident, 'points' AS asset,
  CASE WHEN lot.expires_at IS NULL OR lot.expires_at > %(moment)s
       THEN lot.amount - coalesce(used.amount, 0) ELSE 0 END AS amount
FROM ledger_lot AS lot
JOIN ledger_posting AS origin ON origin.id = lot.posting_id AND origin.effective_at <= %(moment)s
LEFT JOIN (
  SELECT used.lot_id, sum(used.amount) AS amount
  FROM ledger_lotuse AS used JOIN ledger_posting AS posting ON posting.id = used.posting_id
  JOIN ledger_lot AS lot ON lot.id = used.lot_id
  WHERE posting.effective_at <= %(moment)s
    -- What a reversal claims of expired points comes back when they expired, not before.
    AND NOT (posting.debit_id = {POINTS_EXPIRED} AND posting.credit_id <> lot.account_id AND used.amount < 0
      AND %(moment)s < (
      SELECT max(expiry.effective_at) FROM ledger_lotuse AS swept
      JOIN ledger_posting AS expiry ON expiry.id = swept.posting_id AND expiry.code = {Code.EXPIRE.value}
      WHERE swept.lot_id = used.lot_id))
  GROUP BY used.lot_id
) AS used ON used.lot_id = lot.id
UNION ALL
SELECT hold.account_id / 8, 'points', part.amount
FROM ledger_hold AS hold
JOIN ledger_holdlot AS part ON part.hold_id = hold.id
JOIN ledger_lot AS lot ON lot.id = part.lot_id AND lot.expires_at <= %(moment)s
WHERE hold.placed_at <= %(moment)s AND (hold.resolved_at IS NULL OR hold.resolved_at > %(moment)s)
"""

OTHERS_SQL = f"""
SELECT account / 8 AS resident, CASE WHEN account %% 8 = 1 THEN 'debt' ELSE 'contribution' END AS asset,
  CASE WHEN account %% 8 = 1 THEN -amount ELSE amount END AS amount
FROM (
  SELECT credit_id AS account, amount FROM ledger_posting
  WHERE credit_id >= {RESIDENT_ACCOUNT_MIN} AND credit_id %% 8 > 0 AND effective_at <= %(moment)s
  UNION ALL
  SELECT debit_id, -amount FROM ledger_posting
  WHERE debit_id >= {RESIDENT_ACCOUNT_MIN} AND debit_id %% 8 > 0 AND effective_at <= %(moment)s
) AS side
"""

HELD_SQL = """
SELECT account_id / 8 AS resident, 'held' AS asset, amount FROM ledger_hold
WHERE placed_at <= %(moment)s AND (resolved_at IS NULL OR resolved_at > %(moment)s)
"""

# Nobody owes who has points that no hold claims: where news came late, debt and points of one moment are settled here,
# as they would have been had the news come in time.
AS_OF_SQL = f"""
WITH summed AS (
  SELECT resident,
    coalesce(sum(amount) FILTER (WHERE asset = 'points'), 0)::bigint AS points,
    coalesce(sum(amount) FILTER (WHERE asset = 'debt'), 0)::bigint AS debt,
    coalesce(sum(amount) FILTER (WHERE asset = 'contribution'), 0)::bigint AS contribution,
    coalesce(sum(amount) FILTER (WHERE asset = 'held'), 0)::bigint AS held
  FROM ({POINTS_SQL} UNION ALL {OTHERS_SQL} UNION ALL {HELD_SQL}) AS part GROUP BY resident
), settled AS (
  SELECT *, greatest(least(debt, points - held), 0) AS paid FROM summed
)
SELECT resident, asset, balance FROM settled CROSS JOIN LATERAL (
  VALUES ('contribution', contribution), ('debt', debt - paid), ('points', points - paid)) AS line(asset, balance)
WHERE balance <> 0 ORDER BY resident, asset
"""


class AssetBalance(NamedTuple):
    """``asset``: ``points`` (waiting and reserved included), ``debt`` (points owed, > 0) or ``contribution`` (n)."""

    resident: int
    asset: str
    balance: int


def balances_as_of(moment: datetime) -> Iterator[AssetBalance]:
    """Everybody's balances as of ``moment``, in order of resident and asset; zeros are left out.

    Counts what was effective by then, and no lot whose end had come by then unless a hold kept it. Debt is its own
    asset. One query over the journal, read in portions.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(AS_OF_SQL, {"moment": moment})
        while rows := cursor.fetchmany(ROWS_PER_FETCH):
            yield from map(AssetBalance._make, rows)
