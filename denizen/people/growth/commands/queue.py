"""The queue of undecided entries: claim a batch, and wake those whose original arrived."""

from __future__ import annotations

from collections.abc import Sequence

from denizen.ground.chronicle import commands as chronicle
from denizen.ground.chronicle.commands import Fresh
from denizen.kit import db


def claim(*, limit: int) -> list[Fresh]:
    """Take up to ``limit`` ready entries in order of recording, skipping what another worker holds."""
    db.required()
    return chronicle.take_ready(limit=limit)


def take_waiting(*, entries: Sequence[Fresh]) -> list[Fresh]:
    """Take the reversals that wait for one of ``entries`` out of the queue, in order of recording."""
    return chronicle.take_waiting(keys=[(entry.source, entry.external_id) for entry in entries])


def wake_waiting(*, entries: Sequence[Fresh]) -> int:
    """Make ready the reversals that waited for one of ``entries``; how many."""
    return chronicle.release_waiting(keys=[(entry.source, entry.external_id) for entry in entries])
