"""How many: one row for each resident, with the amount 1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from denizen.ground.ledger.constants import Code
from denizen.ground.ledger.queries.circulation.flows import RESIDENT_SQL
from denizen.ground.ledger.queries.circulation.lines import Lines, Span
from denizen.kit import db

ROW = (
    "SELECT resident AS k1, 0 AS k2, 0 AS k3, resident, '' AS flow, NULL::int AS purpose, 1 AS amount,"
    " first_at AS effective_at, NULL::timestamptz AS recorded_at FROM ({source}) AS person"
)


def resident_lines(until: datetime) -> Lines:
    """Everybody who came to the city before ``until``."""
    source = "SELECT id AS resident, created_at AS first_at FROM chronicle_resident WHERE created_at < %(until)s"
    return Lines(ROW.format(source=source), {"until": until})


def active_lines(span: Span) -> Lines:
    """Residents with a behaviour on record that happened within ``span``."""
    source = (
        "SELECT entry.resident_id AS resident, min(entry.occurred_at) AS first_at FROM chronicle_entry AS entry"
        f" WHERE {span.sql('entry').replace('effective_at', 'occurred_at')} GROUP BY 1"
    )
    return Lines(ROW.format(source=source), span.parameters())


def spender_lines(span: Span) -> Lines:
    """Residents who spent points within ``span``, refunded later or not."""
    source = (
        f"SELECT {RESIDENT_SQL} AS resident, min(posting.effective_at) AS first_at FROM ledger_posting AS posting"
        f" WHERE posting.code = {Code.SPEND.value} AND {span.sql()} GROUP BY 1"
    )
    return Lines(ROW.format(source=source), span.parameters())


def residents_by(moments: Sequence[datetime]) -> list[int]:
    """How many residents the city had by each of ``moments``. One query."""
    rows = db.fetch(
        "SELECT (SELECT count(*) FROM chronicle_resident WHERE created_at < t.moment)"
        " FROM unnest(%s::timestamptz[]) WITH ORDINALITY AS t(moment, place) ORDER BY t.place",
        (list(moments),),
    )
    return [int(row[0]) for row in rows]


def purpose_codes() -> list[str]:
    """Every purpose the journal knows. One query."""
    return [row[0] for row in db.fetch("SELECT code FROM ledger_purpose ORDER BY code")]
