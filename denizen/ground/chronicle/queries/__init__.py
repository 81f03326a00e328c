"""What others may ask of the chronicle."""

from denizen.ground.chronicle.queries.desk import (
    KeyLine,
    QueueState,
    SourceLine,
    queue_state,
    service_keys,
    source_that_knows,
    sources,
)
from denizen.ground.chronicle.queries.entries import (
    Known,
    anything_decided,
    entries_by_key,
    has_waiting_sources,
    sources_without_decisions,
)
from denizen.ground.chronicle.queries.keys import RecognisedKey, recognised_key
from denizen.ground.chronicle.queries.late import LateEntry, LatePage, late_entries, late_entry, late_entry_count

__all__ = [
    "KeyLine",
    "Known",
    "LateEntry",
    "LatePage",
    "QueueState",
    "RecognisedKey",
    "SourceLine",
    "anything_decided",
    "entries_by_key",
    "has_waiting_sources",
    "late_entries",
    "late_entry",
    "late_entry_count",
    "queue_state",
    "recognised_key",
    "service_keys",
    "source_that_knows",
    "sources",
    "sources_without_decisions",
]
