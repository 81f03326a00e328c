"""Being asked to stop: a signal becomes an exception, so that every ``with`` is left properly."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Terminated(BaseException):
    """Somebody asked this process to end. ``exit_code`` is what a shell expects of it."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"signal {signal_number}")
        self.exit_code = 128 + signal_number


def heed_signals() -> None:
    """From now on Ctrl-C, SIGTERM and SIGHUP raise ``Terminated`` in the main thread.

    Ctrl-C too, and not ``KeyboardInterrupt``: when that passes through an ``exec`` of a string (as under every
    dataclass that is being imported), the interpreter remembers it and dies of SIGINT at its end, however well it was
    caught. A shell starts what it runs in the background deaf to SIGINT: an explicit one is heeded all the same. A
    SIGHUP that is ignored stays so, for that is what ``nohup`` asks for.
    """
    for number in ASKING:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _raise)


@contextmanager
def undisturbed() -> Iterator[None]:
    """While we clean up, a second request to stop changes nothing: we are stopping."""
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in ASKING}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _raise(number: int, _frame: FrameType | None) -> None:
    raise Terminated(number)
