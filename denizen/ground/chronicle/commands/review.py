"""Late entries: admitted by a person, or dismissed (by growth, which then writes the decision)."""

from __future__ import annotations

from datetime import datetime

from denizen.ground.chronicle.models import Admission, Undecided
from denizen.kit import db
from denizen.kit.explained import Explained

from .record import CHANNEL


class UnableToAdmit(Explained):
    sentences = {
        "not_in_review": {
            "en": "Entry {entry} does not wait for review: it was admitted, dismissed or never late.",
            "zh": "记录 {entry} 不在待审之列：已被接纳、驳回，或并未迟到。",
        },
        "nobody": {"en": "An admission names who decided it.", "zh": "接纳须写明由谁决定。"},
    }


def admit_entry(*, actor: str, entry_id: int, now: datetime) -> None:
    """Let a late entry be decided like any other, by the rules in force when it happened.

    ``actor``: who decided it, such as ``staff:12``. Repeating is refused: the entry no longer waits.
    """
    with db.opening():
        admit_reviewed(actor=actor, entry_id=entry_id, now=now)


def admit_reviewed(*, actor: str, entry_id: int, now: datetime) -> None:
    """The same in the caller's transaction, for who has more to write with it. Needs an open one."""
    db.required()
    if not actor:
        raise UnableToAdmit("nobody")
    waiting = Undecided.objects.filter(entry_id=entry_id, state=Undecided.State.REVIEW)
    if not waiting.update(state=Undecided.State.READY):
        raise UnableToAdmit("not_in_review", entry=entry_id)
    # An entry that could not be decided is set aside again; who admitted it first stays on record.
    Admission.objects.get_or_create(entry_id=entry_id, defaults={"admitted_by": actor, "admitted_at": now})
    db.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
