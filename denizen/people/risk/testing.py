"""For tests of any room: a signal as a finder hands it back, and the case it opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from denizen.kit import db
from denizen.people.risk.commands import pursue, store_signals
from denizen.people.risk.models import Case
from denizen.people.risk.rules import Found

STRENGTH = 800


def a_signal(*residents: int, entries: Sequence[int], moment: datetime, code: str = "burst", key: str = "") -> int:
    """A strong signal that speaks of ``residents`` and rests on ``entries``; its number."""
    found = Found(
        code=code,
        key=key or f"{code}:{residents}",
        strength=STRENGTH,
        residents=tuple(sorted(residents)),
        entries=tuple(sorted(entries)),
        begins_at=moment,
        ends_at=moment,
    )
    with db.opening():
        return store_signals(found=[found], version=1, moment=moment)[1][0]


def a_case(*residents: int, entries: Sequence[int], moment: datetime, code: str = "burst", key: str = "") -> Case:
    """The open case of such a signal. ``entries`` must have brought one of the residents something."""
    signal = a_signal(*residents, entries=entries, moment=moment, code=code, key=key)
    with db.opening():
        case = pursue(signal=signal, moment=moment)
    if case is None:
        raise ValueError("these entries brought nothing that could be kept apart")
    return case
