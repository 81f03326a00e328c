"""The order in which a batch is decided: arrival, but a reversal never before what it undoes."""

from __future__ import annotations

from collections.abc import Sequence

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.kinds import KINDS

Key = tuple[int, str]


def in_order(waiting: Sequence[Fresh], entries: Sequence[Fresh]) -> list[Fresh]:
    """``entries`` in order of arrival, each followed by the reversals of it that came earlier.

    Reversals that name one another in a ring stand last. ``waiting`` came in
    earlier batches and undo one of ``entries``, or one another.
    """
    if not waiting and all(KINDS[entry.kind].reverses is None for entry in entries):
        return list(entries)
    to_come = {key_of(entry) for entry in (*waiting, *entries)}
    behind: dict[Key, list[Fresh]] = {}
    for entry in waiting:
        behind.setdefault(undone_by(entry), []).append(entry)
    ordered: list[Fresh] = []
    for entry in entries:
        if KINDS[entry.kind].reverses is not None and undone_by(entry) in to_come:
            behind.setdefault(undone_by(entry), []).append(entry)
            continue
        following = [entry]
        while following:
            ordered.append(following.pop(0))
            to_come.discard(key_of(ordered[-1]))
            following = behind.pop(key_of(ordered[-1]), []) + following
    return [*ordered, *(each for left in behind.values() for each in left)]


def key_of(entry: Fresh) -> Key:
    return entry.source, entry.external_id


def undone_by(entry: Fresh) -> Key:
    """The key of what a reversal undoes."""
    return entry.source, str(entry.payload["original"])
