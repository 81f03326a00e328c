"""Tables of the ledger. Signs, routes, sums and once-only effects are held by the database.

Simple truths are constraints here; those over an account's arithmetic id, and the triggers, are plain SQL in the
migration ``0002_truths``.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from denizen.ground.ledger import seal_models as seal_models
from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, Role


class Account(models.Model):
    """Where an amount stands. System accounts have small ids and no resident; a resident's ids are arithmetic.

    ``balance`` of mint, plain budgets, redeemed and expired is not kept (always 0 here): it is the sum of postings.
    ``reserved`` is the part of a wallet that open holds claim, or of a class of contribution that does not count while
    a review is open (``ContributionHold``). ``watched``: an open review names the wallet's owner.
    """

    id = models.BigIntegerField(primary_key=True)
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, null=True, related_name="+", db_index=False)
    role = models.SmallIntegerField(default=Role.RESIDENT)
    code = models.CharField(max_length=80, null=True, unique=True)
    balance = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    watched = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & (Q(reserved=0) | Q(reserved__lte=F("balance"))),
                name="ledger_account_reserved_within_balance",
            ),
        ]


class Purpose(models.Model):
    """What a posting is for, in words that last: ``award:check_in``, ``goodwill``, ``expiry``."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=100, unique=True)


class Posting(models.Model):
    """One movement of ``amount`` from ``debit`` to ``credit``. Append-only.

    ``effect_no`` numbers the effects of one entry for one purpose. ``reverses`` names the posting this one walks back.
    ``named`` is the person the line names beside the two accounts (B-19: the inviter of the extra 2,000).
    """

    id = models.BigAutoField(primary_key=True)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField()
    code = models.SmallIntegerField()
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, null=True, related_name="+", db_index=False)
    effect_no = models.SmallIntegerField(default=0)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    named = models.ForeignKey("chronicle.Resident", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_posting_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_posting_two_accounts"),
            models.UniqueConstraint(
                fields=["entry", "purpose", "effect_no"],
                condition=Q(entry__isnull=False),
                name="ledger_posting_one_effect",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("reverses_id"), name="ledger_posting_reverses", condition=Q(reverses__isnull=False)),
            # Only residents' sides: the sums of system accounts are scans of the central bank, not page reads.
            models.Index(
                F("debit_id"),
                F("id").desc(),
                name="ledger_posting_debit",
                condition=Q(debit_id__gte=RESIDENT_ACCOUNT_MIN),
            ),
            models.Index(
                F("credit_id"),
                F("id").desc(),
                name="ledger_posting_credit",
                condition=Q(credit_id__gte=RESIDENT_ACCOUNT_MIN),
            ),
            # A few pages wide, next to nothing to keep: what was recorded since a day, for the central bank.
            BrinIndex(fields=["recorded_at"], name="ledger_posting_recorded"),
        ]


class PostingReason(models.Model):
    """The human side of a posting made by staff: who, for which department, and why in his own words (B-34, A-27).

    A side row, because it holds free text: erasure empties ``reason`` and leaves the numbers. ``key`` names a grant
    for ever, so that pressing the button twice gives once.
    """

    posting = models.OneToOneField(Posting, models.PROTECT, primary_key=True, related_name="+")
    staff = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    approver = models.ForeignKey("identity.Staff", models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+")
    reason = models.TextField()
    key = models.CharField(max_length=120, null=True, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("staff")), name="ledger_reason_two_persons"
            ),
        ]


