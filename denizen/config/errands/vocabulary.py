"""The vocabulary as it is stored: needed by every city before anything can be recorded."""

from denizen.ground.chronicle.commands import sync_kinds

__all__ = ["sync_kinds"]
