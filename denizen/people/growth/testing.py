"""For tests: let residents behave, through the real recording and the real pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from denizen.ground.chronicle.commands import Fresh, Recorded, declare_source, new_entry, record
from denizen.ground.chronicle.models import Source
from denizen.kit import db
from denizen.people.growth.pilots.result import forget_counted
from denizen.people.growth.pipeline import advance

__all__ = ["app_source", "behave", "behave_all", "forget_counted", "fresh_of"]

_numbers = count(1)


def app_source() -> Source:
    return declare_source(code="app", lateness_seconds_max=None)


def behave(
    resident: int,
    what: object,
    at: datetime,
    *,
    key: str = "",
    source: Source | None = None,
    now: datetime | None = None,
) -> Recorded:
    """``resident`` does ``what`` at a moment: recorded and advanced in one transaction."""
    return behave_all([(resident, what, at, key)], source=source, now=now)[0]


def behave_all(
    doings: Sequence[tuple[int, object, datetime, str]], *, source: Source | None = None, now: datetime | None = None
) -> list[Recorded]:
    """Many doings (resident, kind object, moment, external id or empty) in one batch."""
    where = source or app_source()
    decided_at = now or max(at for _, _, at, _ in doings)
    entries = [
        new_entry(what, resident=resident, occurred_at=at, external_id=key or f"t-{next(_numbers)}")
        for resident, what, at, key in doings
    ]
    with db.opening():
        answers = record(source=where, entries=entries, recorded_at=decided_at, queue=False)
        advance(fresh_of(answers), moment=decided_at, tell=False)
    return answers


def fresh_of(answers: Sequence[Recorded]) -> list[Fresh]:
    """The accepted entries that may be advanced at once; late ones wait for a person."""
    return [answer.fresh for answer in answers if answer.fresh is not None and not answer.late]
