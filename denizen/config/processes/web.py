"""The web process: pages, API and live streams on one port, in one uvicorn."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from types import FrameType
from typing import Any

import uvicorn
from django.utils.module_loading import import_string

from denizen.config.opening import City
from denizen.config.processes.child import run_child
from denizen.config.processes.connections import Patience, allow_many
from denizen.config.processes.port import listen

SOCKET_VARIABLE = "DENIZEN_SOCKET"
LEAVE_SECONDS_MAX = 2


class Server(uvicorn.Server):
    """A server that ends its live streams when asked to stop: one open stream would hold it for ever."""

    def __init__(self, config: uvicorn.Config, streams: Any) -> None:
        super().__init__(config)
        self._streams = streams
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._streams.end_all)
        super().handle_exit(sig, frame)


def serve(_city: City) -> None:
    allow_many()
    config = uvicorn.Config(
        import_string("denizen.config.asgi.application"),
        http=Patience,
        ws="none",
        access_log=False,  # it would write tickets
        log_level="warning",
        timeout_graceful_shutdown=LEAVE_SECONDS_MAX,
        server_header=False,
    )
    Server(config, import_string("denizen.config.asgi.streams")).run(sockets=[_socket()])


def _socket() -> socket.socket:
    """The supervisor's listening socket; a process started alone opens its own."""
    given = os.environ.pop(SOCKET_VARIABLE, "")
    if given:
        return socket.socket(fileno=int(given))
    return listen(os.environ.get("DENIZEN_HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")))


if __name__ == "__main__":
    sys.exit(run_child(serve, pooled=True))
