"""The reference rule book: what a new city can begin with."""

from __future__ import annotations

from importlib import resources


def reference_book_text() -> str:
    """The YAML of the reference rule book, which serves the earning rows of growth (B-05 to B-35, B-50 to B-61)."""
    book = resources.files("denizen.people.rulebook") / "reference" / "reference.rules.yaml"
    return book.read_text(encoding="utf-8")
