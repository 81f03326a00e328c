"""Sealing the journal: what the worker does between two batches, and what ``denizen seal`` does at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from denizen.config.reference_city.milestones import is_underway
from denizen.config.speech import tell, warn
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger import queries
from denizen.kit import db
from denizen.kit.clock import now

SEAL_EVERY = timedelta(minutes=10)
"""Assumed: how old the last seal is before a block that is not full is sealed. A full block is never waited for."""

SEAL_ROWS_WAITING = 4_096
SETTLE_SECONDS_MAX = 30.0
ASK_SECONDS = 0.05

log = logging.getLogger(__name__)


class Sealer:
    """The worker's part: each sweep seals what is settled, and remembers what is not yet for the next one."""

    def __init__(self) -> None:
        self._noted: ledger.Horizon | None = None
        self._differing = ""

    def sweep(self, moment: datetime) -> None:
        """Seal what is due and settled; close days that are over; bring the roots file up to date."""
        if is_underway():
            return  # the invented past is not over yet
        if self._noted is not None and ledger.is_settled(self._noted):
            seal_up_to(self._noted, moment=moment)
            self._noted = None
        if self._noted is None and is_due(moment):
            noted = ledger.horizon()
            if ledger.is_settled(noted):
                seal_up_to(noted, moment=moment)
            else:
                self._noted = noted
        close_and_publish(self._complain, moment=moment)

    def _complain(self, sentence: str) -> None:
        """Once for each complaint: a sweep comes every minute."""
        if sentence != self._differing:
            log.error("%s", sentence)
        self._differing = sentence


def is_due(moment: datetime) -> bool:
    """Whether enough waits to be sealed, or something has waited for long enough."""
    so_far = queries.sealed_so_far()
    if not so_far.waiting:
        return False
    rested = so_far.sealed_at is None or not so_far.sealed_at <= moment < so_far.sealed_at + SEAL_EVERY
    return rested or so_far.waiting >= SEAL_ROWS_WAITING


def seal_up_to(noted: ledger.Horizon, *, moment: datetime) -> int:
    """Seal everything up to a settled horizon, block by block, as of ``moment``; how many postings."""
    sealed = 0
    while True:
        with db.opening():
            count = ledger.seal_next(up_to=noted.last_id, moment=moment, time_zone=settings.CITY_TIME_ZONE)
        if not count:
            return sealed
        sealed += count


def close_and_publish(complain: Callable[[str], None], *, moment: datetime) -> int:
    """Close the days that are over and append them to the roots file; how many lines were appended."""
    with db.opening():
        ledger.close_days(moment=moment, time_zone=settings.CITY_TIME_ZONE)
    try:
        written = ledger.publish_roots(folder=settings.ROOTS_FOLDER)
    except ledger.UnableToPublishRoots as refusal:
        complain(str(refusal))
        return 0
    except OSError as refusal:
        complain(f"The roots file in {settings.ROOTS_FOLDER} cannot be written ({refusal.strerror or refusal}).")
        return 0
    complain("")
    return written


def seal() -> int:
    """``denizen seal``: everything that is settled, now. Exit code 1 when something could not be done."""
    before = queries.sealed_so_far().total
    noted = ledger.horizon()
    settled = _waited_for(noted)
    if settled:
        seal_up_to(noted, moment=now())
    complaints: list[str] = []
    lines = close_and_publish(complaints.append, moment=now())
    after = queries.sealed_so_far()
    tell(
        f"{after.total - before} postings sealed, {after.total} in all, in {after.number} seals; {lines} days closed.",
        f"新封存 {after.total - before} 条流水，累计 {after.total} 条、{after.number} 个封印；新增 {lines} 日的根。",
    )
    if not settled:
        warn("Somebody still writes; try again in a moment.", "仍有写入尚未结束，请稍后再试。")
    for complaint in filter(None, complaints):
        warn(complaint, complaint)
    return 0 if settled and not any(complaints) else 1


def _waited_for(noted: ledger.Horizon) -> bool:
    until = time.monotonic() + SETTLE_SECONDS_MAX
    while not ledger.is_settled(noted):
        if time.monotonic() > until:
            return False
        time.sleep(ASK_SECONDS)
    return True
