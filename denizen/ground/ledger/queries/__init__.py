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
from denizen.ground.ledger.queries.budgets import (
    BudgetLine,
    budget_accounts_known,
    budget_codes,
    budget_report,
    budgets_left,
    limited_balances,
)
from denizen.ground.ledger.queries.corrections import (
    CorrectionPart,
    CorrectionView,
    Reason,
    corrections,
    reasons_of,
    waiting_correction_count,
)
from denizen.ground.ledger.queries.export import AssetBalance, balances_as_of
from denizen.ground.ledger.queries.given import GivenContribution, GivenFunds, contribution_given, funds_given
from denizen.ground.ledger.queries.moved import Moved, Side, moved_since, newest_posting
from denizen.ground.ledger.queries.seal_proof import verify_roots, verify_seals
from denizen.ground.ledger.queries.sealed_journal import INCLUSION_FORM, UnableToProve, inclusion_of, sealed_journal
from denizen.ground.ledger.queries.seals import ClosedDay, SealedSoFar, closed_days, roots_text, sealed_so_far, touches
from denizen.ground.ledger.queries.statements import StatementLine, postings_of, statement
from denizen.ground.ledger.queries.verification import Finding, verify

__all__ = [
    "CLASS_SLOT",
    "CONTRIBUTION_MINT",
    "INCLUSION_FORM",
    "POINTS_MINT",
    "SLOT_CLASS",
    "Asset",
    "AssetBalance",
    "Balance",
    "BudgetLine",
    "ClosedDay",
    "Code",
    "CorrectionPart",
    "CorrectionView",
    "Expiring",
    "Finding",
    "GivenContribution",
    "GivenFunds",
    "Moved",
    "Reason",
    "SealedSoFar",
    "Side",
    "Slot",
    "StatementLine",
    "UnableToProve",
    "balance",
    "balances_as_of",
    "budget_accounts_known",
    "budget_codes",
    "budget_report",
    "budgets_left",
    "closed_days",
    "contribution",
    "contribution_after",
    "contribution_balances",
    "contribution_given",
    "corrections",
    "funds_given",
    "inclusion_of",
    "limited_balances",
    "moved_since",
    "newest_posting",
    "postings_of",
    "reasons_of",
    "roots_text",
    "sealed_journal",
    "sealed_so_far",
    "statement",
    "touches",
    "verify",
    "verify_roots",
    "verify_seals",
    "waiting_correction_count",
]
