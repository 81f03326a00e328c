"""The only writers of the central bank."""

from denizen.insight.central_bank.commands.days import fill_days

__all__ = ["fill_days"]
