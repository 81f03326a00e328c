"""Silent connections end, asked ones stay as long as their answer goes on."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn

from denizen.config.processes.connections import Patience, allow_many

LOOK = 0.2
Story = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
REQUEST = b"GET / HTTP/1.1\r\nHost: lakeside\r\n\r\n"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patience, "silent_seconds_max", LOOK)


async def pages(_scope: Any, _receive: Any, send: Any) -> None:
    """An answer that takes longer than two looks."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"o", "more_body": True})
    await asyncio.sleep(3 * LOOK)
    await send({"type": "http.response.body", "body": b"k"})


def played(story: Story) -> None:
    """A story with one connection to a server of its own."""

    async def play() -> None:
        config = uvicorn.Config(pages, http=Patience, ws="none", lifespan="off", log_level="critical", port=0)
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        port = server.servers[0].sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await story(reader, writer)
        finally:
            writer.close()
            await server.shutdown()

    asyncio.run(asyncio.wait_for(play(), 20))


def test_who_says_nothing_is_hung_up_on() -> None:
    async def story(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b""

    played(story)


def test_who_says_a_little_at_a_time_is_hung_up_on_too() -> None:
    async def story(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(REQUEST[:-2])
        ended = asyncio.ensure_future(reader.read())
        for _ in range(40):
            await asyncio.sleep(LOOK / 4)
            if ended.done():
                break
            writer.write(b"X-More: a\r\n")
        assert ended.done()

    played(story)


def test_an_answer_that_goes_on_is_not_cut() -> None:
    async def story(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(REQUEST)
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
        assert await reader.read() == b""  # and then, at rest, it ends

    played(story)


def test_a_process_may_open_as_many_files_as_its_account() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, before[1]), before[1]))

    allow_many()

    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (before[1], before[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, before)
