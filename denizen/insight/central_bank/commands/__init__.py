"""The only writers of the central bank."""

from denizen.insight.central_bank.commands.assumptions import UnableToAssume, Values, set_assumption
from denizen.insight.central_bank.commands.closing import UnableToClose, close_month
from denizen.insight.central_bank.commands.days import fill_days, refill_days
from denizen.insight.central_bank.commands.reviews import UnableToReview, review_grant

__all__ = [
    "UnableToAssume", "UnableToClose", "UnableToReview", "Values", "close_month", "fill_days", "refill_days",
    "review_grant", "set_assumption",
]  # fmt: skip
