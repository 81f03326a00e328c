"""What became of points by the month in which they were first issued, however often they were given on since.

A lot that a gift opened belongs to the month of the lot it came from: a gift opens one lot for each part it takes, in
the same order, so the way back is recorded. An amount is positive into a lot and negative out of it; the sum of all
flows of a month is what is still outstanding of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from denizen.ground.ledger.constants import POINTS_EXPIRED, Code
from denizen.ground.ledger.queries.circulation.flows import FLOW_SQL, SYSTEM_SIDE, Flow
from denizen.ground.ledger.queries.circulation.lines import Lines, Span, weighted

ROOTS_SQL = f"""
WITH RECURSIVE handed AS (
  SELECT opened.id AS lot, taken.lot_id AS parent
  FROM (
    SELECT lot.id, lot.posting_id, row_number() OVER (PARTITION BY lot.posting_id ORDER BY lot.id) AS place
    FROM ledger_lot AS lot JOIN ledger_posting AS posting ON posting.id = lot.posting_id
    WHERE posting.code = {Code.TRANSFER.value}) AS opened
  JOIN (
    SELECT used.posting_id, used.lot_id, row_number() OVER (PARTITION BY used.posting_id ORDER BY used.ord) AS place
    FROM ledger_lotuse AS used JOIN ledger_posting AS posting ON posting.id = used.posting_id
    WHERE posting.code = {Code.TRANSFER.value}) AS taken USING (posting_id, place)
), root AS (
  SELECT handed.lot, handed.parent AS origin FROM handed
  JOIN ledger_lot AS parent ON parent.id = handed.parent
  JOIN ledger_posting AS brought ON brought.id = parent.posting_id AND brought.code <> {Code.TRANSFER.value}
  UNION ALL SELECT handed.lot, root.origin FROM handed JOIN root ON root.lot = handed.parent
)
"""

MOVED_SQL = """
SELECT lot.posting_id, lot.id AS lot_id, 0 AS place, lot.amount FROM ledger_lot AS lot {lots}
UNION ALL
SELECT used.posting_id, used.lot_id, used.ord + 1, -used.amount FROM ledger_lotuse AS used {uses}
"""
OF_MONTH = {"lots": "JOIN mine ON mine.id = lot.id", "uses": "JOIN mine ON mine.id = used.lot_id"}
OF_ALL = {"lots": "", "uses": ""}

# What a reversal claims of expired points is two uses of one lot: the expiry undone, and the issue (or gift) undone.
COHORT_FLOW_SQL = f"""
CASE WHEN posting.code <> {Code.REVERSE.value} OR posting.debit_id <> {POINTS_EXPIRED} THEN {FLOW_SQL}
     WHEN moved.amount > 0 AND lot.account_id <> posting.credit_id THEN '{Flow.UNEXPIRE}'
     WHEN {SYSTEM_SIDE.format("posting.credit_id")} THEN '{Flow.REVERSE}'
     ELSE '{Flow.GIFT_UNDONE}' END
"""

COHORT_MONTH_SQL = "date_trunc('month', coalesce(origin.granted_at, lot.granted_at) AT TIME ZONE %(zone)s)::date"

MINE_SQL = """
, mine AS MATERIALIZED (
  SELECT lot.id FROM ledger_lot AS lot WHERE lot.granted_at >= %(cohort_since)s AND lot.granted_at < %(cohort_until)s
    AND NOT EXISTS (SELECT FROM root WHERE root.lot = lot.id)
  UNION ALL
  SELECT root.lot FROM root JOIN ledger_lot AS origin ON origin.id = root.origin
  WHERE origin.granted_at >= %(cohort_since)s AND origin.granted_at < %(cohort_until)s)
"""
"""The lots of one month; movements are looked up from them, so that one month does not cost what all cost."""

LINKED_SQL = """
JOIN ledger_posting AS posting ON posting.id = moved.posting_id
JOIN ledger_lot AS lot ON lot.id = moved.lot_id
LEFT JOIN root ON root.lot = lot.id
LEFT JOIN ledger_lot AS origin ON origin.id = root.origin
"""

COHORTS_FROM_SQL = f"FROM ({MOVED_SQL.format(**OF_ALL)}) AS moved {LINKED_SQL}"


def cohort_lines(weights: Mapping[Flow, int], span: Span, *, zone: str, cohort: date | None = None) -> Lines:
    """Movements of lots of the flows in ``weights``, each counted so many times; of the points of one month."""
    moved = MOVED_SQL.format(**(OF_MONTH if cohort else OF_ALL))
    sql = (
        f"{ROOTS_SQL}{MINE_SQL if cohort else ''} SELECT moved.posting_id AS k1, moved.lot_id AS k2, moved.place AS k3,"
        f" lot.account_id / 8 AS resident, {COHORT_FLOW_SQL} AS flow, posting.purpose_id AS purpose, moved.amount,"
        f" posting.effective_at, posting.recorded_at FROM ({moved}) AS moved {LINKED_SQL} WHERE {span.sql()}"
    )
    named = {**span.parameters(), "zone": zone}
    return weighted(sql, weights, {**named, **_month(cohort, zone)} if cohort else named)


def _month(first: date, zone: str) -> dict[str, datetime]:
    """The moments between which the month of ``first`` lies in the city."""
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    begins, ends = (datetime.combine(day, time(), ZoneInfo(zone)) for day in (first.replace(day=1), following))
    return {"cohort_since": begins, "cohort_until": ends}
