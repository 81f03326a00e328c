"""A resident's postings, page by page, and the postings of an entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, SLOT_CLASS, SLOTS, Code, Slot, owner
from denizen.kit import db

PAGE = 50

STATEMENT_SQL = f"""
SELECT posting.id, posting.code, purpose.code, side.account, side.sign * posting.amount, side.other,
       posting.effective_at, posting.recorded_at, posting.entry_id, posting.reverses_id, posting.named_id
FROM (
  SELECT page.*, account, 1 AS sign, page.debit_id AS other FROM unnest(%(accounts)s::bigint[]) AS account
  CROSS JOIN LATERAL (SELECT id, debit_id FROM ledger_posting WHERE credit_id = account
    AND credit_id >= {RESIDENT_ACCOUNT_MIN} AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s) AS page
  UNION ALL
  SELECT page.*, account, -1, page.credit_id FROM unnest(%(accounts)s::bigint[]) AS account
  CROSS JOIN LATERAL (SELECT id, credit_id FROM ledger_posting WHERE debit_id = account
    AND debit_id >= {RESIDENT_ACCOUNT_MIN} AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s) AS page
) AS side
JOIN ledger_posting AS posting ON posting.id = side.id
JOIN ledger_purpose AS purpose ON purpose.id = posting.purpose_id
ORDER BY posting.id DESC, side.sign DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting as its resident sees it: ``amount`` > 0 came in, < 0 went out.

    ``asset``: ``points``, ``debt`` or a class of contribution. ``other`` is the resident on the other side, if it is
    another person. ``named`` is whom the line names beside the two sides (B-19).
    """

    posting: int
    code: Code
    purpose: str
    asset: str
    amount: int
    other: int | None
    effective_at: datetime
    recorded_at: datetime
    entry: int | None
    reverses: int | None
    named: int | None


def statement(
    resident: int, *, before: int | None = None, limit: int = PAGE, slots: Iterable[Slot] = tuple(Slot)
) -> list[StatementLine]:
    """The latest lines of ``resident``, newest first; the next page is ``before`` the last posting seen.

    Repayments show on both sides: points go out, debt goes down; such a pair may stand across two pages, so ask for
    wallet and debt apart (``slots``) where that matters.
    """
    rows = db.fetch(
        STATEMENT_SQL,
        {
            "accounts": [resident * SLOTS + slot for slot in slots],
            "before": 2**62 if before is None else before,
            "limit": limit,
        },
    )
    return [_line(resident, row) for row in rows]


def postings_of(entries: Iterable[int]) -> dict[int, list[int]]:
    """The ids of everything entries moved, by entry, in order: all records of one business action."""
    found: dict[int, list[int]] = {}
    for entry, posting in db.fetch(
        "SELECT entry_id, id FROM ledger_posting WHERE entry_id = ANY(%s) ORDER BY entry_id, id", (sorted(entries),)
    ):
        found.setdefault(entry, []).append(posting)
    return found


def _line(resident: int, row: tuple) -> StatementLine:
    posting, code, purpose, account, amount, other, effective_at, recorded_at, entry, reverses, named = row
    slot = Slot(account % SLOTS)
    person = owner(other) if other >= RESIDENT_ACCOUNT_MIN and owner(other) != resident else None
    asset = {Slot.WALLET: "points", Slot.DEBT: "debt"}.get(slot) or SLOT_CLASS[slot]
    return StatementLine(
        posting, Code(code), purpose, asset, amount, person, effective_at, recorded_at, entry, reverses, named
    )
