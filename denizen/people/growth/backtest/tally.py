"""What one book's shadow paid, counted while history passes. Whole numbers only."""

from __future__ import annotations

from dataclasses import dataclass, field

from denizen.people.rulebook.queries import Line, calendar_of

WEEK = 1
"""The place of the week among a local day's windows."""
DAY_US = 86_400_000_000


@dataclass(slots=True)
class RuleWeek:
    """One rule in one week: paid awards, what they amount to, and what reversals of that week took back."""

    times: int = 0
    granted: int = 0
    taken_back: int = 0


@dataclass(slots=True)
class LimitHit:
    """How often a cap, or an empty budget, cut an award off, and by how much in all."""

    times: int = 0
    cut: int = 0


@dataclass(slots=True)
class Tally:
    """``rules``: by (rule, asset, Monday as days since 2000-01-01). ``points`` and ``contribution``: what residents got
    in the span, net. ``stands``: their contribution in all. ``exhausted_us``: when a limited budget first had nothing
    left for an award, or nothing at all.
    """

    time_zone: str
    rules: dict[tuple[str, str, int], RuleWeek] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)
    contribution: dict[int, int] = field(default_factory=dict)
    stands: dict[int, int] = field(default_factory=dict)
    caps: dict[str, LimitHit] = field(default_factory=dict)
    budgets: dict[str, LimitHit] = field(default_factory=dict)
    exhausted_us: dict[str, int] = field(default_factory=dict)

    def granted(self, rule: str, slot: int, resident: int, amount: int, occurred_us: int) -> None:
        cell = self._cell(rule, slot, occurred_us)
        cell.times += 1
        cell.granted += amount
        self._give(slot, resident, amount)
        if slot:
            self.stands[resident] = self.stands.get(resident, 0) + amount

    def took_back(self, rule: str, slot: int, resident: int, amount: int, occurred_us: int) -> None:
        self._cell(rule, slot, occurred_us).taken_back += amount
        self._give(slot, resident, -amount)

    def limited(self, line: Line, occurred_us: int) -> None:
        """A line that a cap or a budget cut off, wholly or in part."""
        if line.detail.reason == "cap":
            hit = self.caps.setdefault(line.detail.name, LimitHit())
        else:
            hit = self.budgets.setdefault(line.detail.name, LimitHit())
            self.exhausted_us.setdefault(line.detail.name, occurred_us)
        hit.times += 1
        hit.cut += line.asked - line.paid

    def _cell(self, rule: str, slot: int, occurred_us: int) -> RuleWeek:
        calendar = calendar_of(self.time_zone)
        week = calendar.local_day(calendar.local_us(occurred_us) // DAY_US).starts[WEEK]
        key = (rule, "contribution" if slot else "points", week)
        cell = self.rules.get(key)
        if cell is None:
            cell = self.rules[key] = RuleWeek()
        return cell

    def _give(self, slot: int, resident: int, amount: int) -> None:
        got = self.contribution if slot else self.points
        got[resident] = got.get(resident, 0) + amount
