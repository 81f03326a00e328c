"""What is not on record about a version that waits for its approval."""

from __future__ import annotations

from denizen.people.rulebook.models import BookVersion, Position, Trial, Waiver


def missing_for_approval(number: int) -> frozenset[str]:
    """What an approval of version ``number`` needs a reason for: ``trial`` and ``position``, where not on record.

    Two queries. A trial belongs to the content, so one of the draft counts.
    Of an unknown version everything is missing.
    """
    tried = Trial.objects.filter(digest__in=BookVersion.objects.filter(number=number).values("digest")).exists()
    heard = Position.objects.filter(book=number).exists()
    lacking = {Waiver.Missing.TRIAL.value: tried, Waiver.Missing.POSITION.value: heard}
    return frozenset(what for what, on_record in lacking.items() if not on_record)
