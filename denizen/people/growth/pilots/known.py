"""Which pilots there are: found in the versions that rule or ruled, so a pilot stays readable when it is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from denizen.people.rulebook.queries import Book, Rule, ruling_spans

State = Literal["announced", "running", "ended"]


@dataclass(frozen=True, slots=True)
class PilotView:
    """A rule that is or was tried somewhere. ``begins_at`` and ``ends_at`` say when it really is in force.

    ``rule`` and ``book`` are those of the last version that ruled while it ran; ``number`` is that version. What an
    announced version will change shows in ``ends_at`` only. ``announced_to``: the end the first of them named.
    """

    rule: Rule
    book: Book
    number: int
    begins_at: datetime
    ends_at: datetime
    announced_to: datetime
    state: State

    @property
    def key(self) -> str:
        """Stands in addresses: code and day of its beginning, on the book's clocks."""
        return f"{self.rule.code}-{self.begins_at.astimezone(ZoneInfo(self.book.time_zone)):%Y%m%d}"

    @property
    def cut_short(self) -> bool:
        """It ended, or will, before the moment it was first announced to end."""
        return self.ends_at < self.announced_to


def pilots(moment: datetime) -> list[PilotView]:
    """Every pilot, the latest first; announced ones too. The versions are remembered by the process: one query."""
    found: dict[tuple[str, datetime | None], PilotView] = {}
    for number, book, starts, ends in ruling_spans():
        for rule in book.rules:
            if rule.pilot is None or rule.valid_from is None or rule.valid_to is None or starts >= rule.valid_to:
                continue
            key = rule.code, rule.valid_from
            known = found.get(key)
            begins_at = known.begins_at if known else max(rule.valid_from, starts)
            ends_at = min(rule.valid_to, ends) if ends is not None else rule.valid_to
            announced_to = known.announced_to if known else rule.valid_to
            if begins_at < ends_at:
                state = _state(begins_at, ends_at, moment)
                view = PilotView(rule, book, number, begins_at, ends_at, announced_to, state)
                found[key] = replace(known, ends_at=ends_at, state=state) if known and starts > moment else view
    return sorted(found.values(), key=lambda each: (each.begins_at, each.rule.code), reverse=True)


def pilot_called(key: str, moment: datetime) -> PilotView | None:
    return next((each for each in pilots(moment) if each.key == key), None)


def _state(begins_at: datetime, ends_at: datetime, moment: datetime) -> State:
    if moment < begins_at:
        return "announced"
    return "running" if moment < ends_at else "ended"
