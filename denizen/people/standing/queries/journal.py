"""What the ledger's journal says about contribution, as set-based SQL over postings.

Kept in one place because the stored standing, its rebuilding, its proof and the yearly list must all read the journal
in exactly the same words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, SLOTS, Slot
from denizen.kit import db


class Known(NamedTuple):
    """What the journal held at one moment: postings up to ``last``, except those numbered within ``unseen``.

    ``unseen`` are inclusive ranges of numbers that were given out but not written, so that a posting which was under
    way then, and carries a smaller number than others that were there, is told apart from them for good.
    """

    last: int
    unseen: list[list[int]]


class Earned(NamedTuple):
    """What a resident earned within a range of time: n, net of what was taken back within it."""

    resident: int
    public_id: UUID
    contribution: int
    reached_at: datetime


CLASS_SLOTS = (Slot.INTERACTION, Slot.DEVELOPMENT, Slot.EFFICIENCY, Slot.SPECIAL)
NOTHING = (0, 0, 0, 0)


def _side(column: str, sign: str) -> str:
    return (
        f"SELECT id AS posting, {column} AS account, {sign}amount AS amount, effective_at FROM ledger_posting"
        f" WHERE {column} >= {RESIDENT_ACCOUNT_MIN}"
        f" AND {column} %% {SLOTS} BETWEEN {CLASS_SLOTS[0].value} AND {CLASS_SLOTS[-1].value}"
    )


MOVES = f"({_side('credit_id', '')} UNION ALL {_side('debit_id', '-')})"
"""Every movement of contribution: posting, account, signed amount, effective_at."""

REBUILT = (
    f"SELECT account / {SLOTS} AS resident_id, "
    + ", ".join(
        f"coalesce(sum(amount) FILTER (WHERE account %% {SLOTS} = {slot.value}), 0)::bigint AS {slot.name.lower()}"
        for slot in CLASS_SLOTS
    )
    + f", sum(amount)::bigint AS total, max(effective_at) AS reached_at FROM {MOVES} AS moves GROUP BY 1"
)
"""Standing as the journal tells it, one row per resident who ever received contribution."""

KNOWN = (
    "SELECT coalesce(max(id), 0),"
    " coalesce(jsonb_agg(jsonb_build_array(previous + 1, id - 1) ORDER BY id)"
    " FILTER (WHERE id > previous + 1), '[]')::text"
    " FROM (SELECT id, lag(id, 1, 0::bigint) OVER (ORDER BY id) AS previous FROM ledger_posting) AS numbered"
)

EARNED = (
    "SELECT r.id, r.public_id, e.n, e.reached_at FROM ("
    f"SELECT account / {SLOTS} AS resident_id, sum(amount)::bigint AS n, max(effective_at) AS reached_at"
    f" FROM {MOVES} AS moves WHERE effective_at < %(until)s AND (%(since)s::timestamptz IS NULL"
    " OR effective_at >= %(since)s::timestamptz)"
    " AND posting <= %(last)s AND NOT posting <@ (SELECT coalesce(range_agg(int8range(lo, hi, '[]')), '{}')"
    " FROM unnest(%(los)s::bigint[], %(his)s::bigint[]) AS unseen(lo, hi))"
    " GROUP BY 1 HAVING sum(amount) > 0 ORDER BY 2 DESC, 3, 1 LIMIT %(places)s"
    ") AS e JOIN chronicle_resident r ON r.id = e.resident_id ORDER BY e.n DESC, e.reached_at, r.id"
)


def known() -> Known:
    """What the journal holds now, in one statement and so in one sight of it."""
    last, unseen = db.fetch(KNOWN)[0]
    return Known(last, json.loads(unseen))


def earned(since: datetime | None, until: datetime, places: int, known: Known) -> list[Earned]:
    """The ``places`` who earned most from ``since`` (None: ever) until before ``until``, in the published order."""
    rows = db.fetch(
        EARNED,
        {
            "since": since,
            "until": until,
            "places": places,
            "last": known.last,
            "los": [first for first, _ in known.unseen],
            "his": [last for _, last in known.unseen],
        },
    )
    return [Earned(*row) for row in rows]


def contribution_balances(residents: Sequence[int]) -> Mapping[int, tuple[int, int, int, int]]:
    """Stored contribution of ``residents`` in n: (interaction, development, efficiency, special).

    Residents who never received any are absent. One query.
    """
    accounts = [resident * SLOTS + slot for resident in residents for slot in CLASS_SLOTS]
    balances = dict(db.fetch("SELECT id, balance FROM ledger_account WHERE id = ANY(%s) AND balance <> 0", (accounts,)))
    found = {account // SLOTS for account in balances}
    return {resident: tuple(balances.get(resident * SLOTS + slot, 0) for slot in CLASS_SLOTS) for resident in found}
