"""The ledger's only writers. All of them need an open transaction: the caller decides what commits together."""

from denizen.ground.ledger.commands.awards import Award, award
from denizen.ground.ledger.commands.budgets import UnableToOpenBudget, budget_accounts, endow, fund, open_budget
from denizen.ground.ledger.commands.corrections import (
    CorrectedLine,
    CorrectionKind,
    UnableToCorrect,
    approve,
    correct,
    refuse,
)
from denizen.ground.ledger.commands.erasure import erase_words
from denizen.ground.ledger.commands.expiry import Expired, expire_due
from denizen.ground.ledger.commands.grants import GrantKind, UnableToGrant, fund_envelope, grant
from denizen.ground.ledger.commands.holds import (
    Claim,
    Settlement,
    UnableToHold,
    UnableToResolve,
    lapse_due,
    place,
    place_many,
    post,
    post_many,
    void,
    void_many,
)
from denizen.ground.ledger.commands.journal import (
    UnableToDraw,
    draw,
    lock,
    lock_budgets,
    lock_watched,
    purpose_ids,
    watch,
)
from denizen.ground.ledger.commands.quarantine import Brought, brought, free_apart, set_apart, void_apart
from denizen.ground.ledger.commands.reversal import UnableToReverse, Undo, Undone, reverse_awards, reverse_postings
from denizen.ground.ledger.commands.roots_file import NAME as ROOTS_NAME
from denizen.ground.ledger.commands.roots_file import UnableToPublishRoots, publish_roots
from denizen.ground.ledger.commands.seals import Horizon, close_days, horizon, is_settled, seal_next
from denizen.ground.ledger.commands.spending import UnableToRefund, UnableToSpend, refund, spend
from denizen.ground.ledger.commands.transfers import UnableToTransfer, transfer

__all__ = [
    "ROOTS_NAME",
    "Award",
    "Brought",
    "Claim",
    "CorrectedLine",
    "CorrectionKind",
    "Expired",
    "GrantKind",
    "Horizon",
    "Settlement",
    "UnableToCorrect",
    "UnableToDraw",
    "UnableToGrant",
    "UnableToHold",
    "UnableToOpenBudget",
    "UnableToPublishRoots",
    "UnableToRefund",
    "UnableToResolve",
    "UnableToReverse",
    "UnableToSpend",
    "UnableToTransfer",
    "Undo",
    "Undone",
    "approve",
    "award",
    "brought",
    "budget_accounts",
    "close_days",
    "correct",
    "draw",
    "endow",
    "erase_words",
    "expire_due",
    "free_apart",
    "fund",
    "fund_envelope",
    "grant",
    "horizon",
    "is_settled",
    "lapse_due",
    "lock",
    "lock_budgets",
    "lock_watched",
    "open_budget",
    "place",
    "place_many",
    "post",
    "post_many",
    "publish_roots",
    "purpose_ids",
    "refund",
    "refuse",
    "reverse_awards",
    "reverse_postings",
    "seal_next",
    "set_apart",
    "spend",
    "transfer",
    "void",
    "void_apart",
    "void_many",
    "watch",
]
