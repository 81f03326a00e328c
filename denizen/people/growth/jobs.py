"""The jobs of growth: what the process ``jobs`` does for it."""

from __future__ import annotations

from denizen.kit import queue
from denizen.kit.clock import now
from denizen.people.growth import commands


@queue.job(commands.BACKTEST_JOB)
def backtest(key: str) -> None:
    """Work on the backtest ``key`` until it is done, cancelled or failed, or until the process wants to end."""
    commands.run_backtest(key=key, clock=now, leaving=queue.leaving, left=queue.Leaving)
