"""The live stream: server-sent events, nothing else. Pure ASGI, because Django would give every stream a thread.

``GET /live/?ticket=…`` opens the stream of one resident; a ticket is good for one stream. Events: ``change`` (something
was decided or posted for the resident; look again), ``resync`` (you were too slow, or somebody signed out: fetch a
ticket and open a new stream), ``close`` (do not come back). A resident has a few streams at once and a city a bounded
number, so that nobody can use up its connections.
The ``id`` of an event counts decisions and postings of the resident, both append-only, so it only grows: whoever comes
back with ``Last-Event-ID`` (or ``?last=``) below the present count is told at once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import psycopg

from denizen.config.live import SIGNED_OUT, TOPIC
from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, SLOTS
from denizen.kit.tickets import SECONDS_MAX, Ticket, UnableToAdmitTicket, read_ticket
from denizen.people.growth.pipeline import LIVE_CHANNEL

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PING_SECONDS = 25
EVENTS_WAITING_MAX = 16
RECONNECT_SECONDS = 1
COUNT_SECONDS_MAX = 5
PING = b": ping\n\n"
CLOSE = b"event: close\ndata:\n\n"
RESYNC = b"event: resync\ndata:\n\n"
STREAMS_OF_RESIDENT_MAX = 8
STREAMS_MAX = 10_000
BUSY_SECONDS = 30
SAFE = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
]
"""What every answer carries; a ticket stands in the address, so the address is told to nobody."""

HEADERS = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no"), *SAFE]
LONGEST_COUNT = 18
"""Digits of a count that a client may say it knows."""

COUNT_SQL = f"""
SELECT r, (SELECT count(*) FROM chronicle_entry e JOIN growth_decision d ON d.entry_id = e.id WHERE e.resident_id = r)
  + (SELECT count(*) FROM ledger_posting
     WHERE credit_id BETWEEN r * {SLOTS} AND r * {SLOTS} + {SLOTS - 1} AND credit_id >= {RESIDENT_ACCOUNT_MIN})
  + (SELECT count(*) FROM ledger_posting
     WHERE debit_id BETWEEN r * {SLOTS} AND r * {SLOTS} + {SLOTS - 1} AND debit_id >= {RESIDENT_ACCOUNT_MIN})
