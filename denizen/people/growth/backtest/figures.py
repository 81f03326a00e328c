"""The figures of a run: both books beside each other, in whole numbers, always in the same order.

Shares are in parts per million. A week is the date of its Monday in the tried book's time zone. Residents are named by
their key; pages show names through the gates. ``canonical`` gives the bytes, ``digest_of_figures`` their SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Paid:
    """Awards of one book: how many, what they amount to, what reversals took back, and what is left of it."""

    times: int
    granted: int
    taken_back: int
    net: int


@dataclass(frozen=True, slots=True)
class Total:
    asset: str
    live: Paid
    tried: Paid
    difference: int


@dataclass(frozen=True, slots=True)
class RuleCost:
    rule: str
    asset: str
    live: Paid
    tried: Paid
    difference: int


@dataclass(frozen=True, slots=True)
class RuleWeekCost:
    rule: str
    asset: str
    week: str
    live: Paid
    tried: Paid
    difference: int


@dataclass(frozen=True, slots=True)
class Group:
    """Residents of one grade, city tier or tenure who got anything from either book, and who of them gains or loses."""

    by: str
    group: str
    asset: str
    residents: int
    gaining: int
    losing: int
    live: int
    tried: int
    difference: int


@dataclass(frozen=True, slots=True)
class Change:
    """What one resident gets from either book."""

    resident: int
    asset: str
    live: int
    tried: int
    difference: int


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a cap cut awards off, and by how much."""

    cap: str
    live_times: int
    live_cut: int
    tried_times: int
    tried_cut: int


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """A limited budget: what is left, when it first could not pay (None: it lasted), how many awards it refused."""

    budget: str
    live_left: int | None
    live_exhausted_at: str | None
    live_refused: int
    tried_left: int | None
    tried_exhausted_at: str | None
    tried_refused: int


@dataclass(frozen=True, slots=True)
class RankMove:
    resident: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Ranks:
    """Places by contribution in all, equal sums sharing a place."""

    ranked: int
    up: int
    down: int
    largest_up: tuple[RankMove, ...]
    largest_down: tuple[RankMove, ...]


@dataclass(frozen=True, slots=True)
class TopShare:
    """What the best hundredth of those who got something got of it all, in parts per million."""

    asset: str
    live_residents: int
    live_ppm: int
    tried_residents: int
    tried_ppm: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a run says. ``replay_*``: the proof that the live side equals the journal."""

    format: int
    tried_digest: str
    tried_title_en: str
    tried_title_zh: str
    begins_at: str | None
    ends_at: str | None
    watermark: int
    entries: int
    given: int
    reversals: int
    replay_payments: int
    replay_differing: int
    replay_differing_entries: tuple[int, ...]
    totals: tuple[Total, ...]
    rules: tuple[RuleCost, ...]
    weeks: tuple[RuleWeekCost, ...]
    groups: tuple[Group, ...]
    gaining: tuple[Change, ...]
    losing: tuple[Change, ...]
    caps: tuple[Hits, ...]
    budgets: tuple[BudgetUse, ...]
    ranks: Ranks
    top_share: tuple[TopShare, ...]


def canonical(figures: Figures | Mapping[str, Any]) -> bytes:
    """The same bytes for the same figures: sorted keys, no spaces."""
    plain = asdict(figures) if isinstance(figures, Figures) else figures
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)


def digest_of_figures(figures: Figures | Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(figures)).hexdigest()
