"""Postings found again by the entry and purpose they were made for."""

from __future__ import annotations

from collections.abc import Iterable

from denizen.ground.ledger.constants import Code
from denizen.kit import db


def awards_of(entries: Iterable[int]) -> dict[tuple[int, str], int]:
    """The award postings of entries, by (entry, purpose code). One query."""
    rows = db.fetch(
        "SELECT p.entry_id, u.code, p.id FROM ledger_posting p JOIN ledger_purpose u ON u.id = p.purpose_id"
        " WHERE p.entry_id = ANY(%s) AND p.code = %s",
        (list(entries), Code.AWARD.value),
    )
    return {(entry, purpose): posting for entry, purpose, posting in rows}
