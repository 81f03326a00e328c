"""What tests of ingestion share: a small file, its mapping, and a stand-in for the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.ingestion import Report

PURCHASES = """
format: text
skip_lines: 1
columns: [customer, date, items, amount]
source: cdnow
create_residents: true
kind: purchase_made
resident: customer
external_id: line
occurred_at: {column: date, format: yyyymmdd}
payload:
  amount: {column: amount, type: decimal_to_minor_units}
  items: {column: items, type: int}
"""
LINES = [
    "customer date items amount",
    "00001 19970101  1   11.77",
    "00002 19970112  1   12.00",
    "00002 19970112  1   12.00",
]


class Pipeline:
    """Stands for the pipeline: it notes what it is given, and can fail at a chunk as a crash would."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.advanced: list[Fresh] = []
        self.calls = 0
        self.fails_at = fails_at

    def __call__(self, fresh: Sequence[Fresh], now: datetime) -> None:
        assert connection.in_atomic_block
        self.calls += 1
        if self.calls == self.fails_at:
            raise KeyboardInterrupt
        self.advanced += fresh


Ingest = Callable[..., Report]
