"""Words that last over versions of the rule book."""

from __future__ import annotations

from denizen.people.rulebook.rules import Book, limits_of

STOP_LOCK = 7_303
"""An advisory lock: shared by whoever decides entries, alone by whoever pauses a rule or ends a pause."""

BACKDATING_TEXT_MAX = 1_000


def award_purpose(rule_code: str) -> str:
    """The purpose a rule's awards are posted under."""
    return f"award:{rule_code}"


def cap_codes(book: Book) -> list[str]:
    """The codes of all counters of a book."""
    return sorted({limit.code for rule in book.rules for limit in limits_of(rule, book)})
