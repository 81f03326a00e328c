"""Tables of growth: what was decided, and what caps have been used."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func, Q, Value

from denizen.kit.ids import uuid7


class Decision(models.Model):
    """What the rules said about one entry. ``trace`` is the compact form of all lines; receipts come from it.

    ``place`` numbers the decisions as they are written. Who decides about somebody holds his wallet until he commits,
    so decisions that can depend on one another are numbered in the order in which they were made.
    """

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
    place = models.BigIntegerField(db_default=Func(Value("growth_decision_place"), function="nextval"), editable=False)

    class Meta:
        # A few bytes for each hundred pages: rows are appended nearly in the order of their places.
        indexes: ClassVar = [BrinIndex(fields=["place"], name="growth_decision_in_order", pages_per_range=32)]


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


class Mending(models.Model):
    """A correction proposed for what a paused rule had paid too little since a moment: one that stands for each pause.

    Another may be proposed only after the correction was refused.
    """

    correction = models.OneToOneField("ledger.Correction", models.PROTECT, primary_key=True, related_name="+")
    suspension = models.ForeignKey("rulebook.Suspension", models.PROTECT, related_name="+")
    since = models.DateTimeField()


class Backtest(models.Model):
    """A rule book replayed over real history into a shadow: asked for, worked on, and what came of it.

    ``digest`` and ``document``: the tried book's canonical form; the figures stay with that content. ``watermark`` is
    the last decision (its ``place``) that is read, so that a rerun reads the same. ``figures`` are canonical, and
    ``figures_digest`` is their SHA-256. ``attempts``: how often a process began; a run taken up again begins anew.
    ``asked_by`` is NULL for the command line.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True, default=uuid7, editable=False)
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    document = models.JSONField()
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    watermark = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    entries_done = models.BigIntegerField(default=0)
    entries_in_all = models.BigIntegerField()
    attempts = models.SmallIntegerField(default=0)
    asked_by = models.ForeignKey("identity.Staff", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    figures = models.JSONField(null=True)
    figures_digest = models.CharField(max_length=64, default="")
    error = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(begins_at__isnull=True) | Q(ends_at__isnull=True) | Q(begins_at__lt=F("ends_at")),
                name="growth_backtest_span",
            ),
            models.CheckConstraint(
                condition=Q(state="done", figures__isnull=False, ended_at__isnull=False)
                | (~Q(state="done") & Q(figures__isnull=True)),
                name="growth_backtest_figures_when_done",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["digest"], name="growth_backtest_of_digest")]
