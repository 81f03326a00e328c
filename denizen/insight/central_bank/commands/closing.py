"""Closing a month for finance: a statement that never changes."""

from __future__ import annotations

from datetime import date, datetime

from denizen.ground.identity.commands import note_act
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.insight.central_bank.commands.acting import acting_for
from denizen.insight.central_bank.models import MonthClose
from denizen.insight.central_bank.queries.assumptions import assumption_now
from denizen.insight.central_bank.queries.closes import digest_of, next_to_close, statement
from denizen.insight.central_bank.queries.scope import Clocks
from denizen.insight.central_bank.rules import months_on
from denizen.kit import db
from denizen.kit.explained import Explained

CLOSE_LOCK_SQL = "SELECT pg_advisory_xact_lock(hashtextextended('central bank close', 0))"


class UnableToClose(Explained):
    """The month is not over, is closed already, or another one comes first."""

    sentences = {
        "order": {
            "en": "Months are closed one after another, each when it is over: {expected} comes next.",
            "zh": "月份须依次在结束后结账：下一个是 {expected}。",
        },
        "nothing": {
            "en": "There is no month to close yet.",
            "zh": "目前没有可结账的月份。",
        },
    }


def close_month(*, actor: Staff, month: date, zone: str, moment: datetime) -> MonthClose:
    """Freeze the statement of ``month`` (its first day) with everything recorded before its end.

    What comes later stands in a later month. Needs the permit ``bank.close`` and an open transaction. Raises
    ``UnableToClose``, ``UnableToAct``.
    """
    db.required()
    department = acting_for(actor, Permission.BANK_CLOSE, moment)
    db.fetch(CLOSE_LOCK_SQL)
    clocks = Clocks(zone, moment)
    expected = next_to_close(clocks)
    if expected is None:
        raise UnableToClose("nothing")
    if month != expected:
        raise UnableToClose("order", expected=f"{expected:%Y-%m}")
    assumption = assumption_now()
    lines = statement(month, clocks, assumption)
    close = MonthClose.objects.create(
        month=month, known_until=clocks.midnight(months_on(month, 1)), lines=lines, digest=digest_of(month, lines),
        assumption=assumption, staff=actor, department=department, closed_at=moment,
    )  # fmt: skip
    note_act(
        actor=actor, act="month.closed", subject_kind="month", subject_id=f"{month:%Y-%m}",
        details={"digest": close.digest}, moment=moment,
    )  # fmt: skip
    return close
