"""Which pauses an approved version will end: those of rules that it makes decide differently."""

from __future__ import annotations

from datetime import datetime

from denizen.people.rulebook.models import BookVersion, Lifting, Suspension
from denizen.people.rulebook.queries.versions import book_of, version_in_force
from denizen.people.rulebook.rules import Book
from denizen.people.rulebook.rules.footprint import decides_differently


def foresee_liftings(*, version: BookVersion, book: Book, lifts_at: datetime) -> None:
    """Note that ``version``, just approved, ends the pauses of the rules it repairs when it takes force.

    Repaired is a rule that could decide anything differently from what was in force when it was paused. A version that
    leaves it as it was takes force with the rule still paused. Needs an open transaction.
    """
    paused = Suspension.objects.filter(confirmation__isnull=False, release__isnull=True).select_related("confirmation")
    Lifting.objects.bulk_create(
        Lifting(suspension=each, book=version, lifted_by=None, lifts_at=lifts_at)
        for each in paused
        if _repairs(each, book)
    )


def _repairs(suspension: Suspension, book: Book) -> bool:
    broken = version_in_force(suspension.confirmation.confirmed_at)
    return broken is None or decides_differently(suspension.rule, book_of(broken), book)
