"""Points in sentences: what ends when, what is claimed, what is owed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from denizen.ground.ledger.queries import Balance
from denizen.shell.figures import day, grouped


def expiring_words(points: Balance) -> str:
    """The first points that end soon, in a sentence; empty when none do."""
    if not points.expiring:
        return ""
    first = points.expiring[0]
    return _("%(amount)s of them end on %(day)s.") % {"amount": grouped(first.amount), "day": day(first.expires_at)}
