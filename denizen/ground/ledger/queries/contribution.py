"""Contribution by resident and class, now and as of a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from denizen.ground.ledger.constants import SLOTS, Slot
from denizen.kit import db

CLASS_SLOTS = (Slot.INTERACTION, Slot.DEVELOPMENT, Slot.EFFICIENCY, Slot.SPECIAL)
Classes = tuple[int, int, int, int]
"""n of interaction, development, efficiency, special."""

AFTER_SQL = f"""
WITH asked AS (
  SELECT r * {SLOTS} + s AS account, '2000-01-01 00:00:00+00'::timestamptz + m * interval '1 microsecond' AS since
  FROM unnest(%(residents)s::bigint[], %(moments)s::bigint[]) AS a(r, m) CROSS JOIN generate_series(2, 5) AS s)
SELECT account, extract(epoch FROM effective_at - '2000-01-01 00:00:00+00'::timestamptz) * 1000000, moved
FROM asked CROSS JOIN LATERAL (
  SELECT effective_at, amount AS moved FROM ledger_posting WHERE credit_id = account
  UNION ALL SELECT effective_at, -amount FROM ledger_posting WHERE debit_id = account) AS posting
WHERE effective_at > since
"""


def contribution_balances(residents: Iterable[int]) -> dict[int, Classes]:
    """The stored balances by class; residents without contribution are left out. One query, by primary key."""
    accounts = [resident * SLOTS + slot for resident in residents for slot in CLASS_SLOTS]
    found: dict[int, list[int]] = {}
    for account, balance in db.fetch("SELECT id, balance FROM ledger_account WHERE id = ANY(%s)", (accounts,)):
        found.setdefault(account // SLOTS, [0, 0, 0, 0])[account % SLOTS - Slot.INTERACTION] = balance
    return {resident: (row[0], row[1], row[2], row[3]) for resident, row in found.items()}


def contribution_after(moments: Mapping[int, int]) -> list[tuple[int, int, int, int]]:
    """Postings of contribution effective after each resident's moment (microseconds), as (resident, moment, slot, n).

    Reversals count negative. For judging late entries by the contribution of their own day. One query.
    """
    rows = db.fetch(AFTER_SQL, {"residents": list(moments), "moments": list(moments.values())})
    return [(account // SLOTS, int(moment), account % SLOTS, amount) for account, moment, amount in rows]
