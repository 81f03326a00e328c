"""What others may ask of growth."""

from denizen.people.growth.queries.persons import persons_in, persons_named
from denizen.people.growth.queries.presence import day_began, has_checked_in, windows_lit
from denizen.people.growth.queries.receipts import Page, Receipt, ReceiptLine, history_for, receipt_for
from denizen.people.growth.queries.ways import LimitLeft, Way, ways_to_earn

__all__ = [
    "LimitLeft",
    "Page",
    "Receipt",
    "ReceiptLine",
    "Way",
    "day_began",
    "has_checked_in",
    "history_for",
    "persons_in",
    "persons_named",
    "receipt_for",
    "ways_to_earn",
    "windows_lit",
]
