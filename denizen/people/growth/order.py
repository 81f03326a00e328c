"""The order in which a batch is decided: arrival, but a reversal never before what it undoes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.kinds import KINDS

Key = tuple[int, str]


def in_order(waiting: Iterable[Fresh], entries: Sequence[Fresh]) -> list[Fresh]:
    """``entries`` in order of arrival, each followed by the reversals of it that came earlier.

    ``waiting`` came in earlier batches and undo one of ``entries``, or one another.
    """
    arrives = {(entry.source, entry.external_id): place for place, entry in enumerate(entries)}
    behind: dict[Key, list[Fresh]] = {}
    for entry in waiting:
        behind.setdefault(undone_by(entry), []).append(entry)
    ordered: list[Fresh] = []
    for place, entry in enumerate(entries):
        if KINDS[entry.kind].reverses is not None and arrives.get(undone_by(entry), -1) > place:
            behind.setdefault(undone_by(entry), []).append(entry)
            continue
        following = [entry]
        while following:
            ordered.append(following.pop(0))
            following = behind.pop((ordered[-1].source, ordered[-1].external_id), []) + following
    return ordered


def undone_by(entry: Fresh) -> Key:
    """The key of what a reversal undoes."""
    return entry.source, str(entry.payload["original"])
