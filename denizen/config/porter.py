"""The porter: takes a call in whole before it costs one of the few threads that Django's pages run in.

A slow sender would otherwise hold a thread for as long as it likes, and a handful of them the whole city. A body that
comes too slowly, or that is too large, is refused here; a call whose sender leaves half-way is never begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

SECONDS_MAX = 60
ALL_BYTES_MAX = 256 * 1024 * 1024
"""What all bodies on their way in may hold together."""

SMALL_BYTES = 64 * 1024
"""A body of a form: always taken in, so that large senders cannot keep people out."""


class UnableToTakeIn(Exception):
    """The body is too slow, too large, or too much beside the others. ``status``: what to answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class SenderLeft(Exception):
    """The connection ended before the body did."""


class Porter:
    """An ASGI application before another. ``bytes_max``: the largest body; ``seconds_max``: how long it may take."""

    def __init__(self, application: Application, *, bytes_max: int, seconds_max: float = SECONDS_MAX) -> None:
        self._application = application
        self._bytes_max = bytes_max
        self._seconds_max = seconds_max
        self._held = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            body = await self._body(receive)
        except UnableToTakeIn as refusal:
            await _refuse(send, refusal.status)
            return
        except SenderLeft:
            return
        await self._application(_without_doubles(scope), _again(body, receive), send)

    async def _body(self, receive: Receive) -> bytes:
        """The whole body; what it holds is counted while it is on its way."""
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._seconds_max):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise SenderLeft
                    part = message.get("body", b"")
                    size += len(part)
                    self._held += len(part)
                    self._refuse_much(size)
                    parts.append(part)
                    more = message.get("more_body", False)
        except TimeoutError:
            raise UnableToTakeIn(408) from None
        finally:
            self._held -= size
        return b"".join(parts)

    def _refuse_much(self, size: int) -> None:
        if size > self._bytes_max:
            raise UnableToTakeIn(413)
        if size > SMALL_BYTES and self._held > ALL_BYTES_MAX:
            raise UnableToTakeIn(503)


def _without_doubles(scope: Message) -> Message:
    """Headers with an underscore are dropped: WSGI cannot tell ``X_Real`` from ``X-Real``; proxies mind one only."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if b"_" not in name]}


def _again(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then whatever else the connection says."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return messages.pop() if messages else await receive()

    return received


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
