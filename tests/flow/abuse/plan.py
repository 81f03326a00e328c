"""The script of a seeded city: who does what when, and who of them abuses it. No database, no clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)

Keys = Mapping[int, int]
"""Residents' keys by their number in the script."""


@dataclass(frozen=True, slots=True)
class Doing:
    """``who`` (a number of the script) does what ``make`` gives, once everybody's key is known."""

    moment: datetime
    who: int
    make: Callable[[Keys], object]


@dataclass(frozen=True, slots=True)
class Seeded:
    """``schemes``: who takes part in which abuse; everybody else is honest. ``ends_at``: the moment of looking."""

    doings: tuple[Doing, ...]
    people: int
    schemes: Mapping[str, frozenset[int]]
    ends_at: datetime

    @property
    def schemers(self) -> frozenset[int]:
        return frozenset().union(*self.schemes.values())


@dataclass(slots=True)
class Life:
    """The script while it is written."""

    seed: int
    days: int
    people: int = 0
    doings: list[Doing] = field(default_factory=list)
    schemes: dict[str, set[int]] = field(default_factory=dict)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def newcomer(self, scheme: str = "") -> int:
        """The number of one more person, who takes part in ``scheme`` if one is named."""
        self.people += 1
        if scheme:
            self.schemes.setdefault(scheme, set()).add(self.people)
        return self.people

    def does(self, who: int, moment: datetime, make: Callable[[Keys], object]) -> None:
        self.doings.append(Doing(moment, who, make))

    def at(self, day: int, hour: float, jitter_seconds: float = 0) -> datetime:
        """A moment of the script's day; with jitter as people have it."""
        return BEGINS + timedelta(days=day, hours=hour, seconds=self.dice.gauss(0, jitter_seconds))

    def plan(self) -> Seeded:
        ordered = sorted(self.doings, key=lambda doing: (doing.moment, doing.who))
        frozen = {name: frozenset(people) for name, people in self.schemes.items()}
        return Seeded(tuple(ordered), self.people, frozen, BEGINS + timedelta(days=self.days + 10))
