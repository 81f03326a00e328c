"""Entries that wait because a case is open: kept undecided, then decided in order, or dismissed with the case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from denizen.ground.chronicle import commands as chronicle
from denizen.ground.chronicle.commands import Fresh
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.growth.commands.queue import wake_waiting
from denizen.people.growth.models import Decision
from denizen.people.risk import commands as risk
from denizen.people.risk import queries as risk_queries
from denizen.people.risk.commands import Closed, Outcome

DISMISSED_BY_CASE = "case"
"""Why an entry was dismissed, in its decision's trace."""


def keep_for_reviews(*, entries: Sequence[Fresh], watched: Collection[int], moment: datetime) -> list[Fresh]:
    """Those of ``entries`` that are decided now; the others wait while a case is open about their residents.

    ``watched``: residents whom open cases name, their wallets locked. One query, and only where there is somebody.
    """
    kinds = risk_queries.kinds_waiting(watched)
    waiting = {entry.id: case for entry in entries if (case := kinds.get((entry.resident, entry.kind))) is not None}
    if waiting:
        chronicle.hold_back(entries=list(waiting), moment=moment)
        risk.note_waiting(entries=waiting)
    return [entry for entry in entries if entry.id not in waiting]


def decide_case(*, actor: Staff, case: int, outcome: Outcome, reason: str, moment: datetime) -> Closed:
    """Release or void a case, and decide what waited because of it. Opens its transaction.

    Released: the waiting entries are decided by the rules of their day, in their order. Voided: they are dismissed and
    the resident reads why. Raises ``risk.commands.UnableToDecide`` and ``identity.commands.UnableToAct``.
    """

    def once() -> Closed:
        with db.opening():
            closed = risk.close_case(actor=actor, case=case, outcome=outcome, reason=reason, moment=moment)
            _let_go(closed, moment)
            return closed

    return db.retrying(once)


def release_lapsed_cases(*, moment: datetime) -> int:
    """Release the cases nobody decided in time; how many. Each in a transaction of its own."""
    cases = risk_queries.cases_lapsed(moment)
    for case in cases:
        with db.opening():
            _let_go(risk.lapse_case(case=case, moment=moment), moment)
    return len(cases)


def _let_go(closed: Closed, moment: datetime) -> None:
    if closed.outcome == "released":
        chronicle.release_held(entries=closed.waiting)
        return
    taken = chronicle.take_held(entries=closed.waiting)
    Decision.objects.bulk_create(
        Decision(
            entry_id=entry.id,
            book=None,
            outcome=Decision.Outcome.DISMISSED,
            decided_at=moment,
            trace={"why": DISMISSED_BY_CASE, "case": closed.case},
        )
        for entry in taken
    )
    wake_waiting(entries=taken)
