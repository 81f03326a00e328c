"""The queue of undecided entries: claim a batch, wake those whose original arrived, dismiss by a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.chronicle import commands as chronicle
from denizen.ground.chronicle.commands import Fresh
from denizen.ground.identity import commands as identity
from denizen.ground.identity import queries as identity_queries
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.growth.models import Decision


class UnableToDismiss(Exception):
    """The entry does not wait for review, no reason was given, or the person may not decide this."""


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


def dismiss(*, actor: Staff, entry_id: int, reason: str, moment: datetime) -> None:
    """Decide not to admit a late entry: it stays on record, with who decided and why, and moves nothing."""
    with db.opening():
        if not identity_queries.may_staff(actor, Permission.ENTRIES_REVIEW, moment):
            raise UnableToDismiss(_("You need the permission to review entries."))
        if not reason.strip():
            raise UnableToDismiss(_("Say why, in a sentence the resident may read."))
        late = chronicle.take_reviewed(entry_id=entry_id)
        if late is None:
            raise UnableToDismiss(_("This entry does not wait for a review."))
        Decision.objects.create(
            entry_id=entry_id, book=None, outcome=Decision.Outcome.DISMISSED, decided_at=moment, trace={"why": "late"}
        )
        wake_waiting(entries=[late])
        identity.note_act(
            actor=actor, act="entries.dismiss", subject_kind="entry", subject_id=str(entry_id),
            details={"reason": reason.strip()}, moment=moment,
        )  # fmt: skip
