"""Tables of the central bank. The daily summary can be worked out again; everything else is append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class DayFlow(models.Model):
    """Points moved by the day it was recorded and the day it happened, on the city's clocks.

    ``flow`` is a word of ``circulation.Flow``, ``purpose`` a code of the ledger, ``account`` the system's side, 0 for
    none.
    """

    id = models.BigAutoField(primary_key=True)
    recorded_on = models.DateField()
    effective_on = models.DateField()
    flow = models.CharField(max_length=20)
    purpose = models.CharField(max_length=100)
    account = models.BigIntegerField()
    amount = models.BigIntegerField()
    postings = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recorded_on", "effective_on", "flow", "purpose", "account"], name="central_bank_dayflow_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, postings__gt=0), name="central_bank_dayflow_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["effective_on"], name="central_bank_dayflow_when")]


class DayCohort(models.Model):
    """Movements of lots by the month in which their points were first issued: into lots positive, out negative."""

    id = models.BigAutoField(primary_key=True)
    recorded_on = models.DateField()
    effective_on = models.DateField()
    cohort_on = models.DateField()
    flow = models.CharField(max_length=20)
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recorded_on", "effective_on", "cohort_on", "flow"], name="central_bank_daycohort_once"
            ),
        ]


class DayFigures(models.Model):
    """A day whose sums are kept: how many postings were recorded on it. The last one is how far the summary reaches."""

    recorded_on = models.DateField(primary_key=True)
    postings = models.BigIntegerField()
    filled_at = models.DateTimeField()


class Assumption(models.Model):
    """What the city assumes about its points, all of it in one version; the latest counts. Append-only.

    Money is in minor units of ``currency`` for a thousand points. ``value_per_thousand``: what points buy, at
    stand-alone prices. ``sold_per_thousand``: the stand-alone price of what is sold with that many points; 0: they come
    with no sale. ``redeemed_permille``: how many of a thousand points issued are redeemed in the end.
    ``month_points_max``: how many points the shops can serve in a month (NULL: not known). ``quiet_months``: after so
    long without a behaviour a balance is dead. ``outlier_times``: how many times the usual spread above the middle
    makes a grant unusual.
    """

    id = models.BigAutoField(primary_key=True)
    currency = models.CharField(max_length=3)
    value_per_thousand = models.BigIntegerField()
    sold_per_thousand = models.BigIntegerField()
    redeemed_permille = models.SmallIntegerField()
    month_points_max = models.BigIntegerField(null=True)
    quiet_months = models.SmallIntegerField()
    outlier_times = models.SmallIntegerField()
    reason = models.TextField()
    staff = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(value_per_thousand__gt=0, sold_per_thousand__gte=0, redeemed_permille__range=(1, 1000)),
                name="central_bank_assumption_money",
            ),
            models.CheckConstraint(
                condition=Q(quiet_months__gt=0, outlier_times__gt=0)
                & (Q(month_points_max__isnull=True) | Q(month_points_max__gt=0)),
                name="central_bank_assumption_positive",
            ),
        ]


class MonthClose(models.Model):
    """The statement of a month as finance took it: everything recorded before ``known_until``. Append-only.

    ``lines`` is canonical JSON of whole numbers, ``digest`` SHA-256 over it. ``assumption`` NULL: none was set, and the
    statement says nothing of money.
    """

    month = models.DateField(primary_key=True)
    known_until = models.DateTimeField()
    lines = models.JSONField()
    digest = models.CharField(max_length=64)
    assumption = models.ForeignKey(Assumption, models.PROTECT, null=True, related_name="+", db_index=False)
    staff = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(known_until__lte=models.F("closed_at")), name="central_bank_monthclose_past_only"
            ),
        ]


class GrantReview(models.Model):
    """What colleagues found when they looked at an unusual grant afterwards (A-31). Once for each grant; append-only.

    First the intention, then the practice, then what everybody learns from it.
    """

    posting = models.OneToOneField("ledger.Posting", models.PROTECT, primary_key=True, related_name="+")
    meant_well = models.BooleanField()
    fitting = models.BooleanField()
    lesson = models.TextField()
    staff = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
