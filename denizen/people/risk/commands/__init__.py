"""The only writers of risk."""

from denizen.people.risk.commands.cases import (
    Closed,
    Outcome,
    UnableToDecide,
    close_case,
    lapse_case,
    note_waiting,
    pursue,
)
from denizen.people.risk.commands.signals import store_signals
from denizen.people.risk.commands.sweeps import sweep

__all__ = [
    "Closed",
    "Outcome",
    "UnableToDecide",
    "close_case",
    "lapse_case",
    "note_waiting",
    "pursue",
    "store_signals",
    "sweep",
]
