"""Tables of growth: what was decided, and what caps have been used."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Decision(models.Model):
    """What the rules said about one entry. ``trace`` is the compact form of all lines; receipts come from it."""

    class Outcome(models.IntegerChoices):
        PAID = 1
        CAPPED = 2  # something was paid or refused because of a cap, nothing else refused
        NOTHING = 3
        REVERSED = 4  # this entry undid another one
        NO_BOOK = 5  # no rule book was in force when it happened
        DISMISSED = 6  # a person decided not to admit a late entry

    entry = models.OneToOneField("chronicle.Entry", models.PROTECT, primary_key=True, related_name="+")
    book = models.ForeignKey("rulebook.BookVersion", models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.SmallIntegerField(choices=Outcome.choices)
    decided_at = models.DateTimeField()
    trace = models.JSONField()


class Undoing(models.Model):
    """Which entry's effects were undone by which other entry: at most once (the key is the original)."""

    original = models.OneToOneField("chronicle.Entry", models.PROTECT, primary_key=True, related_name="+")
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, related_name="+")


class CapCounter(models.Model):
    """How much of a cap a resident has used in a window. ``window`` is days since 2000-01-01 of its first local day."""

    pk = models.CompositePrimaryKey("cap_id", "resident_id", "window", "by")
    cap = models.ForeignKey("rulebook.CapCode", models.PROTECT, related_name="+", db_index=False)
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+", db_index=False)
    window = models.IntegerField()
    by = models.CharField(max_length=120, default="")
    used = models.BigIntegerField()
    ceiling = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(used__gte=0, used__lte=F("ceiling")), name="growth_capcounter_within_ceiling"
            ),
        ]


class Holding(models.Model):
    """An entry that came to be decided while a rule of its kind was paused: why it waited, for its receipt.

    Stays after the release; ``suspension`` is the first that held it.
    """

    entry = models.OneToOneField("chronicle.Entry", models.PROTECT, primary_key=True, related_name="+")
    suspension = models.ForeignKey("rulebook.Suspension", models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
