"""Do the jobs that were put down, until asked to stop; a database that goes away is waited for."""

from __future__ import annotations

import logging
import time

import psycopg
from django.db import InterfaceError, OperationalError, connections

from denizen.kit import queue

RECONNECT_SECONDS = 0.5
RECONNECT_SECONDS_MAX = 10.0
AWAY = (OperationalError, InterfaceError, psycopg.Error)

log = logging.getLogger(__name__)


def work_for_ever() -> None:
    pause = RECONNECT_SECONDS
    while not queue.leaving():
        began = time.monotonic()
        try:
            queue.work_off()
        except (*AWAY, *queue.AWAY) as refusal:
            log.warning("The jobs process waits for the database: %s", type(refusal).__name__)
        connections.close_all()
        if queue.leaving():
            return
        pause = RECONNECT_SECONDS if time.monotonic() - began > RECONNECT_SECONDS_MAX else pause
        time.sleep(pause)
        pause = min(2 * pause, RECONNECT_SECONDS_MAX)
