"""What is worth knowing of a decision table before it pays anybody: overlaps, rows never reached, cases not covered.

Exact for everything the forms can say. A row with a part written by hand is named instead of guessed about, and so is a
table that falls into more regions than we examine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from .amounts import DecisionTable
from .conditions import Condition
from .examples import Example, example_of
from .regions import Box, Region, Space, TooManyBoxes, common, region_of, space_of, without
from .subjects import Vocabulary

FindingCode = Literal["overlap", "never", "gap", "absent", "by_hand", "condition_by_hand", "too_many"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``overlap``: two ``rows`` (from 1) hold together; ``never``: a row pays in no case; ``gap``: no row covers the
    example; ``absent``: a row asks for a field the example lacks, so that nothing is paid; ``by_hand``: the rows were
    not examined; ``condition_by_hand``: the rule's own condition was not, so an example may be one it excludes;
    ``too_many``: nothing is known."""

    code: FindingCode
    rows: tuple[int, ...] = ()
    example: Example = ()


def findings_of(table: DecisionTable, when: Condition, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Everything found about the rows within the rule's own condition ``when``."""
    conditions = [row.condition for row in table.rows]
    space = space_of([when, *conditions], vocabulary)
    asked = region_of(when, space, vocabulary)
    try:
        rows = [region_of(condition, space, vocabulary) for condition in conditions]
        cases = [*asked.true, *asked.maybe]
        found = [
            *_overlaps(cases, rows, space),
            *_never_reached(cases, rows, space, table.policy == "first"),
            *_absent(cases, rows, space, table.policy == "first"),
            *_gaps(cases, rows, space),
        ]
    except TooManyBoxes:
        return (Finding("too_many"),)
    by_hand = tuple(number for number, row in enumerate(rows, start=1) if row.maybe)
    if by_hand:
        found.append(Finding("by_hand", by_hand))
    if asked.maybe:
        found.append(Finding("condition_by_hand"))
    return tuple(found)


def _overlaps(cases: Sequence[Box], rows: Sequence[Region], space: Space) -> Iterator[Finding]:
    for (one, left), (other, right) in combinations(enumerate(rows, start=1), 2):
        example = _example(common(common(cases, left.true), right.true), space)
        if example is not None:
            yield Finding("overlap", (one, other), example)


def _never_reached(cases: Sequence[Box], rows: Sequence[Region], space: Space, in_order: bool) -> Iterator[Finding]:
    """Rows that pay in no possible case: never true, or (in order) only where an earlier row has decided already."""
    open_cases = list(cases)
    for number, row in enumerate(rows, start=1):
        if not row.maybe and _example(common(open_cases, row.true), space) is None:
            yield Finding("never", (number,))
        if in_order:
            open_cases = without(open_cases, [*row.true, *row.missing])


def _absent(cases: Sequence[Box], rows: Sequence[Region], space: Space, in_order: bool) -> Iterator[Finding]:
    open_cases = list(cases)
    for number, row in enumerate(rows, start=1):
        example = _example(common(open_cases, row.missing), space)
        if example is not None:
            yield Finding("absent", (number,), example)
        decided = [*row.missing, *row.maybe, *(row.true if in_order else ())]
        open_cases = without(open_cases, decided)


def _gaps(cases: Sequence[Box], rows: Sequence[Region], space: Space) -> Iterator[Finding]:
    covered = [box for row in rows for box in (*row.true, *row.missing, *row.maybe)]
    example = _example(without(cases, covered), space)
    if example is not None:
        yield Finding("gap", (), example)


def _example(region: Sequence[Box], space: Space) -> Example | None:
    for box in region:
        found = example_of(box, space)
        if found is not None:
            return found
    return None
