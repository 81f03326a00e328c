"""Connections of the web process: as many as the machine allows, and none for who asks nothing."""

from __future__ import annotations

import asyncio
import resource
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

SILENT_SECONDS_MAX = 15
"""How long a request may take to be asked; its body and its answer have bounds of their own."""


class Patience(H11Protocol):
    """Ends a connection on which no whole request arrives: a thousand silent ones would leave no room for others."""

    silent_seconds_max: float = SILENT_SECONDS_MAX

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._answered: Any = None
        self._look_later()

    def _look_later(self) -> None:
        self._look = self.loop.call_later(self.silent_seconds_max, self._end_if_silent)

    def _end_if_silent(self) -> None:
        """Between two looks there must have been a request, or one must be in progress."""
        at_rest = self.cycle is None or self.cycle.response_complete
        if at_rest and self.cycle is self._answered:
            self.transport.close()
            return
        self._answered = self.cycle
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        self._look.cancel()
        super().connection_lost(exc)


def allow_many() -> None:
    """Raise the number of open files to what this account may have; systems begin with about a thousand."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
