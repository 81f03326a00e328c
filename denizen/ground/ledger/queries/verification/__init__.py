"""The proof of the books: every invariant of the ledger again, from the journal, in set-based SQL.

Balances, remainders and reservations only save work; this shows that they still say what the journal says, that the
journal itself says nothing forbidden, and that the database still forbids it.
"""

from denizen.ground.ledger.queries.verification.checks import CHECKS
from denizen.ground.ledger.queries.verification.proof import Check, Finding, verify_with
from denizen.ground.ledger.queries.verification.truths import truths


def verify() -> list[Finding]:
    """Everything that is wrong with the ledger, one finding for each broken invariant; empty when all is well.

    Reads the whole journal. Run it in a REPEATABLE READ transaction while others write: otherwise the checks look at
    different moments.
    """
    return verify_with((*CHECKS, *truths()))


__all__ = ["Check", "Finding", "verify"]
