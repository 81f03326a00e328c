"""What a transaction moved so far on the accounts of residents whose wallets it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, SLOTS, Code, Slot, owner
from denizen.kit import db

NEWEST_SQL = """
SELECT CASE WHEN posting.is_called THEN posting.last_value + numbers.seqincrement - 1 ELSE 0 END
FROM ledger_posting_id_seq AS posting, pg_sequence AS numbers WHERE numbers.seqrelid = 'ledger_posting_id_seq'::regclass
"""
MOVED_SQL = """
SELECT posting.id, posting.code, purpose.code, posting.debit_id, debit.code, posting.credit_id, credit.code,
       posting.amount, posting.effective_at, posting.entry_id, posting.named_id, lot.spendable_from, lot.expires_at
FROM ledger_posting AS posting JOIN ledger_purpose AS purpose ON purpose.id = posting.purpose_id
JOIN ledger_account AS debit ON debit.id = posting.debit_id
JOIN ledger_account AS credit ON credit.id = posting.credit_id
LEFT JOIN ledger_lot AS lot ON lot.posting_id = posting.id
WHERE posting.id > %(after)s
  AND (posting.debit_id = ANY(%(accounts)s::bigint[]) OR posting.credit_id = ANY(%(accounts)s::bigint[]))
ORDER BY posting.id
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a posting: a resident's account (``slot`` says which), or a system account by its ``code``."""

    resident: int | None
    slot: Slot | None
    code: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One posting with both its sides. ``spendable_from`` and ``expires_at`` are those of the lot it opened, if any."""

    posting: int
    code: Code
    purpose: str
    debit: Side
    credit: Side
    amount: int
    effective_at: datetime
    entry: int | None
    named: int | None
    spendable_from: datetime | None
    expires_at: datetime | None


def newest_posting() -> int:
    """No posting up to now has a greater id, and every later one has. One query."""
    return int(db.fetch(NEWEST_SQL)[0][0])


def moved_since(*, residents: Iterable[int], after: int) -> list[Moved]:
    """The postings behind ``after`` on accounts of ``residents``, in their order. One query.

    Who holds the residents' wallets since he asked for ``newest_posting`` sees what he has moved himself, and no more.
    """
    accounts = [resident * SLOTS + slot for resident in residents for slot in range(SLOTS)]
    return [_moved(row) for row in db.fetch(MOVED_SQL, {"after": after, "accounts": accounts})]


def _moved(row: tuple) -> Moved:
    posting, code, purpose, debit, debit_code, credit, credit_code, *rest = row
    return Moved(posting, Code(code), purpose, _side(debit, debit_code), _side(credit, credit_code), *rest)


def _side(account: int, code: str | None) -> Side:
    if account < RESIDENT_ACCOUNT_MIN:
        return Side(None, None, code or "")
    return Side(owner(account), Slot(account % SLOTS), "")
