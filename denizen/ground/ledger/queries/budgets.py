"""Budgets: what was put in, what went out and came back, and which have overrun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from denizen.ground.ledger.constants import Asset, Code, Role, account_code
from denizen.kit import db


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One budget: ``granted`` went to residents, ``returned`` came back by reversals; ``left`` < 0 is an overrun."""

    account: int
    code: str
    asset: str
    limited: bool
    funded: int
    granted: int
    returned: int

    @property
    def left(self) -> int:
        return self.funded - self.granted + self.returned

    @property
    def overrun(self) -> int:
        """By how much more was granted than was put in; goodwill is never blocked by it, only reported (B-34)."""
        return max(-self.left, 0)


def budgets_left(codes: Iterable[str]) -> dict[str, int]:
    """What limited budgets of points have left, by code; other budgets are left out. Others may be drawing on them."""
    wanted = {account_code(code, Asset.POINTS): code for code in codes}
    rows = db.fetch(
        "SELECT code, balance FROM ledger_account WHERE code = ANY(%s) AND role = %s",
        (sorted(wanted), Role.LIMITED_BUDGET.value),
    )
    return {wanted[name]: left for name, left in rows}


def limited_balances(accounts: Iterable[int]) -> dict[int, int]:
    """What limited budgets have left, by account. Nothing is locked: whoever draws is told when it was less."""
    rows = db.fetch(
        "SELECT id, balance FROM ledger_account WHERE id = ANY(%s) AND role = %s",
        (sorted(accounts), Role.LIMITED_BUDGET.value),
    )
    return dict(rows)


def budget_codes() -> list[str]:
    """The codes of all budgets of points, in the order in which they were opened. One query."""
    rows = db.fetch(
        "SELECT code FROM ledger_account WHERE role = ANY(%s) AND code LIKE %s ORDER BY id",
        ([Role.BUDGET.value, Role.LIMITED_BUDGET.value], account_code("%", Asset.POINTS)),
    )
    return [code.partition(":")[2] for (code,) in rows]


def budget_report() -> list[BudgetLine]:
    """All budgets in the order of their accounts. Sums the journal: a report, not a page read often."""
    rows = db.fetch(
        "SELECT account.id, account.code, account.role,"
        "   coalesce(inflow.funded, 0)::bigint, coalesce(outflow.granted, 0)::bigint,"
        "   coalesce(inflow.returned, 0)::bigint"
        " FROM ledger_account AS account"
        " LEFT JOIN (SELECT credit_id, sum(amount) FILTER (WHERE code = %(fund)s) AS funded,"
        "     sum(amount) FILTER (WHERE code <> %(fund)s) AS returned"
        "   FROM ledger_posting WHERE credit_id < 8000 GROUP BY credit_id) AS inflow ON inflow.credit_id = account.id"
        " LEFT JOIN (SELECT debit_id, sum(amount) AS granted FROM ledger_posting WHERE debit_id < 8000"
        "   GROUP BY debit_id) AS outflow ON outflow.debit_id = account.id"
        " WHERE account.role = ANY(%(roles)s) ORDER BY account.id",
        {"fund": Code.FUND.value, "roles": [Role.BUDGET.value, Role.LIMITED_BUDGET.value]},
    )
    return [
        BudgetLine(account, name.partition(":")[2], name.partition(":")[0], role == Role.LIMITED_BUDGET, *sums)
        for account, name, role, *sums in rows
    ]


def budget_accounts_known() -> list[tuple[int, str, bool]]:
    """All budgets of points: account, code, whether it is limited; in the order of their opening. One query."""
    rows = db.fetch(
        "SELECT id, code, role FROM ledger_account WHERE role = ANY(%s) AND code LIKE %s ORDER BY id",
        ([Role.BUDGET.value, Role.LIMITED_BUDGET.value], account_code("%", Asset.POINTS)),
    )
    return [(account, code.partition(":")[2], role == Role.LIMITED_BUDGET) for account, code, role in rows]
