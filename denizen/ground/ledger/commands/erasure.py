"""Emptying the words staff wrote about a resident's postings. What they committed to stays, and so do the seals."""

from __future__ import annotations

from django.db.models import Count, Q

from denizen.ground.ledger.commands.seals import lock_seals
from denizen.ground.ledger.constants import SLOTS
from denizen.ground.ledger.models import Correction, CorrectionLine, PostingReason
from denizen.ground.ledger.seal_models import ReasonCommitment
from denizen.ground.ledger.seals.promises import keep_entries_of, promise_reasons_of
from denizen.kit import db


def erase_words(*, resident: int) -> int:
    """Empty the reasons of a resident's postings and corrections; how many postings had one.

    Also stores what his entries committed to and throws away the secret behind it, so that nobody can test a guess
    against the seals: call it before the chronicle forgets the outside names. A reason given to many at once stays in
    the correction that names them all, and in the postings of the others. Needs an open transaction.
    """
    db.required()
    lock_seals()
    keep_entries_of(resident)
    accounts = range(resident * SLOTS, (resident + 1) * SLOTS)
    about = Q(posting__debit_id__in=accounts) | Q(posting__credit_id__in=accounts)
    told = list(PostingReason.objects.filter(about).exclude(reason="").values_list("posting_id", flat=True))
    promise_reasons_of(told)
    PostingReason.objects.filter(posting_id__in=told).update(reason="")
    ReasonCommitment.objects.filter(posting_id__in=told).update(salt=None)
    Correction.objects.filter(pk__in=_about_nobody_else(resident)).update(reason="")
    return len(told)


def _about_nobody_else(resident: int) -> list[int]:
    his = CorrectionLine.objects.filter(resident_id=resident).values("correction_id")
    counted = (
        CorrectionLine.objects.filter(correction_id__in=his)
        .values("correction_id")
        .annotate(people=Count("resident_id", distinct=True))
    )
    return [row["correction_id"] for row in counted if row["people"] == 1]
