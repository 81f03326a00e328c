"""Checking in: a resident says that he is here today."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from denizen.ground.chronicle.commands import Recorded, app_source, record_one
from denizen.ground.chronicle.kinds import community
from denizen.kit import db


def check_in(*, resident: int, moment: datetime) -> Recorded:
    """Record that ``resident`` (his key) checked in at ``moment``; the worker decides it as soon as it is committed.

    Once for each day of the city's time zone: again on the same day answers ``exists`` and changes nothing.
    Opens its transaction. Rows B-08, B-50.
    """
    day = moment.astimezone(ZoneInfo(settings.CITY_TIME_ZONE)).date()
    with db.opening():
        answer = record_one(
            kind_object=community.CheckedIn(),
            resident=resident,
            occurred_at=moment,
            external_id=f"check-in:{day.isoformat()}:{resident}",
            source=app_source(),
            now=moment,
        )
    if answer.status == "conflict":  # the same day at another moment: he is here already
        return Recorded("exists", answer.entry_id)
    return answer
