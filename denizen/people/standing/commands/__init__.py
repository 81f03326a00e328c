"""The only writers of standing."""

from denizen.people.standing.commands.honours import UnableToGiveHonour, erase_honour_reasons, give_honour
from denizen.people.standing.commands.labels import earn_labels
from denizen.people.standing.commands.standings import rebuild_all, recompute, recount
from denizen.people.standing.commands.years import UnableToFreeze, freeze_year

__all__ = [
    "UnableToFreeze", "UnableToGiveHonour", "earn_labels", "erase_honour_reasons", "freeze_year", "give_honour",
    "rebuild_all", "recompute", "recount",
]  # fmt: skip
