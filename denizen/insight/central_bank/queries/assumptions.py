"""What is assumed at present."""

from __future__ import annotations

from denizen.insight.central_bank.models import Assumption
from denizen.insight.central_bank.rules import Terms

QUIET_MONTHS, OUTLIER_TIMES = 6, 5
"""Assumed, until somebody sets them."""


def assumption_now() -> Assumption | None:
    """The latest version; None: nothing is assumed, and nothing can be said in money."""
    return Assumption.objects.select_related("staff", "department").order_by("-id").first()


def assumptions() -> list[Assumption]:
    """All versions, newest first."""
    return list(Assumption.objects.select_related("staff", "department").order_by("-id")[:100])


def quiet_months() -> int:
    found = assumption_now()
    return found.quiet_months if found else QUIET_MONTHS


def outlier_times() -> int:
    found = assumption_now()
    return found.outlier_times if found else OUTLIER_TIMES


def terms_of(assumption: Assumption) -> Terms:
    return Terms(assumption.value_per_thousand, assumption.sold_per_thousand, assumption.redeemed_permille)