FROM unnest(%s::bigint[]) AS r
"""

log = logging.getLogger(__name__)


def change(count: int | None) -> bytes:
    """The event that something changed; without an id where the count is not known."""
    told = b"" if count is None else b"id: %d\n" % count
    return told + b"event: change\ndata: {}\n\n"


@dataclass(eq=False, slots=True)
class Client:
    """One open stream. ``waiting`` is bounded: who does not keep up is told to open a new stream."""

    resident: int
    ended: bool = False
    waiting: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(EVENTS_WAITING_MAX))

    def push(self, event: bytes) -> None:
        if self.ended:
            return
        if self.waiting.full():
            self._drop_all()
            event = RESYNC
        self.waiting.put_nowait(event)

    def end(self, event: bytes = CLOSE) -> None:
        """Tell ``event`` (CLOSE, or RESYNC to who may come back with a new ticket) as the last one."""
        if self.ended:
            return
        self._drop_all()
        self.push(event)
        self.ended = True

    def _drop_all(self) -> None:
        while not self.waiting.empty():
            self.waiting.get_nowait()


class Streams:
    """All open streams of this process, and the one connection that hears of changes."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._clients: dict[int, dict[Client, None]] = {}  # in order of opening
        self._used: dict[str, float] = {}
        self._open = 0
        self._asking = asyncio.Lock()
        self._asked: psycopg.AsyncConnection[Any] | None = None

    async def lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        listening = asyncio.create_task(self._listen())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.end_all()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await self._let_go()
        await send({"type": "lifespan.shutdown.complete"})

    def end_all(self) -> None:
        """End every stream: an open one would keep a server from shutting down."""
        for client in [client for clients in self._clients.values() for client in clients]:
            client.end()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _answer(send, 405)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        ticket = self._admitted(asked.get("ticket", [""])[0])
        if ticket is None:
            await _answer(send, 401)
            return
        if self._open >= STREAMS_MAX:
            await _answer(send, 503, (b"retry-after", b"%d" % BUSY_SECONDS))
            return
        headers = dict(scope["headers"])
        last = headers.get(b"last-event-id", b"").decode("latin-1") or asked.get("last", [""])[0]
        client = self._welcomed(ticket.resident)
        watching = asyncio.create_task(_watch(receive, client))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send(_part(await self._greeting(client.resident, last)))
            await _pass_on(client, send)
        finally:
            watching.cancel()
            self._forget(client)

    def _admitted(self, words: str) -> Ticket | None:
        """The ticket of these words, unless they are no ticket or opened a stream before."""
        try:
            ticket = read_ticket(words, topic=TOPIC)
        except UnableToAdmitTicket:
            return None
        now = time.monotonic()
        self._used = {number: until for number, until in self._used.items() if until > now}
        if ticket.number in self._used:
            return None
        self._used[ticket.number] = now + SECONDS_MAX + 1
        return ticket

    def _welcomed(self, resident: int) -> Client:
        """A new stream of the resident; the oldest one ends where he has too many."""
        client = Client(resident)
        theirs = self._clients.setdefault(resident, {})
        theirs[client] = None
        self._open += 1
        running = [each for each in theirs if not each.ended]
        for oldest in running[: max(0, len(running) - STREAMS_OF_RESIDENT_MAX)]:
            oldest.end()
        return client

    async def _greeting(self, resident: int, last: str) -> bytes:
        """Where the count stands; and that something changed, when the client knows less."""
        count = (await self._counts([resident])).get(resident)
        if last.isdecimal() and len(last) <= LONGEST_COUNT and (count is None or int(last) < count):
            return change(count)
        return PING if count is None else b"id: %d\n\n" % count

    def _forget(self, client: Client) -> None:
        others = self._clients.get(client.resident, {})
        others.pop(client, None)
        self._open -= 1
        if not others:
            self._clients.pop(client.resident, None)

    async def _listen(self) -> None:
        """Hear of changes for as long as the process lives. Whatever was missed meanwhile may have been a change."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {LIVE_CHANNEL}")
                    self._tell_everybody()
                    async for heard in connection.notifies():
                        await self._tell(heard.payload)
            except psycopg.Error as refusal:
                log.warning("The live stream waits for the database: %s", type(refusal).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _tell(self, payload: str) -> None:
        if payload == "*":
            self._tell_everybody()
            return
        if payload.startswith(SIGNED_OUT):
            for client in self._clients.get(_key(payload.removeprefix(SIGNED_OUT)), ()):
                client.end(RESYNC)
            return
        here = [resident for resident in map(_key, payload.split(",")) if resident in self._clients]
        if here:
            counts = await self._counts(here)
            for resident in here:
                for client in self._clients.get(resident, ()):
                    client.push(change(counts.get(resident)))

    def _tell_everybody(self) -> None:
        for clients in self._clients.values():
            for client in clients:
                client.push(change(None))

    async def _counts(self, residents: Iterable[int]) -> dict[int, int]:
        """What has been decided and posted so far, by resident; nothing while the database is away."""
        async with self._asking:
            try:
                async with asyncio.timeout(COUNT_SECONDS_MAX):
                    if self._asked is None:
                        self._asked = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
                    cursor = await self._asked.execute(COUNT_SQL, (list(residents),))
                    return dict(await cursor.fetchall())
            except (psycopg.Error, TimeoutError):
                await self._let_go()
                return {}

    async def _let_go(self) -> None:
        if self._asked is not None:
            with suppress(psycopg.Error):
                await self._asked.close()
            self._asked = None


async def _pass_on(client: Client, send: Send) -> None:
    while True:
        try:
            async with asyncio.timeout(PING_SECONDS):
                event = await client.waiting.get()
        except TimeoutError:
            event = PING
        last = client.ended and client.waiting.empty()
        await send(_part(event, more=not last))
        if last:
            return


async def _watch(receive: Receive, client: Client) -> None:
    """End the stream when its client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    client.end()


def _key(words: str) -> int:
    """A resident's key, 0 for what is none: whoever else may speak to this database must not silence the streams."""
    return int(words) if words.isdecimal() and len(words) <= LONGEST_COUNT else 0


async def _answer(send: Send, status: int, *more: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*SAFE, *more]})
    await send(_part(b"", more=False))


def _part(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}
