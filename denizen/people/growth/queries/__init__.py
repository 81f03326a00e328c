"""What others may ask of growth."""

from denizen.people.growth.queries.backtests import (
    BacktestView,
    backtest_for,
    backtest_json,
    backtests,
    is_genuine,
)
from denizen.people.growth.queries.paused import OwnPause, own_pauses
from denizen.people.growth.queries.persons import persons_in, persons_named
from denizen.people.growth.queries.presence import day_began, has_checked_in, windows_lit
from denizen.people.growth.queries.receipts import Page, Receipt, ReceiptLine, history_for, receipt_for
from denizen.people.growth.queries.results import results_of
from denizen.people.growth.queries.ways import LimitLeft, Way, ways_to_earn

__all__ = [
    "BacktestView",
    "LimitLeft",
    "OwnPause",
    "Page",
    "Receipt",
    "ReceiptLine",
    "Way",
    "backtest_for",
    "backtest_json",
    "backtests",
    "day_began",
    "has_checked_in",
    "history_for",
    "is_genuine",
    "own_pauses",
    "persons_in",
    "persons_named",
    "receipt_for",
    "results_of",
    "ways_to_earn",
    "windows_lit",
]
