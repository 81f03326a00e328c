"""Movements that no rule made: what a replay of the rules takes as given."""

from __future__ import annotations

from typing import NamedTuple

from denizen.ground.ledger.constants import (
    RESIDENT_ACCOUNT_MIN,
    SLOTS,
    Asset,
    Code,
    Role,
    Slot,
    account_code,
)
from denizen.kit import db

MICROS = "((extract(epoch FROM {0}) - 946684800) * 1000000)::bigint"

NOT_BY_RULES = (
    "NOT (code = ANY(%s::int[]) AND purpose_id IN (SELECT id FROM ledger_purpose WHERE starts_with(code, %s)))"
)
"""Rules' awards and what reversing entries took back keep the purpose of the rule; what staff walk back does not."""

CONTRIBUTION_SQL = f"""
SELECT {MICROS.format("recorded_at")}, {MICROS.format("effective_at")}, account / {SLOTS},
  (account %% {SLOTS})::int, amount
FROM (SELECT id, recorded_at, effective_at, credit_id AS account, amount, code, purpose_id FROM ledger_posting
      UNION ALL
      SELECT id, recorded_at, effective_at, debit_id, -amount, code, purpose_id FROM ledger_posting) AS side
WHERE account >= {RESIDENT_ACCOUNT_MIN} AND account %% {SLOTS} BETWEEN {Slot.INTERACTION.value} AND {Slot.SPECIAL.value}
  AND {NOT_BY_RULES}
ORDER BY recorded_at, id
"""
BUDGETS_SQL = f"""
SELECT {MICROS.format("recorded_at")}, code_of_account, amount, code = {Code.FUND.value}
FROM (SELECT posting.id, recorded_at, account.code AS code_of_account, amount, posting.code, purpose_id
      FROM ledger_posting AS posting
      JOIN ledger_account AS account ON account.id = posting.credit_id AND account.role = {Role.LIMITED_BUDGET.value}
      UNION ALL
      SELECT posting.id, recorded_at, account.code, -amount, posting.code, purpose_id FROM ledger_posting AS posting
      JOIN ledger_account AS account ON account.id = posting.debit_id AND account.role = {Role.LIMITED_BUDGET.value}
     ) AS side
WHERE {NOT_BY_RULES} ORDER BY recorded_at, id
"""
BY_RULES = [Code.AWARD.value, Code.REVERSE.value, Code.CLAW_BACK.value]
POINTS = account_code("", Asset.POINTS)


class GivenContribution(NamedTuple):
    """Contribution given (or taken: negative) beyond the rules. Moments in microseconds; ``slot`` is its class."""

    recorded_us: int
    effective_us: int
    resident: int
    slot: int
    amount: int


class GivenFunds(NamedTuple):
    """What came into a limited budget of points (or left it: negative) beyond the rules. ``funding``: endowed."""

    recorded_us: int
    budget: str
    amount: int
    funding: bool


def contribution_given(*, rules: str) -> list[GivenContribution]:
    """Contribution that no rule granted or took back, in order of recording. One query.

    ``rules``: how the purposes of rules' awards begin.
    """
    return [GivenContribution(*row) for row in db.fetch(CONTRIBUTION_SQL, (BY_RULES, rules))]


def funds_given(*, rules: str) -> list[GivenFunds]:
    """What limited budgets got and gave beyond the rules, in order of recording. One query."""
    return [
        GivenFunds(recorded_us, name.removeprefix(POINTS), amount, funding)
        for recorded_us, name, amount, funding in db.fetch(BUDGETS_SQL, (BY_RULES, rules))
    ]
