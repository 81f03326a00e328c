"""An example out of a box: concrete values that can really occur together, or the proof that none can.

Two sorts of dimensions hang together: the parts of a date (no 30 February, and a date has one weekday), and
contribution with its four classes, whose sum it is.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from ..expressions import ATTRIBUTE_INT_MAX
from .regions import Box, Key, Segment, Space
from .subjects import Subject

Value = int | str | bool | None
CLASSES = ("interaction", "development", "efficiency", "special")
_YEARS_OF_A_CYCLE = 400
"""After so many years the calendar repeats, weekdays included."""
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Stated:
    """A value of an example; ``other``: any word but those mentioned."""

    key: Key
    value: Value
    other: bool = False


Example = tuple[Stated, ...]


def example_of(box: Box, space: Space) -> Example | None:
    """Values for every dimension of the box, or nothing when no such case can occur."""
    allowed = {
        key: [segment for number, segment in enumerate(space.segments[place]) if box[place] >> number & 1]
        for place, key in enumerate(space.keys)
    }
    found = {key: _plainest(segments) for key, segments in allowed.items()}
    chosen: dict[Key, Value] = {key: segment.low for key, segment in found.items()}
    days = _date_in(allowed)
    if days is None:
        return None
    chosen |= days
    for who in ("resident", "beneficiary"):
        numbers = _contribution_in(who, allowed)
        if numbers is None:
            return None
        chosen |= numbers
    return tuple(Stated(key, chosen[key], found[key].other) for key in space.keys)


def _plainest(segments: list[Segment]) -> Segment:
    return min(segments, key=lambda segment: (segment.low is None, segment.other))


def _of_moment(part: str) -> Key:
    return Subject("moment", part), ""


def _date_in(allowed: dict[Key, list[Segment]]) -> dict[Key, Value] | None:
    """A real date whose parts lie in the segments; nothing to choose where at most one part is spoken of."""
    parts = [part for part in ("year", "month", "day", "weekday") if _of_moment(part) in allowed]
    if len(parts) < 2:  # a lone part always has a date
        return {}
    for day in _dates(allowed):
        return {_of_moment(part): day.isoweekday() if part == "weekday" else getattr(day, part) for part in parts}
    return None


def _dates(allowed: dict[Key, list[Segment]]) -> Iterator[date]:
    months, days = _numbers(allowed, "month", 1, 12), _numbers(allowed, "day", 1, 31)
    weekdays = set(_numbers(allowed, "weekday", 1, 7))
    possible = [(month, day) for month in months for day in days if day <= _DAYS[month - 1]]
    for year in _years(allowed):
        for month, day in possible:
            if (month, day) == (2, 29) and not isleap(year):
                continue
            found = date(year, month, day)
            if found.isoweekday() in weekdays:
                yield found


def _years(allowed: dict[Key, list[Segment]]) -> Iterator[int]:
    for segment in allowed.get(_of_moment("year"), [Segment(2000, 9999)]):
        low = int(segment.low or 1)
        # Where a span holds our own days, begin there: an example should look like one.
        begins = max(low, min(2026, segment.high))
        yield from range(begins, min(segment.high, begins + _YEARS_OF_A_CYCLE) + 1)
        yield from range(low, min(begins, low + _YEARS_OF_A_CYCLE))


def _numbers(allowed: dict[Key, list[Segment]], part: str, low: int, high: int) -> list[int]:
    spans = allowed.get(_of_moment(part), [Segment(low, high)])
    return [number for span in spans for number in range(int(span.low or 0), span.high + 1)]


def _contribution_in(who: str, allowed: dict[Key, list[Segment]]) -> dict[Key, Value] | None:
    """Contribution and classes that add up; free where the total or all classes are not spoken of."""
    total = allowed.get((Subject(who, "contribution"), ""))
    if total is None:
        return {}
    free = [Segment(0, ATTRIBUTE_INT_MAX)]
    keys = [(Subject(who, name), "") for name in CLASSES]
    for whole, *parts in product(total, *(allowed.get(key, free) for key in keys)):
        lows = [int(part.low or 0) for part in parts]
        least = max(int(whole.low or 0), sum(lows))
        if least > whole.high or least > sum(part.high for part in parts):
            continue
        values = _shared_out(least - sum(lows), lows, [part.high for part in parts])
        named: dict[Key, Value] = {key: value for key, value in zip(keys, values, strict=True) if key in allowed}
        return {(Subject(who, "contribution"), ""): least, **named}
    return None


def _shared_out(rest: int, lows: list[int], highs: list[int]) -> list[int]:
    values = []
    for low, high in zip(lows, highs, strict=True):
        more = min(rest, high - low)
        rest -= more
        values.append(low + more)
    return values
