"""The only writers of standing."""

from denizen.people.standing.commands.standings import rebuild_all, recompute

__all__ = ["rebuild_all", "recompute"]
