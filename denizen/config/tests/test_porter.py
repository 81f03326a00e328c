"""Taking calls in whole, and refusing those that are slow, large or left."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from denizen.config.porter import ALL_BYTES_MAX, Message, Porter, Receive, Send

SCOPE = {"type": "http", "headers": [(b"host", b"lakeside"), (b"x_forwarded_proto", b"https")]}


class Pages:
    """An application that remembers what it was asked."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[Any] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        message = await receive()
        self.bodies.append(message["body"])
        self.headers = scope["headers"]
        await send({"type": "http.response.start", "status": 200, "headers": []})


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def taken(porter: Porter, messages: Sequence[Message], *, then_wait: bool = False) -> list[int]:
    """Let a call with these messages in; the statuses that were answered."""
    waiting = list(messages)
    statuses: list[int] = []

    async def receive() -> Message:
        if not waiting and then_wait:
            await asyncio.sleep(60)
        return waiting.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    asyncio.run(porter(dict(SCOPE), receive, send))
    return statuses


def test_it_hands_over_a_body_in_one_piece() -> None:
    pages = Pages()

    statuses = taken(Porter(pages, bytes_max=100), [part(b"amount=", more=True), part(b"10")])

    assert (statuses, pages.bodies) == ([200], [b"amount=10"])


def test_it_refuses_a_body_that_comes_too_slowly() -> None:
    pages = Pages()

    porter = Porter(pages, bytes_max=100, seconds_max=0.05)

    assert taken(porter, [part(b"amount=", more=True)], then_wait=True) == [408]
    assert pages.bodies == []


def test_it_refuses_a_body_that_is_too_large() -> None:
    pages = Pages()

    statuses = taken(Porter(pages, bytes_max=4), [part(b"123", more=True), part(b"45", more=True)])

    assert (statuses, pages.bodies) == ([413], [])


def test_it_never_begins_a_call_whose_sender_left_half_way() -> None:
    pages = Pages()

    statuses = taken(Porter(pages, bytes_max=100), [part(b"amount=10", more=True), {"type": "http.disconnect"}])

    assert (statuses, pages.bodies) == ([], [])


def test_it_refuses_large_bodies_while_all_together_hold_too_much_and_still_takes_forms() -> None:
    pages = Pages()
    porter = Porter(pages, bytes_max=2 * ALL_BYTES_MAX)
    porter._held = ALL_BYTES_MAX

    assert taken(porter, [part(b"." * 70_000)]) == [503]
    assert taken(porter, [part(b"amount=10")]) == [200]
    assert porter._held == ALL_BYTES_MAX


def test_it_drops_headers_that_look_like_those_a_proxy_sets() -> None:
    pages = Pages()

    taken(Porter(pages, bytes_max=100), [part(b"")])

    assert pages.headers == [(b"host", b"lakeside")]
