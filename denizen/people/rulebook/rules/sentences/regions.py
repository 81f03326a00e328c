"""Where conditions hold: exact regions over the typed domains of what they speak of. Integers only.

Each thing spoken of is a dimension, cut into segments on which every clause says the same. A region is a list of boxes;
a box has, per dimension, a bit for each segment. An absent field is a segment of its own: a comparison with it is
neither true nor false but ends the whole expression, as the language has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .conditions import LEVEL_COMPARISONS, PLAIN_COMPARISONS, TABLE_COMPARISONS, Clause, Condition, Written
from .subjects import Described, Subject, Vocabulary

BOXES_MAX = 4_000
OTHER = "other"
"""Begins a word that none of the conditions mentions."""

Key = tuple[Subject, str]
"""A dimension: a subject, and for levels the level, since each may be held or not."""

Box = tuple[int, ...]


class TooManyBoxes(Exception):
    """The region falls into more pieces than we examine: say so instead of guessing."""


class Segment(NamedTuple):
    """All values from ``low`` to ``high`` (ints), or the one value ``low``; None is absent. ``other`` stands for every
    word not mentioned."""

    low: int | str | bool | None
    high: int = 0
    other: bool = False


@dataclass(frozen=True, slots=True)
class Space:
    """The dimensions of some conditions with their segments."""

    keys: tuple[Key, ...]
    segments: tuple[tuple[Segment, ...], ...]
    described: Mapping[Subject, Described]
    tables: Mapping[str, Mapping[str, int]]

    @property
    def whole(self) -> Box:
        return tuple((1 << len(segments)) - 1 for segments in self.segments)


@dataclass(frozen=True, slots=True)
class Region:
    """Where a condition holds (``true``), where it ends for want of a field (``missing``), and where nobody can tell
    because a part is written by hand (``maybe``)."""

    true: tuple[Box, ...]
    missing: tuple[Box, ...]
    maybe: tuple[Box, ...]


def space_of(conditions: Sequence[Condition], vocabulary: Vocabulary) -> Space:
    """The dimensions of everything the conditions speak of and we know the domain of."""
    clauses: dict[Key, list[Clause]] = {}
    described: dict[Subject, Described] = {}
    for clause in (each for condition in conditions for each in condition.clauses):
        if isinstance(clause, Clause) and (known := known_clause(clause, vocabulary)) is not None:
            plain, about = known
            clauses.setdefault(key_of(plain), []).append(plain)
            described[plain.subject] = about
    cut = tuple(_segments(described[key[0]], said, vocabulary.tables) for key, said in clauses.items())
    return Space(tuple(clauses), cut, described, vocabulary.tables)


def known_clause(clause: Clause, vocabulary: Vocabulary) -> tuple[Clause, Described] | None:
    """The clause about the one person both names mean, with its subject's type; nothing where it cannot be examined."""
    subject = clause.subject
    if vocabulary.one_person and subject.root == "beneficiary":
        subject = Subject("resident", subject.name)
    about = vocabulary.described(subject)
    if about is None or (clause.comparison in TABLE_COMPARISONS and clause.values[0] not in vocabulary.tables):
        return None
    wanted = {"int": int, "word": str}.get(about.type)
    typed = clause.comparison not in (*PLAIN_COMPARISONS, *TABLE_COMPARISONS, *LEVEL_COMPARISONS)
    if typed and (wanted is None or not all(isinstance(value, wanted) for value in clause.values)):
        return None
    return Clause(subject, clause.comparison, clause.values), about


def key_of(clause: Clause) -> Key:
    level = str(clause.values[0]) if clause.comparison in LEVEL_COMPARISONS else ""
    return clause.subject, level


def region_of(condition: Condition, space: Space, vocabulary: Vocabulary) -> Region:
    """Evaluated in the language's order: ``all`` stops at the first no, ``any`` at the first yes, both at an absence.

    Behind a part written by hand anything may happen, so all that reaches it is ``maybe``.
    """
    reached = space.whole
    true: list[Box] = []
    missing: list[Box] = []
    for clause in condition.clauses:
        known = None if isinstance(clause, Written) else known_clause(clause, vocabulary)
        if known is None:
            return Region(tuple(true), tuple(missing), (reached,) if all(reached) else ())
        place = space.keys.index(key_of(known[0]))
        holds, absent = _masks(known[0], space.segments[place], space.tables)
        fails = space.whole[place] & ~holds & ~absent
        _add(missing, _within(reached, place, absent))
        if condition.joined == "any":
            _add(true, _within(reached, place, holds))
        reached = _within(reached, place, holds if condition.joined == "all" else fails)
    if condition.joined == "all":
        _add(true, reached)
    return Region(tuple(true), tuple(missing), ())