class Lot(models.Model):
    """What one credit of points brought into a wallet. Consumed by ``priority``, ``expires_at``, ``id``.

    A lot can be spent while ``spendable_from <= moment < expires_at``. ``expires_at`` may only move later (grace after
    a voided hold).
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    reserved = models.BigIntegerField(default=0)
    priority = models.SmallIntegerField(default=0)
    granted_at = models.DateTimeField()
    spendable_from = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("remaining"), remaining__lte=F("amount"), amount__gt=0),
                name="ledger_lot_amounts_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("account_id"), F("priority"), F("expires_at"), F("id"),
                name="ledger_lot_to_consume", condition=Q(remaining__gt=0),
            ),
            models.Index(
                F("expires_at"), name="ledger_lot_to_expire", condition=Q(remaining__gt=0, expires_at__isnull=False)
            ),
            # For reversals, which look at what has expired since.
            models.Index(
                F("account_id"), F("expires_at"), name="ledger_lot_used", condition=Q(remaining__lt=F("amount"))
            ),
        ]  # fmt: skip


class LotUse(models.Model):
    """How much of which lot a posting took (positive) or gave back (negative), in order."""

    pk = models.CompositePrimaryKey("posting_id", "ord")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+", db_index=False)
    ord = models.SmallIntegerField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_lotuse_moves_something"),
        ]


class Hold(models.Model):
    """A claim on a part of a wallet: pending, then resolved exactly once (posted, part-posted or voided)."""

    class State(models.TextChoices):
        PENDING = "pending"
        POSTED = "posted"
        VOIDED = "voided"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    placed_at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    posted_amount = models.BigIntegerField(default=0)
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, posted_amount__gte=0, posted_amount__lte=F("amount")),
                name="ledger_hold_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", resolved_at__isnull=True, posted_amount=0)
                | Q(state="posted", resolved_at__isnull=False, posted_amount__gt=0)
                | Q(state="voided", resolved_at__isnull=False, posted_amount=0),
                name="ledger_hold_resolved_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("lapses_at"), name="ledger_hold_to_lapse", condition=Q(state="pending", lapses_at__isnull=False)
            ),
        ]


class HoldLot(models.Model):
    """Which lots a hold reserves. A lot past its day does not expire while reserved."""

    pk = models.CompositePrimaryKey("hold_id", "ord")
    hold = models.ForeignKey(Hold, models.PROTECT, related_name="+", db_index=False)
    ord = models.SmallIntegerField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_holdlot_positive"),
        ]


class ContributionHold(models.Model):
    """An award of contribution that does not count while a review is open. The posting stays: the journal is true.

    Pending, then resolved exactly once: released (it counts as if nothing had been) or voided (it is walked back).
    """

    class State(models.TextChoices):
        PENDING = "pending"
        RELEASED = "released"
        VOIDED = "voided"

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    placed_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_contributionhold_positive"),
            models.CheckConstraint(
                condition=Q(state="pending", resolved_at__isnull=True)
                | (~Q(state="pending") & Q(resolved_at__isnull=False)),
                name="ledger_contributionhold_resolved_once",
            ),
            models.UniqueConstraint(
                fields=["posting"], condition=Q(state="pending"), name="ledger_contributionhold_one_pending"
            ),
            models.UniqueConstraint(fields=["key", "posting"], name="ledger_contributionhold_key"),
        ]


class Correction(models.Model):
    """What staff propose to give or take beyond what rules say: a correction, or goodwill for many (bulk).

    Small ones are applied by one person; above a threshold another person decides. Decided exactly once.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction"
        BULK = "bulk"

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPLIED = "applied"
        REFUSED = "refused"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    staff = models.ForeignKey("identity.Staff", models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+")
    envelope = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    needs_second = models.BooleanField()
    proposed_at = models.DateTimeField()
    decider = models.ForeignKey("identity.Staff", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decider__isnull=True) | ~Q(decider=F("staff")), name="ledger_correction_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True, decider__isnull=True)
                | Q(state="applied", decided_at__isnull=False, needs_second=False)
                | Q(state="applied", decided_at__isnull=False, decider__isnull=False)
                | Q(state="refused", decided_at__isnull=False, decider__isnull=False),
                name="ledger_correction_decided_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("id"), name="ledger_correction_waiting", condition=Q(state="proposed")),
        ]


class CorrectionLine(models.Model):
    """One resident's part of a correction: ``amount`` is given (positive) or taken (negative)."""

    pk = models.CompositePrimaryKey("correction_id", "ord")
    correction = models.ForeignKey(Correction, models.PROTECT, related_name="+", db_index=False)
    ord = models.SmallIntegerField()
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    slot = models.SmallIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(slot=0) & ~Q(amount=0)) | Q(slot__gte=2, slot__lte=5, amount__gt=0),
                name="ledger_correctionline_slot",
            ),
            models.UniqueConstraint(fields=["correction", "resident", "slot"], name="ledger_correctionline_once"),
        ]
