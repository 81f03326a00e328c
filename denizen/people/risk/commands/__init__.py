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
from denizen.people.risk.commands.statements import UnableToSay, erase_words, say
from denizen.people.risk.commands.sweeps import sweep

__all__ = [
    "Closed",
    "Outcome",
    "UnableToDecide",
    "UnableToSay",
    "close_case",
    "erase_words",
    "lapse_case",
    "note_waiting",
    "pursue",
    "say",
    "store_signals",
    "sweep",
]
