"""Stopping a rule at once: one person asks, another confirms; and the end of a pause.

From the confirmation on, entries of the rule's kind that come to be decided are held, whole: an entry has one decision.
The pause ends when a version takes force that makes the rule decide differently (``liftings``), or unchanged when two
persons call it a false alarm. Nothing that was earned is taken back here.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.chronicle.commands.record import CHANNEL
from denizen.ground.identity import commands as identity
from denizen.ground.identity import queries as identity_queries
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.rulebook.commands.turns import one_at_a_time
from denizen.people.rulebook.constants import STOP_LOCK
from denizen.people.rulebook.models import Confirmation, FalseAlarm, Lifting, Refusal, Release, Suspension
from denizen.people.rulebook.queries.suspension import open_pauses
from denizen.people.rulebook.queries.versions import book_of, version_in_force

REASON_LENGTH_MAX = 500


class UnableToSuspend(Exception):
    """The rule cannot be paused like this: no permission, the same person twice, nothing to pause, paused already."""


class UnableToLift(Exception):
    """The pause cannot be ended like this: no permission, the same person twice, not paused, over already."""


def ask_suspension(*, actor: Staff, rule: str, reason_en: str, reason_zh: str, moment: datetime) -> Suspension:
    """Ask that ``rule`` (its code, in the book in force) be paused; the reason is read by everybody. Row A-36.

    Nothing is paused yet. Refused with ``UnableToSuspend``.
    """
    with db.opening():
        one_at_a_time()
        _check(actor, moment, UnableToSuspend)
        reasons = {"reason_en": reason_en.strip(), "reason_zh": reason_zh.strip()}
        if not all(reasons.values()) or max(map(len, reasons.values())) > REASON_LENGTH_MAX:
            raise UnableToSuspend(
                _("Give the public reason in both languages, %(most)s characters at most.")
                % {"most": REASON_LENGTH_MAX}
            )
        version = version_in_force(moment)
        found = book_of(version).rule(rule) if version is not None else None
        if found is None:
            raise UnableToSuspend(_("There is no rule %(rule)s in the book in force.") % {"rule": rule})
        if open_pauses().filter(rule=rule).exists():
            raise UnableToSuspend(_("This rule is paused already, or somebody has asked for it."))
        asked = Suspension.objects.create(rule=rule, kind=found.kind, asked_by=actor, asked_at=moment, **reasons)
        _note(actor, "ask", asked, moment)
        return asked


def confirm_suspension(*, actor: Staff, suspension: int, moment: datetime) -> Suspension:
    """Pause the rule as the second person. Waits for batches being decided; every later one holds. Row A-36.

    Refused with ``UnableToSuspend``, to who asked as well.
    """
    with db.opening():
        one_at_a_time()
        asked = _asked(suspension)
        _check(actor, moment, UnableToSuspend)
        if asked.asked_by_id == actor.pk:
            raise UnableToSuspend(_("Another person confirms what you asked for."))
        # From here to the commit nobody decides: whoever did has committed, whoever will sees the confirmation.
        stop_deciding()
        Confirmation.objects.create(suspension=asked, confirmed_by=actor, confirmed_at=moment)
        _note(actor, "confirm", asked, moment)
        return asked


def refuse_suspension(*, actor: Staff, suspension: int, moment: datetime) -> Suspension:
    """Do not pause what somebody asked to pause; who asked may withdraw it so."""
    with db.opening():
        one_at_a_time()
        asked = _asked(suspension)
        _check(actor, moment, UnableToSuspend)
        Refusal.objects.create(suspension=asked, refused_by=actor, refused_at=moment)
        _note(actor, "refuse", asked, moment)
        return asked


def tell_false_alarm(*, actor: Staff, suspension: int, moment: datetime) -> FalseAlarm:
    """Ask to end a pause with the rule as it is. Refused with ``UnableToLift``."""
    with db.opening():
        one_at_a_time()
        paused = _paused(suspension)
        _check(actor, moment, UnableToLift)
        if FalseAlarm.objects.filter(suspension=paused).exists():
            raise UnableToLift(_("Somebody has asked for this already; another person confirms it."))
        alarm = FalseAlarm.objects.create(suspension=paused, asked_by=actor, asked_at=moment)
        _note(actor, "false_alarm", paused, moment)
        return alarm


def confirm_false_alarm(*, actor: Staff, suspension: int, moment: datetime) -> Lifting:
    """End the pause as the second person: what is held is decided by the versions in force when it happened."""
    with db.opening():
        one_at_a_time()
        paused = _paused(suspension)
        _check(actor, moment, UnableToLift)
        alarm = FalseAlarm.objects.filter(suspension=paused).first()
        if alarm is None:
            raise UnableToLift(_("Nobody has called this a false alarm yet."))
        if alarm.asked_by_id == actor.pk:
            raise UnableToLift(_("Another person confirms what you asked for."))
        if Lifting.objects.filter(suspension=paused, book__isnull=True).exists():
            raise UnableToLift(_("This pause is being ended already."))
        lifting = Lifting.objects.create(suspension=paused, book=None, lifted_by=actor, lifts_at=moment)
        db.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
        _note(actor, "lift", paused, moment)
        return lifting


def stop_deciding() -> None:
    """Wait for every batch being decided and let none begin until this transaction ends. Needs an open one."""
    db.required()
    db.fetch("SELECT pg_advisory_xact_lock(%s)", (STOP_LOCK,))


def record_release(*, suspension: int, lifting: int, entries: int, moment: datetime) -> None:
    """Note that the pause is over and ``entries`` held ones went back to be decided. Once: the key is the pause."""
    db.required()
    Release.objects.create(suspension_id=suspension, lifting_id=lifting, released_at=moment, entries=entries)


def _asked(number: int) -> Suspension:
    asked = Suspension.objects.filter(pk=number).first()
    answered = any(each.objects.filter(suspension=number).exists() for each in (Refusal, Confirmation))
    if asked is None or answered:
        raise UnableToSuspend(_("This does not wait for a second person."))
    return asked


def _paused(number: int) -> Suspension:
    pause = Confirmation.objects.filter(suspension=number).select_related("suspension").first()
    if pause is None or Release.objects.filter(suspension=number).exists():
        raise UnableToLift(_("This rule is not paused."))
    return pause.suspension


def _check(actor: Staff, moment: datetime, unable: type[Exception]) -> None:
    if not identity_queries.may_staff(actor, Permission.RULES_APPROVE, moment):
        raise unable(_("You need the permission to approve rules."))


def _note(actor: Staff, act: str, suspension: Suspension, moment: datetime) -> None:
    identity.note_act(
        actor=actor, act=f"suspension.{act}", subject_kind="suspension", subject_id=str(suspension.pk),
        details={"rule": suspension.rule}, moment=moment,
    )  # fmt: skip
