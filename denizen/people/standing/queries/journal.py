"""What the ledger's journal says about contribution, as set-based SQL over postings.

Kept in one place because the stored standing, its rebuilding, its proof and the yearly list must all read the journal
in exactly the same words.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, SLOTS, Slot
from denizen.kit import db

UNDER_WAY_MAX = timedelta(days=1)
"""No transaction that writes postings lasts longer."""


class Known(NamedTuple):
    """What the journal held at one moment: postings up to ``last``, except those numbered within ``unseen``.

    ``unseen`` are inclusive ranges of numbers given out but not written within the last day. So a posting which was
    under way then, and whose number is below others that were there, is told apart from them for good. Older numbers
    that were never written belong to work that was given up. What a review kept apart at that moment is among them: it
    did not count then, whatever came of it.
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


def _side(column: str, sign: str, only: str) -> str:
    return (
        f"SELECT id AS posting, {column} AS account, {sign}amount AS amount, effective_at FROM ledger_posting"
        f" WHERE {column} >= {RESIDENT_ACCOUNT_MIN}"
        f" AND {column} %% {SLOTS} BETWEEN {CLASS_SLOTS[0].value} AND {CLASS_SLOTS[-1].value}" + only.format(column)
    )


def _moves(only: str = "") -> str:
    return f"({_side('credit_id', '', only)} UNION ALL {_side('debit_id', '-', only)})"


MOVES = _moves()
"""Every movement of contribution: posting, account, signed amount, effective_at."""


_CLASSES = (
    f"SELECT account / {SLOTS} AS resident_id, "
    + ", ".join(
        f"coalesce(sum(amount) FILTER (WHERE account %% {SLOTS} = {slot.value}), 0)::bigint AS {slot.name.lower()}"
        for slot in CLASS_SLOTS
    )
    + ", sum(amount)::bigint AS total, max(effective_at) AS reached_at"
)


def _rebuilt(moves: str) -> str:
    """Standing from the movements that count: all but awards which an open review keeps apart."""
    return f"""{_CLASSES} FROM {moves} AS move WHERE NOT EXISTS (SELECT FROM ledger_contributionhold AS apart
      WHERE apart.posting_id = move.posting AND apart.state = 'pending') GROUP BY 1"""


REBUILT = _rebuilt(MOVES)
"""Standing as the journal tells it, one row per resident who ever received contribution that counts."""

REBUILT_OF = _rebuilt(_moves(" AND {} = ANY(%(accounts)s)"))
"""The same for some accounts."""

APART = "SELECT posting_id FROM ledger_contributionhold WHERE state = 'pending' ORDER BY posting_id"

KNOWN = (
    "WITH recent AS (SELECT min(id) AS first FROM ledger_posting WHERE recorded_at >= %(since)s),"
    " settled AS (SELECT coalesce(max(id), 0) AS last FROM ledger_posting WHERE id < (SELECT first FROM recent)),"
    " numbered AS (SELECT id, lag(id, 1, (SELECT last FROM settled)) OVER (ORDER BY id) AS previous"
    "  FROM ledger_posting WHERE id >= (SELECT first FROM recent))"
    " SELECT (SELECT coalesce(max(id), 0) FROM ledger_posting),"
    " coalesce(jsonb_agg(jsonb_build_array(previous + 1, id - 1) ORDER BY id), '[]')::text"
    " FROM numbered WHERE id > previous + 1"
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


def known(moment: datetime) -> Known:
    """What the journal holds at ``moment``, which is now: in one statement, and so in one sight of it."""
    last, unseen = db.fetch(KNOWN, {"since": moment - UNDER_WAY_MAX})[0]
    return Known(last, [*json.loads(unseen), *_apart()])


def everything() -> Known:
    """All the journal holds that counts, whatever its numbers."""
    return Known(2**63 - 1, _apart())


def _apart() -> list[list[int]]:
    return [[posting, posting] for (posting,) in db.fetch(APART)]


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
