"""The proof of the books: every invariant of the ledger again, from the journal, in set-based SQL.

Balances, remainders and reservations only save work; this shows that they still say what the journal says, that the
journal itself says nothing forbidden, and that the database still forbids it.
"""

from django.db import connection, transaction

from denizen.ground.ledger.queries.verification.checks import CHECKS
from denizen.ground.ledger.queries.verification.proof import Check, Finding, verify_with
from denizen.ground.ledger.queries.verification.truths import truths
from denizen.kit import db


def verify() -> list[Finding]:
    """Everything that is wrong with the ledger, one finding for each broken invariant; empty when all is well.

    Reads the whole journal, all checks on one snapshot, so that others may write meanwhile. Inside a transaction it
    looks at what that transaction sees.
    """
    if connection.in_atomic_block:
        return verify_with((*CHECKS, *truths()))
    with transaction.atomic():
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return verify_with((*CHECKS, *truths()))


__all__ = ["Check", "Finding", "verify"]
