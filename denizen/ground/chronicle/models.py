"""Tables of the chronicle. Entries are append-only: the database refuses UPDATE and DELETE."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from denizen.kit.ids import uuid7


class Resident(models.Model):
    """The bare key of a person of the community. Everything personal stands in identity, and can be erased there."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(unique=True, default=uuid7, editable=False)
    created_at = models.DateTimeField()


class Source(models.Model):
    """A system that reports behaviour: the app itself, a shop, a car back-end, an imported file.

    ``lateness_seconds_max`` is measured against ``watermark`` (the latest ``occurred_at`` seen); NULL means unlimited.
    """

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(max_length=60, unique=True)
    lateness_seconds_max = models.BigIntegerField(null=True)
    watermark = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(lateness_seconds_max__gte=0), name="chronicle_source_lateness_positive"),
        ]


class ExternalReference(models.Model):
    """How a source calls a resident."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=200)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "reference"], name="chronicle_reference_unique"),
        ]


class KindCode(models.Model):
    """The number under which a kind of the vocabulary is stored. Filled from ``kinds`` by ``commands.sync_kinds``."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(max_length=60, unique=True)


class Entry(models.Model):
    """One recorded behaviour. ``payload`` holds keys and numbers only; free text never enters an entry."""

    id = models.BigAutoField(primary_key=True)
    kind = models.ForeignKey(KindCode, models.PROTECT, related_name="+", db_index=False)
    kind_version = models.SmallIntegerField()
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+", db_index=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    payload = models.JSONField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resident", "-occurred_at", "-id"], name="chronicle_entry_history"),
        ]


class EntryKey(models.Model):
    """Idempotency: one entry per (source, external id). A side row, so that an outside id can be erased."""

    pk = models.CompositePrimaryKey("source_id", "external_id")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=200)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    payload_hash = models.BinaryField(max_length=16)


class Undecided(models.Model):
    """An entry waiting for the pipeline; deleted in the transaction that writes its effects.

    ``ready``: to be claimed now. ``review``: later than the source allows, or found impossible to decide (the worker's
    log says why), waits for a person. ``waiting``: undoes an
    entry that has not arrived yet, whose key is ``waits_for``. ``held``: whoever held it knows why, and releases it.
    """

    class State(models.TextChoices):
        READY = "ready"
        REVIEW = "review"
        WAITING = "waiting"
        HELD = "held"

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    waits_for = models.CharField(max_length=240, default="")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="waiting", waits_for__gt="") | (~Q(state="waiting") & Q(waits_for="")),
                name="chronicle_undecided_waits_for",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("entry_id"), name="chronicle_undecided_ready", condition=Q(state="ready")),
            models.Index(F("waits_for"), name="chronicle_undecided_waiting", condition=Q(state="waiting")),
        ]


class ServiceKey(models.Model):
    """What a service signs its calls with: bound to one source and a list of kinds. Only the hash is kept."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    kinds = ArrayField(models.CharField(max_length=60))
    may_create_residents = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80, default="")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, default="")


class Admission(models.Model):
    """Somebody admitted an entry that came later than its source allows. Append-only; at most one per entry."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="+")
    admitted_by = models.CharField(max_length=80)
    admitted_at = models.DateTimeField()


class Checkpoint(models.Model):
    """How far the ingestion of one file by one mapping has come; committed together with the chunk it counts.

    ``content_hash`` covers the bytes of the file and the mapping. ``rejected_bytes``: how long the file of rejected
    lines was at this point, so that an ingestion that goes on does not write a rejection twice.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    content_hash = models.BinaryField(max_length=32)
    lines = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    existing = models.BigIntegerField(default=0)
    conflicting = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    late = models.BigIntegerField(default=0)
    rejected_bytes = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "content_hash"], name="chronicle_checkpoint_unique"),
        ]
