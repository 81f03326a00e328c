"""What others may ask of growth."""

from denizen.people.growth.pilots.counts import Act, Window, acts_counted
from denizen.people.growth.pilots.estimate import WEEK_SECONDS, CityCount, Effect, TooFew, rate
from denizen.people.growth.pilots.known import PilotView, pilot_called, pilots
from denizen.people.growth.pilots.result import PilotResult, comparable, pilot_result
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
    "WEEK_SECONDS",
    "Act",
    "BacktestView",
    "CityCount",
    "Effect",
    "LimitLeft",
    "OwnPause",
    "Page",
    "PilotResult",
    "PilotView",
    "Receipt",
    "ReceiptLine",
    "TooFew",
    "Way",
    "Window",
    "acts_counted",
    "backtest_for",
    "backtest_json",
    "backtests",
    "comparable",
    "day_began",
    "has_checked_in",
    "history_for",
    "is_genuine",
    "own_pauses",
    "persons_in",
    "persons_named",
    "pilot_called",
    "pilot_result",
    "pilots",
    "rate",
    "receipt_for",
    "results_of",
    "ways_to_earn",
    "windows_lit",
]
