"""Reads of the ledger."""

from denizen.ground.ledger.constants import CLASS_SLOT, CONTRIBUTION_MINT, POINTS_MINT, SLOT_CLASS, Asset, Code, Slot
from denizen.ground.ledger.queries.balances import (
    Balance,
    Expiring,
    balance,
    contribution,
    contribution_after,
    contribution_balances,
)
from denizen.ground.ledger.queries.budgets import BudgetLine, budget_report, budgets_left
from denizen.ground.ledger.queries.export import AssetBalance, balances_as_of
from denizen.ground.ledger.queries.statements import StatementLine, postings_of, statement
from denizen.ground.ledger.queries.verification import Finding, verify

__all__ = [
    "CLASS_SLOT",
    "CONTRIBUTION_MINT",
    "POINTS_MINT",
    "SLOT_CLASS",
    "Asset",
    "AssetBalance",
    "Balance",
    "BudgetLine",
    "Code",
    "Expiring",
    "Finding",
    "Slot",
    "StatementLine",
    "balance",
    "balances_as_of",
    "budget_report",
    "budgets_left",
    "contribution",
    "contribution_after",
    "contribution_balances",
    "postings_of",
    "statement",
    "verify",
]
