"""Tables of the rule book. A proposed version is immutable: the database refuses UPDATE and DELETE."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from denizen.people.rulebook.cycle_models import (
    Feedback,
    FeedbackTaken,
    Position,
    PositionAnswer,
    ResultCheck,
    Supervision,
    Trial,
    Waiver,
    Words,
)
from denizen.people.rulebook.draft_models import Draft, DraftEnd
from denizen.people.rulebook.suspension_models import (
    Confirmation,
    FalseAlarm,
    Lifting,
    Refusal,
    Release,
    Suspension,
)

__all__ = [
    "Approval",
    "BookVersion",
    "CapCode",
    "Confirmation",
    "Draft",
    "DraftEnd",
    "FalseAlarm",
    "Feedback",
    "FeedbackTaken",
    "Force",
    "Lifting",
    "Position",
    "PositionAnswer",
    "Refusal",
    "Release",
    "ResultCheck",
    "Supervision",
    "Suspension",
    "Trial",
    "Waiver",
    "Words",
]


class BookVersion(models.Model):
    """One immutable version of all rules. ``document`` is the canonical JSON form, ``digest`` its SHA-256.

    ``proposed_by`` is NULL only for the one-step first publication of a city (``denizen rules publish``).
    """

    number = models.AutoField(primary_key=True)
    title = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=60)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.TextField(default="")
    proposed_by = models.ForeignKey("identity.Staff", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()


class Approval(models.Model):
    """The second person's yes, with the moment the version takes force and the date of its review (A-38)."""

    book = models.OneToOneField(BookVersion, models.PROTECT, primary_key=True, related_name="+")
    approved_by = models.ForeignKey("identity.Staff", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField()
    effective_from = models.DateTimeField()
    review_on = models.DateField()


class Force(models.Model):
    """From when a version rules the entries of a source; ``source`` NULL is the default for all.

    A moment in the past is possible only for sources none of whose entries was decided at the time of approval: such a
    row names the source and ends (``until``) where the default row begins. A row that names a source wins within its
    span; between default rows the latest ``effective_from`` not after the moment wins.
    """

    book = models.ForeignKey(BookVersion, models.PROTECT, related_name="+")
    source = models.ForeignKey("chronicle.Source", models.PROTECT, null=True, related_name="+")
    effective_from = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(source__isnull=True, until__isnull=True)
                | models.Q(source__isnull=False, until__gt=models.F("effective_from")),
                name="rulebook_force_span",
            ),
            models.UniqueConstraint(
                fields=["book", "source"], name="rulebook_force_once_per_source", nulls_distinct=False
            ),
        ]


class CapCode(models.Model):
    """The number under which a cap is counted. Its code lasts over versions: ``rule:per:unit`` or the shared cap's."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=160, unique=True)
