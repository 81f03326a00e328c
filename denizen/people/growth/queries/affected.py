"""Whom a pause concerns: whose entries are held, and whom the rule has paid since a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from denizen.ground.ledger.constants import SLOTS, Code, Slot
from denizen.kit import db
from denizen.people.rulebook.queries import award_purpose

HELD_SQL = """
SELECT entry.resident_id, entry.id, entry.occurred_at, holding.held_at, undecided.state = 'held'
FROM growth_holding AS holding JOIN chronicle_entry AS entry ON entry.id = holding.entry_id
LEFT JOIN chronicle_undecided AS undecided ON undecided.entry_id = holding.entry_id
WHERE holding.suspension_id = %s AND holding.entry_id > %s ORDER BY holding.entry_id LIMIT %s
"""
COUNTS_SQL = """
SELECT holding.suspension_id, count(*), count(DISTINCT entry.resident_id),
       count(*) FILTER (WHERE undecided.state = 'held')
FROM growth_holding AS holding JOIN chronicle_entry AS entry ON entry.id = holding.entry_id
LEFT JOIN chronicle_undecided AS undecided ON undecided.entry_id = holding.entry_id
WHERE holding.suspension_id = ANY(%s::bigint[]) GROUP BY holding.suspension_id
"""
PAID_SQL = """
SELECT posting.credit_id / %(slots)s, count(*),
       coalesce(sum(posting.amount) FILTER (WHERE posting.credit_id %% %(slots)s = %(wallet)s), 0)::bigint,
       coalesce(sum(posting.amount) FILTER (WHERE posting.credit_id %% %(slots)s <> %(wallet)s), 0)::bigint
FROM ledger_posting AS posting JOIN ledger_purpose AS purpose ON purpose.id = posting.purpose_id
WHERE purpose.code = %(purpose)s AND posting.code = %(award)s AND posting.effective_at >= %(since)s
  AND NOT EXISTS (SELECT FROM growth_undoing AS undoing WHERE undoing.original_id = posting.entry_id)
GROUP BY 1 ORDER BY 1
"""


class HeldEntry(NamedTuple):
    """An entry that a pause held. ``waits``: it is not decided yet."""

    resident: int
    entry: int
    occurred_at: datetime
    held_at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class HeldCount:
    """How many entries of how many residents a pause held, and how many of them still wait."""

    entries: int = 0
    residents: int = 0
    waiting: int = 0


class PaidTo(NamedTuple):
    """What a rule paid a resident, without what was undone: how often, points, contribution (n)."""

    resident: int
    times: int
    points: int
    contribution: int


def held_entries(*, suspension: int, after: int = 0, limit: int = 50) -> list[HeldEntry]:
    """The entries a pause held, in order of arrival, those behind ``after`` (an entry's id). One query."""
    return [HeldEntry(*row) for row in db.fetch(HELD_SQL, (suspension, after, limit))]


def held_counts(suspensions: Iterable[int]) -> dict[int, HeldCount]:
    """Counts by pause; one that held nothing counts zero. One query."""
    wanted = list(suspensions)
    found = {number: HeldCount(*counts) for number, *counts in db.fetch(COUNTS_SQL, (wanted,))}
    return {number: found.get(number, HeldCount()) for number in wanted}


def paid_by_rule(*, rule: str, since: datetime) -> list[PaidTo]:
    """Whom the rule has paid for what happened since ``since``. One query over the journal."""
    return [
        PaidTo(*row)
        for row in db.fetch(
            PAID_SQL,
            {
                "slots": SLOTS, "wallet": int(Slot.WALLET), "purpose": award_purpose(rule), "award": Code.AWARD.value,
                "since": since,
            },
        )
    ]  # fmt: skip
