"""What others may ask of the chronicle."""

from denizen.ground.chronicle.queries.entries import (
    Known,
    anything_decided,
    entries_by_key,
    sources_without_decisions,
)

__all__ = ["Known", "anything_decided", "entries_by_key", "sources_without_decisions"]
