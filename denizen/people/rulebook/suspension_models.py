"""Tables of stopping a rule. Every row is a fact that stays; what is paused follows from which facts there are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Suspension(models.Model):
    """Somebody asks that a rule be paused at once, with the public reason. ``kind``: what its entries are.

    It acts from its confirmation by another person on, until its release.
    """

    rule = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    asked_by = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason_en = models.TextField()
    reason_zh = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason_en__gt="", reason_zh__gt=""), name="rulebook_suspension_reason_in_both_languages"
            ),
        ]


class Confirmation(models.Model):
    """The second person's yes: from here on the entries of the kind are held."""

    suspension = models.OneToOneField(Suspension, models.PROTECT, primary_key=True, related_name="+")
    confirmed_by = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()


class Refusal(models.Model):
    """The pause that was asked for does not come: withdrawn by who asked, or refused by another."""

    suspension = models.OneToOneField(Suspension, models.PROTECT, primary_key=True, related_name="+")
    refused_by = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    refused_at = models.DateTimeField()


class FalseAlarm(models.Model):
    """Somebody asks to end a pause without a change; another confirms it by a ``Lifting`` without a version."""

    suspension = models.OneToOneField(Suspension, models.PROTECT, primary_key=True, related_name="+")
    asked_by = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()


class Lifting(models.Model):
    """What will end a pause at ``lifts_at``: an approved version that changes the rule, or two persons (no ``book``).

    Where several would, the one that comes first does.
    """

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="+")
    book = models.ForeignKey("rulebook.BookVersion", models.PROTECT, null=True, related_name="+", db_index=False)
    lifted_by = models.ForeignKey("identity.Staff", models.PROTECT, null=True, related_name="+")
    lifts_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["suspension", "book"], name="rulebook_lifting_once", nulls_distinct=False),
        ]


class Release(models.Model):
    """The pause is over, and its held entries (``entries`` of them) went back into the queue to be decided.

    Where its lifting names a version, that version judges what was held, and what occurred between the confirmation
    and ``lifts_at`` and arrives late.
    """

    suspension = models.OneToOneField(Suspension, models.PROTECT, primary_key=True, related_name="+")
    lifting = models.ForeignKey(Lifting, models.PROTECT, related_name="+", db_index=False)
    released_at = models.DateTimeField()
    entries = models.IntegerField()
