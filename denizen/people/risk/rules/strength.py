"""How strong a pattern is: permille, whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

STRONGEST = 1_000


def strength_over(value: int, threshold: int, *, base: int = 500) -> int:
    """``base`` at the threshold, more the further beyond, 1,000 at three times it."""
    if threshold <= 0:
        return STRONGEST
    beyond = max(0, value - threshold)
    return min(STRONGEST, base + (STRONGEST - base) * beyond // (2 * threshold))


def evenness(gap_seconds: int) -> int:
    """How many seconds an interval may differ and still be called equal: 2 %, at least 1, at most 10."""
    return max(1, min(10, gap_seconds * 2 // 100))


def balance_of(flows: Sequence[int]) -> int:
    """The smallest flow in permille of the largest."""
    return min(flows) * STRONGEST // max(flows) if flows and max(flows) > 0 else 0


def ring_of(members: Sequence[int]) -> tuple[int, ...]:
    """A ring as it is written: it begins with its smallest member and keeps its direction."""
    start = members.index(min(members))
    return (*members[start:], *members[:start])
