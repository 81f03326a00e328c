"""Tables of the proof: seals over the journal, the roots of days, and what erasure needs to keep both.

Nothing here stands on the hot path: a seal is made after the postings it covers have been committed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

HASH_BYTES = 32


class Seal(models.Model):
    """A block of postings, closed for ever: their Merkle root, chained to the seal before. Append-only.

    It covers the postings with an id above the last of the seal before, up to ``last_id``; ``count`` of them.
    ``day`` is the city's day in which it was made. ``total``, ``points`` and ``contribution`` are what the journal
    says up to its end: how many postings there are, and what all residents together hold of each asset.
    """

    number = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    count = models.IntegerField()
    root = models.BinaryField(max_length=HASH_BYTES)
    total = models.BigIntegerField()
    points = models.BigIntegerField()
    contribution = models.BigIntegerField()
    previous = models.BinaryField(max_length=HASH_BYTES)
    hash = models.BinaryField(max_length=HASH_BYTES, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(number__gte=1, count__gte=1, first_id__lte=F("last_id")),
                name="ledger_seal_covers_something",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["day", "number"], name="ledger_seal_day")]


class SealMarks(models.Model):
    """Where to look when a seal breaks: the id of each of its postings and the first bytes of its leaf.

    Marks prove nothing and enter no hash; they only let a finding name the posting instead of the block.
    """

    seal = models.OneToOneField(Seal, models.PROTECT, primary_key=True, related_name="+")
    marks = models.BinaryField()


class DayRoot(models.Model):
    """What a city day left in the journal, chained to the day before. Append-only; one line of the roots file each.

    ``seals`` seals were made that day, ending with ``last_seal``; ``seals_root`` is the Merkle root of their hashes.
    """

    day = models.DateField(primary_key=True)
    seals = models.IntegerField()
    last_seal = models.OneToOneField(Seal, models.PROTECT, related_name="+")
    seals_root = models.BinaryField(max_length=HASH_BYTES)
    previous = models.BinaryField(max_length=HASH_BYTES)
    hash = models.BinaryField(max_length=HASH_BYTES, unique=True)
    closed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(seals__gte=1), name="ledger_dayroot_has_seals"),
        ]


class EntrySalt(models.Model):
    """The secret by which what a source told about a resident's entries enters the seals, so that nobody can guess.

    Gone when the resident is erased; what it made is kept then (``EntryCommitment``).
    """

    resident = models.OneToOneField("chronicle.Resident", models.PROTECT, primary_key=True, related_name="+")
    salt = models.BinaryField(max_length=HASH_BYTES)


class EntryCommitment(models.Model):
    """What an entry of an erased resident had committed to. Append-only."""

    entry = models.OneToOneField("chronicle.Entry", models.PROTECT, primary_key=True, related_name="+")
    commitment = models.BinaryField(max_length=HASH_BYTES)


class ReasonCommitment(models.Model):
    """What the human reason of a posting committed to. ``salt`` goes with the words when they are erased."""

    posting = models.OneToOneField("ledger.Posting", models.PROTECT, primary_key=True, related_name="+")
    salt = models.BinaryField(max_length=HASH_BYTES, null=True)
    commitment = models.BinaryField(max_length=HASH_BYTES)
