"""Tables of risk. Signals and what they rest on are append-only; a case is decided exactly once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from denizen.kit.ids import uuid7


class Signal(models.Model):
    """A pattern that was found. ``key`` names it for ever: found again, it is the same.

    ``version``: of the parameters it was weighed with. ``strength``: 1 to 1,000. ``numbers``: the figures its sentence
    is made of.
    """

    code = models.CharField(max_length=30)
    key = models.CharField(max_length=200, unique=True)
    version = models.SmallIntegerField()
    strength = models.SmallIntegerField()
    numbers = models.JSONField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(strength__gte=1, strength__lte=1_000), name="risk_signal_strength"),
            models.CheckConstraint(condition=Q(begins_at__lte=F("ends_at")), name="risk_signal_window"),
        ]


class SignalParty(models.Model):
    """A resident a signal speaks of."""

    pk = models.CompositePrimaryKey("signal_id", "resident_id")
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+", db_index=False)
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")


class SignalEntry(models.Model):
    """An entry a signal rests on."""

    pk = models.CompositePrimaryKey("signal_id", "entry_id")
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, related_name="+")


class Case(models.Model):
    """What waits for a reviewer: open, then released or voided. ``lapses_at``: when it releases itself."""

    class State(models.TextChoices):
        OPEN = "open"
        RELEASED = "released"
        VOIDED = "voided"

    public_id = models.UUIDField(unique=True, default=uuid7, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    lapses_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(opened_at__lt=F("lapses_at")), name="risk_case_lapses_later"),
        ]
        indexes: ClassVar = [
            models.Index(F("opened_at"), F("id"), name="risk_case_open", condition=Q(state="open")),
        ]

    @property
    def key(self) -> str:
        """Under which the ledger keeps things apart."""
        return f"case-{self.pk}"


class CaseParty(models.Model):
    """A resident whose effects wait while the case is open."""

    pk = models.CompositePrimaryKey("case_id", "resident_id")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")


class CaseSignal(models.Model):
    """Why a case was opened or grew. A signal belongs to one case at most."""

    signal = models.OneToOneField(Signal, models.PROTECT, primary_key=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")


class CaseKind(models.Model):
    """A kind whose further entries by the case's residents wait undecided while it is open."""

    pk = models.CompositePrimaryKey("case_id", "kind_id")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    kind = models.ForeignKey("chronicle.KindCode", models.PROTECT, related_name="+", db_index=False)


class Quarantine(models.Model):
    """One posting of the evidence: what it brought, and how much of that was still there to be kept apart."""

    pk = models.CompositePrimaryKey("case_id", "posting_id")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    posting = models.ForeignKey("ledger.Posting", models.PROTECT, related_name="+")
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, related_name="+", db_index=False)
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    slot = models.SmallIntegerField()
    amount = models.BigIntegerField()
    apart = models.BigIntegerField()
    placed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(apart__gte=0, apart__lte=F("amount")), name="risk_quarantine_amounts"),
        ]


class WaitingEntry(models.Model):
    """An entry that stood undecided because of a case; the row stays when it is decided."""

    pk = models.CompositePrimaryKey("case_id", "entry_id")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, related_name="+")


class Verdict(models.Model):
    """How a case ended: by a reviewer, in his own words, or by itself (no ``staff``). Only the words can be emptied."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=[("released", "released"), ("voided", "voided")])
    staff = models.ForeignKey("identity.Staff", models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(staff__isnull=False) | Q(outcome="released"), name="risk_verdict_voided_by_somebody"
            ),
        ]


class Statement(models.Model):
    """What a resident says to a case about him. Erasing empties the words."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    words = models.TextField()
    said_at = models.DateTimeField()


class Sighting(models.Model):
    """That a resident's entry carried a salted hash two accounts may share. Derived from entries; erased with him."""

    pk = models.CompositePrimaryKey("entry_id", "code")
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=10)
    trace = models.CharField(max_length=120)
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+", db_index=False)
    seen_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["code", "trace", "resident"], name="risk_sighting_trace"),
            models.Index(fields=["resident", "code"], name="risk_sighting_resident"),
        ]


class Usual(models.Model):
    """What a kind's usual rate is in the city: the busy hour (one in ten) of a resident busier than three in four.

    Counted over residents, so that a few who flood do not make floods usual.
    """

    kind = models.OneToOneField("chronicle.KindCode", models.PROTECT, primary_key=True, related_name="+")
    hourly = models.IntegerField()
    counted_at = models.DateTimeField()


class Sweep(models.Model):
    """One run of the finders: how far the chronicle had come, what was found anew. The next one goes on from here."""

    id = models.BigAutoField(primary_key=True)
    swept_at = models.DateTimeField()
    last_entry = models.BigIntegerField()
    signals = models.IntegerField()
    cases = models.IntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-swept_at"], name="risk_sweep_latest")]
