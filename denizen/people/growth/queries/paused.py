"""What a paused rule means for one resident: why it is paused, and how many of his entries wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from denizen.kit import db
from denizen.people.growth.queries.receipts import ended, in_language
from denizen.people.rulebook.queries import paused_rules

OWN_SQL = """
SELECT holding.suspension_id, count(*)
FROM chronicle_entry AS entry
JOIN chronicle_undecided AS undecided ON undecided.entry_id = entry.id AND undecided.state = 'held'
JOIN growth_holding AS holding ON holding.entry_id = entry.id
WHERE entry.resident_id = %s GROUP BY holding.suspension_id
"""


@dataclass(frozen=True, slots=True)
class OwnPause:
    """A paused rule that some of a resident's entries wait for. ``ends_at``: when a repair takes force, if known."""

    rule: str
    title: str
    reason: str
    entries: int
    ends_at: datetime | None


def own_pauses(*, resident: int, moment: datetime) -> list[OwnPause]:
    """The pauses that hold entries of ``resident`` now. One query while nothing is paused, few otherwise."""
    pauses = {view.id: view for view in paused_rules(moment).values()}
    if not pauses:
        return []
    return [
        OwnPause(view.rule, in_language(view.title), ended(in_language(view.reason)), entries, view.lifts_at)
        for number, entries in db.fetch(OWN_SQL, (resident,))
        if (view := pauses.get(number)) is not None
    ]
