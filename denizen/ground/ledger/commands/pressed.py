"""A button pressed twice acts once, where its form carries no key: the same words about the same, within moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from denizen.ground.identity.models import Staff
from denizen.ground.ledger.models import Correction, CorrectionLine, PostingReason
from denizen.kit import db

TWICE_WITHIN = timedelta(seconds=30)
"""Nobody means the same thing again so soon; who does waits half a minute or says why. Two at once each have their own
moment, and the one that waited may be the earlier."""

LOCK_SQL = "SELECT pg_advisory_xact_lock(hashtextextended('ledger pressed ' || %s, 0))"


def pressed_correction(
    *, actor: Staff, kind: str, envelope: int, reason: str, lines: Sequence[tuple[int, int, int]], moment: datetime
) -> Correction | None:
    """What ``actor`` proposed in the same words just now. ``lines``: resident, slot, amount. Locks his next ones."""
    _one_at_a_time(actor)
    recent = Correction.objects.filter(
        staff=actor, kind=kind, envelope_id=envelope, reason=reason,
        proposed_at__gt=moment - TWICE_WITHIN, proposed_at__lt=moment + TWICE_WITHIN,
    )  # fmt: skip
    return next((each for each in recent.order_by("id") if _lines(each) == list(lines)), None)


def pressed_funding(*, actor: Staff, envelope: int, amount: int, reason: str, moment: datetime) -> int | None:
    """The posting by which ``actor`` put the same into ``envelope`` (an account) just now. Locks his next ones."""
    _one_at_a_time(actor)
    known = PostingReason.objects.filter(
        staff=actor, reason=reason, posting__credit_id=envelope, posting__amount=amount,
        posting__recorded_at__gt=moment - TWICE_WITHIN, posting__recorded_at__lt=moment + TWICE_WITHIN,
    )  # fmt: skip
    return known.values_list("posting_id", flat=True).first()


def _one_at_a_time(actor: Staff) -> None:
    db.fetch(LOCK_SQL, (str(actor.pk),))


def _lines(correction: Correction) -> list[tuple[int, int, int]]:
    rows = CorrectionLine.objects.filter(correction=correction).order_by("ord")
    return list(rows.values_list("resident_id", "slot", "amount"))
