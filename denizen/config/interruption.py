"""Being asked to stop: a signal becomes an exception, so that every ``with`` is left properly."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = (signal.SIGTERM, signal.SIGHUP)


class Terminated(BaseException):
    """Somebody asked this process to end. ``exit_code`` is what a shell expects of it."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"signal {signal_number}")
        self.exit_code = 128 + signal_number


def heed_signals() -> None:
    """From now on SIGTERM and SIGHUP raise ``Terminated`` in the main thread, and SIGINT raises as Ctrl-C does.

    A shell starts what it runs in the background deaf to SIGINT: an explicit one is heeded all the same. A SIGHUP that
    is ignored stays so, for that is what ``nohup`` asks for.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in ASKING:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _raise)


@contextmanager
def undisturbed() -> Iterator[None]:
    """While we clean up, a second request to stop changes nothing: we are stopping."""
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in (*ASKING, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _raise(number: int, _frame: FrameType | None) -> None:
    raise Terminated(number)
