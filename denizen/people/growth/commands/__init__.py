"""The writers of growth: check in, decide, grant, undo, the queue of undecided entries, its review, and backtests."""

from denizen.people.growth.commands.backtests import (
    BACKTEST_JOB,
    UnableToBacktest,
    ask_backtest,
    backtest_here,
    cancel_backtest,
    run_backtest,
)
from denizen.people.growth.commands.check_in import check_in
from denizen.people.growth.commands.decide import Decided, Deliberation, decide_entries
from denizen.people.growth.commands.erasure import erase_resident
from denizen.people.growth.commands.grant import grant
from denizen.people.growth.commands.queue import claim, take_waiting, wake_waiting
from denizen.people.growth.commands.review import UnableToAdmit, UnableToDismiss, UnableToReview, admit, dismiss
from denizen.people.growth.commands.reviews import decide_case, keep_for_reviews, release_lapsed_cases
from denizen.people.growth.commands.stops import Stops, hold, judged_alike, release_due, stops_for
from denizen.people.growth.commands.undo import originals_of, undo_entries

__all__ = [
    "BACKTEST_JOB",
    "Decided",
    "Deliberation",
    "Stops",
    "UnableToAdmit",
    "UnableToBacktest",
    "UnableToDismiss",
    "UnableToReview",
    "admit",
    "ask_backtest",
    "backtest_here",
    "cancel_backtest",
    "check_in",
    "claim",
    "decide_case",
    "decide_entries",
    "dismiss",
    "erase_resident",
    "grant",
    "hold",
    "judged_alike",
    "keep_for_reviews",
    "originals_of",
    "release_due",
    "release_lapsed_cases",
    "run_backtest",
    "stops_for",
    "take_waiting",
    "undo_entries",
    "wake_waiting",
]