def common(left: Iterable[Box], right: Sequence[Box]) -> list[Box]:
    """What lies in both regions."""
    return _bounded([box for one in left for other in right if all(box := _meet(one, other))])


def without(region: Sequence[Box], taken: Iterable[Box]) -> list[Box]:
    """What is left of a region when others are taken out of it."""
    left = list(region)
    for hole in taken:
        left = _bounded([piece for box in left for piece in _cut_out(box, hole)])
    return left


def _meet(one: Box, other: Box) -> Box:
    return tuple(a & b for a, b in zip(one, other, strict=True))


def _cut_out(box: Box, hole: Box) -> list[Box]:
    if not all(_meet(box, hole)):
        return [box]
    pieces = []
    for place, mask in enumerate(hole):
        outside = box[place] & ~mask
        if outside:
            pieces.append((*box[:place], outside, *box[place + 1 :]))
        box = (*box[:place], box[place] & mask, *box[place + 1 :])
    return pieces


def _bounded(boxes: list[Box]) -> list[Box]:
    if len(boxes) > BOXES_MAX:
        raise TooManyBoxes
    return boxes


def _within(box: Box, place: int, mask: int) -> Box:
    return (*box[:place], box[place] & mask, *box[place + 1 :])


def _add(region: list[Box], box: Box) -> None:
    if all(box):
        region.append(box)


def _masks(clause: Clause, segments: Sequence[Segment], tables: Mapping[str, Mapping[str, int]]) -> tuple[int, int]:
    holds = absent = 0
    for number, segment in enumerate(segments):
        if segment.low is None and clause.comparison not in ("stated", "not_stated"):
            absent |= 1 << number
        elif says(clause, segment.low, tables):
            holds |= 1 << number
    return holds, absent


def says(clause: Clause, value: int | str | bool | None, tables: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether a clause holds for a value of its subject; for levels the value is whether the level is held."""
    match clause.comparison:
        case "stated" | "not_stated":
            return (value is not None) == (clause.comparison == "stated")
        case "yes" | "holds":
            return bool(value)
        case "no" | "holds_not":
            return not value
        case "in_table" | "not_in_table":
            return (value in tables[str(clause.values[0])]) == (clause.comparison == "in_table")
        case "one_of" | "none_of":
            return (value in clause.values) == (clause.comparison == "one_of")
        case comparison:
            return _compares(comparison, value, clause.values[0])


def _compares(comparison: str, value: int | str | bool | None, bound: int | str) -> bool:
    if comparison in ("is", "is_not"):
        return (value == bound) == (comparison == "is")
    number, limit = int(value or 0), int(bound)
    return {"less": number < limit, "at_most": number <= limit, "more": number > limit}.get(comparison, number >= limit)


def _segments(
    about: Described, clauses: Sequence[Clause], tables: Mapping[str, Mapping[str, int]]
) -> tuple[Segment, ...]:
    absent = (Segment(None),) if about.optional else ()
    if about.type in ("bool", "words"):
        return (Segment(False), Segment(True), *absent)
    comparing = [each for each in clauses if each.comparison not in ("stated", "not_stated")]
    if about.type == "int":
        return (*_spans(about, comparing), *absent)
    return (*_words(about, comparing, tables), *absent)


def _spans(about: Described, clauses: Sequence[Clause]) -> list[Segment]:
    cuts = {about.low}
    for clause in clauses:
        cuts |= {int(value) + step for value in clause.values for step in (0, 1)}
    starts = sorted(cut for cut in cuts if about.low <= cut <= about.high)
    ends = [*(start - 1 for start in starts[1:]), about.high]
    return [Segment(start, end) for start, end in zip(starts, ends, strict=True)]


def _words(about: Described, clauses: Sequence[Clause], tables: Mapping[str, Mapping[str, int]]) -> list[Segment]:
    """One segment for all words every clause says the same about."""
    words: dict[str, bool] = dict.fromkeys(about.choices, False)
    if not about.choices:
        for clause in clauses:
            named = tables[str(clause.values[0])] if clause.comparison in TABLE_COMPARISONS else clause.values
            words |= dict.fromkeys(map(str, named), False)
        words[_unmentioned(words)] = True
    groups: dict[tuple[bool, ...], Segment] = {}
    for word, other in words.items():
        groups.setdefault(tuple(says(clause, word, tables) for clause in clauses), Segment(word, other=other))
    return list(groups.values())


def _unmentioned(words: Mapping[str, bool]) -> str:
    number = 1
    while (word := OTHER if number == 1 else f"{OTHER}_{number}") in words:
        number += 1
    return word
