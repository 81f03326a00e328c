"""Which pilots there are: found in the versions that rule or ruled, so a pilot stays readable when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from denizen.people.rulebook.queries import Book, Rule, ruling_spans

State = Literal["announced", "running", "ended"]


@dataclass(frozen=True, slots=True)
class PilotView:
    """A rule that is or was tried somewhere. ``begins_at`` and ``ends_at`` say when it really is in force.

    ``rule`` and ``book`` are those of the last version that names it; ``number`` is that version.
    """

    rule: Rule
    book: Book
    number: int
    begins_at: datetime
    ends_at: datetime
    state: State

    @property
    def key(self) -> str:
        """Stands in addresses: code and day of its beginning, on the book's clocks."""
        return f"{self.rule.code}-{self.begins_at.astimezone(ZoneInfo(self.book.time_zone)):%Y%m%d}"

    @property
    def cut_short(self) -> bool:
        """It ended before the moment it was announced to end."""
        return self.rule.valid_to is not None and self.ends_at < self.rule.valid_to


def pilots(moment: datetime) -> list[PilotView]:
    """Every pilot, the latest first; announced ones too. The versions are remembered by the process: one query."""
    found: dict[tuple[str, datetime | None], PilotView] = {}
    for number, book, starts, ends in ruling_spans():
        for rule in book.rules:
            if rule.pilot is None or rule.valid_from is None or rule.valid_to is None:
                continue
            key = rule.code, rule.valid_from
            known = found.get(key)
            begins_at = known.begins_at if known else max(rule.valid_from, starts)
            ends_at = min(rule.valid_to, ends) if ends is not None else rule.valid_to
            if begins_at < ends_at:
                found[key] = PilotView(rule, book, number, begins_at, ends_at, _state(begins_at, ends_at, moment))
    return sorted(found.values(), key=lambda each: (each.begins_at, each.rule.code), reverse=True)


def pilot_called(key: str, moment: datetime) -> PilotView | None:
    return next((each for each in pilots(moment) if each.key == key), None)


def _state(begins_at: datetime, ends_at: datetime, moment: datetime) -> State:
    if moment < begins_at:
        return "announced"
    return "running" if moment < ends_at else "ended"
