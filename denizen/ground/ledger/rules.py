"""Pure decisions about lots: which may be spent, in which order, and how to walk back. Moments are microseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Portion:
    """A lot as one transaction sees it.

    ``expiries`` is what the sweep has taken of it and nobody has claimed since: (moment, amount), the latest last.
    """

    id: int
    account: int
    posting: int
    amount: int
    remaining: int
    reserved: int
    priority: int
    granted_at: int
    spendable_from: int | None
    expires_at: int | None
    expiries: list[tuple[int, int]] = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.remaining - self.reserved

    def alive(self, moment: int) -> bool:
        return self.expires_at is None or moment < self.expires_at

    def expired_after(self, moment: int | None = None) -> int:
        """What expired behind ``moment``, in all without one."""
        return sum(amount for expired_at, amount in self.expiries if moment is None or expired_at > moment)

    def claim(self, amount: int) -> None:
        """Somebody claims expired points, those that expired last first."""
        while amount > 0:
            expired_at, expired = self.expiries.pop()
            if expired > amount:
                self.expiries.append((expired_at, expired - amount))
            amount -= expired

    def spendable(self, moment: int) -> bool:
        return self.alive(moment) and (self.spendable_from is None or self.spendable_from <= moment)


def consumption_order(portion: Portion) -> tuple[int, bool, int, int]:
    """By priority, then what expires first (never comes last), then age."""
    return (portion.priority, portion.expires_at is None, portion.expires_at or 0, portion.id)


def choose(portions: Iterable[Portion], amount: int) -> list[tuple[Portion, int]]:
    """How much of which portion to consume for at most ``amount``, in the order given. May come to less."""
    chosen: list[tuple[Portion, int]] = []
    for portion in portions:
        if amount <= 0:
            break
        part = min(portion.free, amount)
        if part > 0:
            chosen.append((portion, part))
            amount -= part
    return chosen


def walk_back(uses: Sequence[tuple[int, int]], undone: int, amount: int) -> list[tuple[int, int]]:
    """What to give back of the recorded ``uses`` (lot, amount), last first, when ``undone`` points already came back.

    Comes to exactly ``amount`` if ``undone + amount`` is within the sum of the uses.
    """
    steps: list[tuple[int, int]] = []
    for lot, used in reversed(uses):
        skipped = min(used, undone)
        undone -= skipped
        part = min(used - skipped, amount)
        if part > 0:
            steps.append((lot, part))
            amount -= part
    return steps
