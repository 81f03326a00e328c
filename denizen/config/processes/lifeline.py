"""The lifeline: a pipe whose other end only the supervisor holds. When it breaks, the child ends too."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import MutableMapping

VARIABLE = "DENIZEN_LIFELINE"
LEAVE_SECONDS_MAX = 30


def follow_supervisor(environ: MutableMapping[str, str] = os.environ) -> None:
    """End this process soon after its supervisor, even if that was killed. A process started alone lives on."""
    number = environ.pop(VARIABLE, "")
    if number:
        threading.Thread(target=_follow, args=(int(number),), name="lifeline", daemon=True).start()


def _follow(lifeline: int) -> None:
    while os.read(lifeline, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LEAVE_SECONDS_MAX)
    os._exit(1)
