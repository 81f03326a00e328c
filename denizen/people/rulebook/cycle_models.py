"""Tables of the rule cycle: tried, spoken about, decided, checked, supervised, fed back (A-34, A-36, A-40).

Every row names who did it, for which department and when, and is never edited. What was written in free words stands
in ``Words``, the only place that can be emptied; the row around it stays.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Words(models.Model):
    """What somebody wrote, in the language he wrote it in. Only ever emptied, never changed."""

    text = models.TextField()
    language = models.CharField(max_length=10)
    emptied_at = models.DateTimeField(null=True)


class OfficeRow(models.Model):
    """What a member of the staff did in his office: who, for which department, when (A-11)."""

    by = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Trial(OfficeRow):
    """A content was tried before it became law. It belongs to the content, so a draft's trial counts for its version.

    ``run_key`` names the run that tried it; ``summary`` holds its figures, as whole numbers by name.
    """

    digest = models.CharField(max_length=64)
    run_key = models.CharField(max_length=80)
    summary = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "run_key"], name="rulebook_trial_once_per_run"),
        ]


class Position(OfficeRow):
    """What the users' spokesperson says about a change (A-40). The latest one counts; earlier ones stay on record."""

    class Stand(models.TextChoices):
        FOR = "for"
        AGAINST = "against"
        CONDITIONS = "conditions"

    book = models.ForeignKey("rulebook.BookVersion", models.PROTECT, related_name="+")
    stand = models.CharField(max_length=12, choices=Stand.choices)
    words = models.OneToOneField(Words, models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["book", "-id"], name="rulebook_position_book")]


class PositionAnswer(OfficeRow):
    """What was decided about a position, at a moment of its own (X-20). Overruling gives its reason."""

    class Decision(models.TextChoices):
        FOLLOWED = "followed"
        OVERRULED = "overruled"

    position = models.OneToOneField(Position, models.PROTECT, primary_key=True, related_name="+")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    words = models.OneToOneField(Words, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decision="followed") | models.Q(words__isnull=False),
                name="rulebook_overruling_has_a_reason",
            ),
        ]


class Waiver(OfficeRow):
    """Why a version was approved without having been tried, or without the spokesperson having been heard."""

    class Missing(models.TextChoices):
        TRIAL = "trial"
        POSITION = "position"

    book = models.ForeignKey("rulebook.BookVersion", models.PROTECT, related_name="+")
    missing = models.CharField(max_length=10, choices=Missing.choices)
    words = models.OneToOneField(Words, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["book", "missing"], name="rulebook_waiver_once")]


class ResultCheck(OfficeRow):
    """Whether a version in force did what it was made for (A-36). ``figures``: whole numbers by name, as measured then.

    A check is the review of A-38; ``review_on`` is the day by which the version is looked at again.
    """

    class Verdict(models.TextChoices):
        GOOD = "good"
        MIXED = "mixed"
        BAD = "bad"

    book = models.ForeignKey("rulebook.BookVersion", models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    words = models.OneToOneField(Words, models.PROTECT, related_name="+")
    figures = models.JSONField()
    review_on = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["book", "-id"], name="rulebook_resultcheck_book")]


class Supervision(OfficeRow):
    """Somebody looked at how a version in force is kept to: what he saw, and what he told to whom."""

    book = models.ForeignKey("rulebook.BookVersion", models.PROTECT, related_name="+")
    seen = models.OneToOneField(Words, models.PROTECT, related_name="+")
    fed_back = models.OneToOneField(Words, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["book", "-id"], name="rulebook_supervision_book")]


class Feedback(OfficeRow):
    """What residents or a front-line department say about a version, or about one rule of it (A-34)."""

    class Origin(models.TextChoices):
        RESIDENTS = "residents"
        FRONT_LINE = "front_line"

    book = models.ForeignKey("rulebook.BookVersion", models.PROTECT, related_name="+")
    rule = models.CharField(max_length=80, default="")
    origin = models.CharField(max_length=12, choices=Origin.choices)
    words = models.OneToOneField(Words, models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["book", "-id"], name="rulebook_feedback_book")]


class FeedbackTaken(OfficeRow):
    """A version takes up a feedback, so that anybody can verify what became of it (P-14)."""

    feedback = models.ForeignKey(Feedback, models.PROTECT, related_name="+")
    book = models.ForeignKey("rulebook.BookVersion", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["feedback", "book"], name="rulebook_feedback_taken_once"),
        ]
