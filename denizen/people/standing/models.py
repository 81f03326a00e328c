"""Tables of standing. Everything but honours and frozen lists can be recomputed from the journal, byte for byte."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Standing(models.Model):
    """Contribution of a resident by class, in n. ``reached_at``: when the present total was reached (last change)."""

    resident = models.OneToOneField("chronicle.Resident", models.PROTECT, primary_key=True, related_name="+")
    interaction = models.BigIntegerField(default=0)
    development = models.BigIntegerField(default=0)
    efficiency = models.BigIntegerField(default=0)
    special = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    reached_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(total=F("interaction") + F("development") + F("efficiency") + F("special")),
                name="standing_total_is_sum_of_classes",
            ),
            models.CheckConstraint(
                condition=Q(interaction__gte=0, development__gte=0, efficiency__gte=0, special__gte=0),
                name="standing_never_negative",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("total").desc(), F("reached_at"), F("resident_id"), name="standing_rank"),
        ]


class Label(models.Model):
    """An earned label with its ground (the entry that earned it) and date. ``occurrence`` separates repeats.

    ``withdrawn_at`` is set when the ground was reversed; the row stays.
    """

    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    occurrence = models.CharField(max_length=40, default="")
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, null=True, related_name="+", db_index=False)
    earned_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resident", "code", "occurrence"], name="standing_label_once"),
        ]


class Honour(models.Model):
    """An honour given by a person: who, for what, when (D-20). ``signature`` is an HMAC over the record's lines."""

    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    title_en = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=120)
    reason = models.TextField()
    staff = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    signature = models.CharField(max_length=64)


class FrozenYear(models.Model):
    """The yearly list, frozen once (B-64). ``digest`` is SHA-256 over its lines, so anybody can recompute it."""

    year = models.SmallIntegerField(primary_key=True)
    basis = models.CharField(max_length=10, choices=[("year", "year"), ("total", "total")])
    until = models.DateTimeField()
    frozen_at = models.DateTimeField()
    digest = models.CharField(max_length=64)


class FrozenLine(models.Model):
    pk = models.CompositePrimaryKey("year_id", "position")
    year = models.ForeignKey(FrozenYear, models.PROTECT, related_name="+", db_index=False)
    position = models.IntegerField()
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    contribution = models.BigIntegerField()
    reached_at = models.DateTimeField()
