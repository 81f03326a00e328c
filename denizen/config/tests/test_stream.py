"""Bounds of the live streams, and their ends; what they tell is tested on living cities."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.core import signing

from denizen.config import stream as module
from denizen.config.live import SIGNED_OUT, TOPIC
from denizen.config.stream import CLOSE, RESYNC, STREAMS_OF_RESIDENT_MAX, Streams
from denizen.kit import tickets
from denizen.kit.tickets import issue_ticket

ADA, BEN = 1_001, 1_002


class Told:
    """What one caller of the stream is answered."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""
        self.ended = False

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body += message["body"]
            self.ended = not message.get("more_body", False)


async def staying() -> Any:
    """A client that never leaves."""
    await asyncio.sleep(60)


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Streams:
    """Streams that count nothing, so that no database is asked."""
    made = Streams("")

    async def nothing(_residents: Any) -> dict[int, int]:
        return {}

    monkeypatch.setattr(made, "_counts", nothing)
    return made


def called(resident: int = ADA, *, ticket: str | None = None, more: str = "", topic: str = TOPIC) -> dict[str, Any]:
    words = issue_ticket(resident=resident, topic=topic) if ticket is None else ticket
    return {"type": "http", "method": "GET", "query_string": f"ticket={words}{more}".encode(), "headers": []}


async def opened(streams: Streams, scope: dict[str, Any]) -> tuple[Told, asyncio.Task[None]]:
    told = Told()
    task = asyncio.create_task(streams(scope, staying, told.send))
    await asyncio.sleep(0.01)
    return told, task


async def left(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_a_resident_has_a_few_streams_at_once_and_the_oldest_gives_way(streams: Streams) -> None:
    async def story() -> None:
        ben, bens = await opened(streams, called(BEN))
        hers = [await opened(streams, called()) for _ in range(STREAMS_OF_RESIDENT_MAX + 1)]

        assert CLOSE in hers[0][0].body
        assert hers[0][0].ended
        assert not any(told.ended for told, _ in hers[1:])
        assert not ben.ended
        await left(bens, *(task for _, task in hers))

    asyncio.run(story())


def test_a_full_city_asks_to_come_back_later_and_takes_in_who_comes_when_somebody_left(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STREAMS_MAX", 1)

    async def story() -> None:
        ada, hers = await opened(streams, called())
        refused, _ = await opened(streams, called(BEN))
        assert (ada.status, refused.status, refused.headers[b"retry-after"]) == (200, 503, b"30")

        await left(hers)
        welcome, bens = await opened(streams, called(BEN))
        assert welcome.status == 200
        await left(bens)

    asyncio.run(story())


def test_who_signs_out_loses_the_streams_of_all_devices_until_they_show_a_new_ticket(streams: Streams) -> None:
    async def story() -> None:
        ada, hers = await opened(streams, called())
        ben, bens = await opened(streams, called(BEN))

        await streams._tell(f"{SIGNED_OUT}{ADA}")
        await asyncio.sleep(0.01)

        assert (RESYNC in ada.body, ada.ended, ben.ended) == (True, True, False)
        await left(hers, bens)

    asyncio.run(story())


@pytest.mark.parametrize("payload", ["", ",", "1001;DROP", "1e3", "-", "-x", "9" * 5_000, "１００１", "\x00"])
def test_no_words_on_the_channel_silence_the_streams(streams: Streams, payload: str) -> None:
    async def story() -> None:
        ada, hers = await opened(streams, called())
        await streams._tell(payload)
        assert not ada.ended
        await left(hers)

    asyncio.run(story())


def test_an_endless_count_is_no_count(streams: Streams) -> None:
    async def story() -> None:
        told, task = await opened(streams, called(more="&last=" + "9" * 5_000))
        assert told.status == 200
        assert not task.done()
        await left(task)

    asyncio.run(story())


def test_every_answer_forbids_guessing_and_keeping(streams: Streams) -> None:
    async def story() -> None:
        told, task = await opened(streams, called())
        refused, _ = await opened(streams, called(ticket="forged"))
        for answer in (told, refused):
            assert answer.headers[b"x-content-type-options"] == b"nosniff"
            assert answer.headers[b"cache-control"] == b"no-store"
            assert b"default-src 'none'" in answer.headers[b"content-security-policy"]
        await left(task)

    asyncio.run(story())


def test_a_ticket_opens_one_stream_of_one_topic_within_a_minute(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def status(**words: Any) -> int:
        told, task = await opened(streams, called(**words))
        await left(task)
        return told.status

    async def story() -> None:
        ticket = issue_ticket(resident=ADA, topic=TOPIC)
        assert [await status(ticket=ticket), await status(ticket=ticket)] == [200, 401]
        assert await status(topic="another") == 401
        elsewhere = signing.dumps([ADA, TOPIC, "number"], salt="another purpose of the same key")
        assert await status(ticket=elsewhere) == 401
        late = issue_ticket(resident=ADA, topic=TOPIC)
        monkeypatch.setattr(tickets, "SECONDS_MAX", -1)
        assert await status(ticket=late) == 401

    asyncio.run(story())
