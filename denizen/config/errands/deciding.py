"""The worker's loop: decide what is ready, wait to be woken, sweep what is due.

One bad entry never blocks the others: when a batch fails, its entries are decided one by one, and the one that fails is
set aside among the entries that wait for a person (state ``review``), with a line in the log that names it. A person
admits it again once the cause is mended, or dismisses it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections

from denizen.config.errands.sealing import Sealer
from denizen.config.errands.watching import Watcher
from denizen.config.wires import conninfo
from denizen.ground.chronicle.commands import Fresh, set_aside
from denizen.ground.chronicle.commands.record import CHANNEL
from denizen.ground.ledger import commands as ledger
from denizen.insight.central_bank.commands import fill_days
from denizen.kit import db
from denizen.kit.clock import now
from denizen.people.growth import commands as growth
from denizen.people.growth.pipeline import advance, work_off

BATCH = 1_000
WAIT_SECONDS = 1.0
SWEEP_SECONDS = 60
RECONNECT_SECONDS = 0.5
RECONNECT_SECONDS_MAX = 10.0
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
"""What the driver says when the database is gone; entries are not to blame."""

log = logging.getLogger(__name__)


def work_for_ever() -> None:
    """Work until the process is asked to stop; a database that goes away is waited for."""
    pause = RECONNECT_SECONDS
    while True:
        try:
            with psycopg.connect(conninfo(), autocommit=True) as listener:
                listener.execute(f"LISTEN {CHANNEL}")
                pause = RECONNECT_SECONDS
                _work_while_connected(listener)
        except AWAY as refusal:
            log.warning("The worker waits for the database: %s", type(refusal).__name__)
            connections.close_all()
            time.sleep(pause)
            pause = min(2 * pause, RECONNECT_SECONDS_MAX)


def _work_while_connected(listener: psycopg.Connection) -> None:
    swept_at = time.monotonic() - SWEEP_SECONDS
    sealer, watcher = Sealer(), Watcher()
    while True:
        drain()
        if time.monotonic() - swept_at >= SWEEP_SECONDS:
            sweep()
            sealer.sweep(now())
            watcher.look_when_due()
            swept_at = time.monotonic()
        for _ in listener.notifies(timeout=WAIT_SECONDS, stop_after=1):
            pass


def drain(*, tell: bool = True, batch: int = BATCH) -> int:
    """Decide everything that is ready; how many entries were taken from the queue."""
    taken = 0
    while claimed := _decided_batch(tell, batch):
        taken += claimed
    return taken


def _decided_batch(tell: bool, batch: int) -> int:
    try:
        return work_off(limit=batch, moment=now(), tell=tell)
    except AWAY:
        raise
    except Exception as failure:
        log.warning("A batch failed (%s); its entries are decided one by one.", type(failure).__name__)
        return _decided_one_by_one(tell, batch)


def _decided_one_by_one(tell: bool, batch: int) -> int:
    taken = 0
    while taken < batch and decide_one(tell=tell):
        taken += 1
    return taken


def decide_one(*, tell: bool) -> int:
    """Decide the first ready entry, or set it aside when that fails; how many were taken (0: none is ready)."""
    claimed: list[Fresh] = []

    def once() -> None:
        with db.opening():
            claimed[:] = growth.claim(limit=1)
            advance(claimed, moment=now(), tell=tell)

    try:
        db.retrying(once)
    except AWAY:
        raise
    except Exception:
        if not claimed:
            raise
        log.exception("Entry %s cannot be decided; it is set aside for a person.", claimed[0].id)
        with db.opening():
            set_aside(entry_id=claimed[0].id)
    return len(claimed)


def sweep() -> None:
    """Expire points and void holds whose time is over, until nothing is due; once a day, sum the day that is over."""
    _until_none(lambda: ledger.expire_due(moment=now()).lots)
    _until_none(lambda: ledger.lapse_due(moment=now()))
    with db.opening():
        fill_days(zone=settings.CITY_TIME_ZONE, moment=now())


def _until_none(once: Callable[[], int]) -> None:
    while True:
        with db.opening():
            if not once():
                return
