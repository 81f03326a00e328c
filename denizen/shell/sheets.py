"""Tables as files for spreadsheets, which would run what begins like a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

RUN = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Beginnings that spreadsheets take for a formula, in their full width too."""


def sheet(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV. A text that a spreadsheet would run stands behind an apostrophe; numbers stay as they are."""
    written = io.StringIO()
    csv.writer(written).writerows([_shown(cell) for cell in row] for row in rows)
    return written.getvalue()


def _shown(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RUN) and not _is_number(cell) else cell


def _is_number(text: str) -> bool:
    return text[:1] in "+-" and text[1:].replace(".", "", 1).isdecimal() and text.isascii()
