"""Drafts: working papers of the rule desk. Mutable, unlike versions; what becomes of one is a row of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Draft(models.Model):
    """A rule book in the making, as YAML. It may be unfinished: ``faults`` counts what was wrong when it was saved.

    ``revision`` grows by one with every saving, so that nobody overwrites what he has not seen. ``digest`` is that of
    the content, empty while the text cannot be read as a book; a trial of the content counts for its version.
    """

    title = models.CharField(max_length=200)
    based_on = models.ForeignKey("rulebook.BookVersion", models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    digest = models.CharField(max_length=64, blank=True)
    faults = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    saved_by = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="rulebook_draft_revision"),
        ]


class DraftEnd(models.Model):
    """A draft was handed over as a version, or discarded (``version`` is NULL)."""

    draft = models.OneToOneField(Draft, models.PROTECT, primary_key=True, related_name="+")
    version = models.OneToOneField("rulebook.BookVersion", models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()
