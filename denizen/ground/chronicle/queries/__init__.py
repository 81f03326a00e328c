"""What others may ask of the chronicle."""

from denizen.ground.chronicle.queries.entries import (
    Known,
    anything_decided,
    entries_by_key,
    sources_without_decisions,
)
from denizen.ground.chronicle.queries.keys import RecognisedKey, recognised_key
from denizen.ground.chronicle.queries.late import LateEntry, LatePage, late_entries, late_entry_count

__all__ = [
    "Known",
    "LateEntry",
    "LatePage",
    "RecognisedKey",
    "anything_decided",
    "entries_by_key",
    "late_entries",
    "late_entry_count",
    "recognised_key",
    "sources_without_decisions",
]
