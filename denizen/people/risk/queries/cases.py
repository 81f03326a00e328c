"""Cases as the pipeline and the sweep ask for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from denizen.ground.chronicle.kinds import BY_NUMBER
from denizen.kit import db
from denizen.people.risk.models import Case


def kinds_waiting(residents: Collection[int]) -> dict[tuple[int, str], int]:
    """Whose entries of which kind wait, and the oldest open case they wait for. One query."""
    rows = db.fetch(
        "SELECT party.resident_id, kept.kind_id, min(kept.case_id) FROM risk_caseparty AS party"
        " JOIN risk_case AS held ON held.id = party.case_id AND held.state = 'open'"
        " JOIN risk_casekind AS kept ON kept.case_id = held.id"
        " WHERE party.resident_id = ANY(%s) GROUP BY 1, 2",
        (sorted(residents),),
    )
    return {(resident, BY_NUMBER[kind].code): case for resident, kind, case in rows}


def cases_lapsed(moment: datetime) -> list[int]:
    """Open cases whose time is over, the oldest first."""
    open_cases = Case.objects.filter(state=Case.State.OPEN, lapses_at__lte=moment)
    return list(open_cases.order_by("opened_at", "id").values_list("id", flat=True))
