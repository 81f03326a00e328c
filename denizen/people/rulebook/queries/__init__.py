"""What others may ask of the rule book: versions, the book in force at a moment, and deciding with it."""

from denizen.people.rulebook.queries.force import BookInForce, Timeline, timelines
from denizen.people.rulebook.queries.versions import (
    VersionView,
    book_numbers,
    book_of,
    has_any_version,
    version_for,
    version_in_force,
    versions,
)
from denizen.people.rulebook.rules import (
    Attributes,
    CapKey,
    Facts,
    Line,
    Person,
    State,
    cap_keys,
    decide,
    hold_ends_us,
    lines_from_json,
    lines_to_json,
    lot_expires_us,
)

__all__ = [
    "Attributes",
    "BookInForce",
    "CapKey",
    "Facts",
    "Line",
    "Person",
    "State",
    "Timeline",
    "VersionView",
    "book_numbers",
    "book_of",
    "cap_keys",
    "decide",
    "has_any_version",
    "hold_ends_us",
    "lines_from_json",
    "lines_to_json",
    "lot_expires_us",
    "timelines",
    "version_for",
    "version_in_force",
    "versions",
]
