"""Looking for what may be abuse: beside the deciding of entries, seldom, and never in its way."""

from __future__ import annotations

import logging
import time

from django.db import InterfaceError, OperationalError

from denizen.kit.clock import now
from denizen.people.growth import commands as growth
from denizen.people.risk import commands as risk

LOOK_SECONDS = 600
"""Assumed: signs of abuse are looked for every ten minutes; cases wait for days."""

log = logging.getLogger(__name__)


class Watcher:
    """The worker's part: it looks every ten minutes, the first time ten minutes after it came."""

    def __init__(self) -> None:
        self._looked_at = time.monotonic()

    def look_when_due(self) -> None:
        """A look that fails is told in the log and tried again; entries are decided meanwhile."""
        if time.monotonic() - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = time.monotonic()
        try:
            look()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("The look for abuse failed; it is tried again in ten minutes.")


def look() -> None:
    """Find signals, open cases, and release the cases whose time is over."""
    moment = now()
    risk.sweep(moment=moment)
    lapsed = growth.release_lapsed_cases(moment=moment)
    if lapsed:
        log.warning("%s cases were released because nobody decided them in time.", lapsed)
