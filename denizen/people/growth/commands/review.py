"""Late entries before a person: admitted to be decided, or dismissed for good. Nobody judges his own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.chronicle import commands as chronicle
from denizen.ground.chronicle import queries as chronicle_queries
from denizen.ground.identity import commands as identity
from denizen.ground.identity import queries as identity_queries
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.growth.commands.queue import wake_waiting
from denizen.people.growth.models import Decision
from denizen.people.growth.queries import persons_in


class UnableToReview(Exception):
    """The entry does not wait for review, or this person may not decide it."""


class UnableToAdmit(UnableToReview):
    """The entry does not wait for review, or this person may not admit it."""


class UnableToDismiss(UnableToReview):
    """The entry does not wait for review, no reason was given, or this person may not decide it."""


def admit(*, actor: Staff, entry_id: int, moment: datetime) -> None:
    """Let a late entry be decided like any other, by the rules in force when it happened; with a note of the act.

    Refused with ``UnableToAdmit``, or with ``identity.commands.UnableToAct`` to who holds no post.
    """
    with db.opening():
        late = chronicle_queries.late_entry(entry_id=entry_id)
        if late is None:
            raise UnableToAdmit(_("This entry does not wait for a review."))
        if refusal := _refusal(actor, persons_in(late.kind.code, late.resident_id, late.payload), moment):
            raise UnableToAdmit(refusal)
        try:
            chronicle.admit_reviewed(actor=f"staff:{actor.pk}", entry_id=entry_id, now=moment)
        except chronicle.UnableToAdmit as meanwhile:
            raise UnableToAdmit(_("This entry does not wait for a review.")) from meanwhile
        identity.note_act(
            actor=actor, act="entries.admit", subject_kind="entry", subject_id=str(entry_id), details={},
            moment=moment,
        )  # fmt: skip


def dismiss(*, actor: Staff, entry_id: int, reason: str, moment: datetime) -> None:
    """Decide not to admit a late entry: it stays on record, with who decided and why, and moves nothing."""
    with db.opening():
        if refusal := _refusal(actor, (), moment):
            raise UnableToDismiss(refusal)
        if not reason.strip():
            raise UnableToDismiss(_("Say why, in a sentence the resident may read."))
        late = chronicle.take_reviewed(entry_id=entry_id)
        if late is None:
            raise UnableToDismiss(_("This entry does not wait for a review."))
        if refusal := _refusal(actor, persons_in(late.kind, late.resident, late.payload), moment):
            raise UnableToDismiss(refusal)
        Decision.objects.create(
            entry_id=entry_id, book=None, outcome=Decision.Outcome.DISMISSED, decided_at=moment, trace={"why": "late"}
        )
        wake_waiting(entries=[late])
        identity.note_act(
            actor=actor, act="entries.dismiss", subject_kind="entry", subject_id=str(entry_id),
            details={}, words=reason.strip(), moment=moment,
        )  # fmt: skip


def _refusal(actor: Staff, persons: Iterable[int], moment: datetime) -> str:
    """Why ``actor`` may not decide about an entry that speaks of ``persons``; empty when he may."""
    if not identity_queries.may_staff(actor, Permission.ENTRIES_REVIEW, moment):
        return _("You need the permission to review entries.")
    named = set(persons)
    invited_by = {facts.inviter for facts in identity_queries.facts_for(named).values()} if named else set()
    if identity_queries.is_own_matter(actor, {*named, *(each for each in invited_by if each is not None)}):
        return _("This entry is about yourself, or about somebody you invited: another person decides.")
    return ""
