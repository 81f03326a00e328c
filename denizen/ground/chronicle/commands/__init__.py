"""The chronicle's only writers."""

from denizen.ground.chronicle.commands.record import Fresh, NewEntry, Recorded, record
from denizen.ground.chronicle.commands.undecided import let_wait, release_waiting, take_ready, take_reviewed

__all__ = [
    "Fresh",
    "NewEntry",
    "Recorded",
    "let_wait",
    "record",
    "release_waiting",
    "take_ready",
    "take_reviewed",
]
