"""What came of a version of the rules: entries it decided, and what each of its rules paid (A-36)."""

from __future__ import annotations

from denizen.ground.ledger.constants import Code
from denizen.kit import db
from denizen.people.growth.models import Decision

OUTCOMES_SQL = "SELECT outcome, count(*) FROM growth_decision WHERE book_id = %s GROUP BY outcome"
RULES_SQL = """
SELECT purpose.code, count(*), sum(posting.amount)::bigint
FROM ledger_posting AS posting
JOIN growth_decision AS decision ON decision.entry_id = posting.entry_id
JOIN ledger_purpose AS purpose ON purpose.id = posting.purpose_id
WHERE decision.book_id = %s AND posting.code = %s GROUP BY purpose.code
"""
COUNTED = {
    Decision.Outcome.PAID: "paid",
    Decision.Outcome.CAPPED: "capped",
    Decision.Outcome.NOTHING: "refused",
    Decision.Outcome.REVERSED: "reversed",
    Decision.Outcome.DISMISSED: "dismissed",
}


def results_of(number: int) -> dict[str, int]:
    """Figures of version ``number``, measured now: whole numbers by name. Two queries over everything it decided.

    ``entries`` and how they ended (``paid``, ``capped``, ``refused``, ``reversed``, ``dismissed``), then for each rule
    that paid ``rule.CODE.times`` and ``rule.CODE.amount`` (points, or units of contribution).
    """
    outcomes = dict(db.fetch(OUTCOMES_SQL, (number,)))
    figures = {"entries": sum(outcomes.values())}
    figures |= {name: outcomes.get(outcome.value, 0) for outcome, name in COUNTED.items()}
    for purpose, times, amount in sorted(db.fetch(RULES_SQL, (number, Code.AWARD.value))):
        rule = purpose.partition(":")[2]
        figures |= {f"rule.{rule}.times": times, f"rule.{rule}.amount": amount}
    return figures
