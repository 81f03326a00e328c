"""Which pauses an approved version will end: those of rules that it makes decide differently."""

from __future__ import annotations

from datetime import datetime

from denizen.people.rulebook.models import BookVersion, Confirmation, Force, Lifting, Release
from denizen.people.rulebook.queries.versions import book_of
from denizen.people.rulebook.rules import Book
from denizen.people.rulebook.rules.footprint import decides_differently


def foresee_liftings(*, version: BookVersion, book: Book, lifts_at: datetime) -> None:
    """Note that ``version``, just approved, ends the pauses of the rules it repairs when it takes force.

    Repaired is a rule that could decide anything differently from what was in force when it was paused. A version that
    leaves it as it was takes force with the rule still paused. Needs an open transaction.
    """
    released = Release.objects.values("suspension")
    paused = Confirmation.objects.exclude(suspension__in=released).select_related("suspension")
    Lifting.objects.bulk_create(
        Lifting(suspension=each.suspension, book=version, lifted_by=None, lifts_at=lifts_at)
        for each in paused
        if _repairs(each, version, book)
    )


def _repairs(pause: Confirmation, version: BookVersion, book: Book) -> bool:
    """Whether the book that was in force at the confirmation (never ``version`` itself) said otherwise."""
    spans = Force.objects.filter(source__isnull=True, effective_from__lte=pause.confirmed_at).exclude(book=version)
    broken = spans.select_related("book").order_by("-effective_from", "-book_id").first()
    return broken is None or decides_differently(pause.suspension.rule, book_of(broken.book), book)
