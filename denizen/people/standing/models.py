"""Tables of standing. Everything but honours and frozen lists can be recomputed from what happened, byte for byte."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from denizen.kit.ids import uuid7


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


class Deed(models.Model):
    """An entry that counts towards a label, as it was handed to us. ``undone_at``: when it stopped counting.

    ``subject`` is what the deed was about (the service): two entries about one subject count once.
    """

    entry = models.OneToOneField("chronicle.Entry", models.PROTECT, primary_key=True, related_name="+")
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    occurred_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("occurred_at")),
                name="standing_deed_undone_after_done",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["resident", "kind"], name="standing_deed_count")]


class Label(models.Model):
    """An earned label with its ground (the entry that completed it) and date. ``occurrence``: "1", "2" … of the same.

    Folded from deeds in order of occurring. ``withdrawn_at``: when too few deeds stood; the row stays,
    and earning it again is the next occurrence.
    """

    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    occurrence = models.CharField(max_length=40)
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, related_name="+", db_index=False)
    earned_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resident", "code", "occurrence"], name="standing_label_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=F("earned_at")),
                name="standing_label_held_for_a_while",
            ),
        ]


class Honour(models.Model):
    """An honour given by a person: who, for what, when (D-20). ``signature`` is an HMAC over the record's lines.

    The reason is free text and stands beside, so that it can be erased; ``reason_digest`` (SHA-256 over its salt and
    words) keeps it under the signature.
    """

    public_id = models.UUIDField(unique=True, default=uuid7, editable=False)
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    title_en = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=120)
    reason_digest = models.CharField(max_length=64)
    staff = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    signature = models.CharField(max_length=64)


class HonourReason(models.Model):
    """For what an honour was given, in the giver's words. Erasing empties both fields; the honour stays."""

    honour = models.OneToOneField(Honour, models.PROTECT, primary_key=True, related_name="+")
    salt = models.CharField(max_length=32)
    reason = models.TextField()


class FrozenYear(models.Model):
    """The yearly list, frozen once (B-64). ``digest`` is SHA-256 over its lines, so anybody can recompute it.

    It counts postings effective from ``since`` (NULL: ever) until before ``until``, among those in the journal when it
    was frozen: ids up to ``known_to`` except the inclusive ranges of ``unseen`` (numbers given out, not yet written).
    ``staff`` is NULL when the house froze it.
    """

    year = models.SmallIntegerField(primary_key=True)
    basis = models.CharField(max_length=10, choices=[("year", "year"), ("total", "total")])
    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    places = models.IntegerField()
    known_to = models.BigIntegerField()
    unseen = models.JSONField()
    staff = models.ForeignKey("identity.Staff", models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(basis__in=["year", "total"]), name="standing_frozenyear_basis"),
            models.CheckConstraint(
                condition=Q(basis="year", since__isnull=False, since__lt=F("until"))
                | Q(basis="total", since__isnull=True),
                name="standing_frozenyear_range",
            ),
            models.CheckConstraint(
                condition=Q(places__gt=0, until__lte=F("frozen_at")), name="standing_frozenyear_past_only"
            ),
        ]


class FrozenLine(models.Model):
    pk = models.CompositePrimaryKey("year_id", "position")
    year = models.ForeignKey(FrozenYear, models.PROTECT, related_name="+", db_index=False)
    position = models.IntegerField()
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    contribution = models.BigIntegerField()
    reached_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "resident"], name="standing_frozenline_once"),
            models.CheckConstraint(
                condition=Q(position__gt=0, contribution__gt=0), name="standing_frozenline_positive"
            ),
        ]
