"""How soon a behaviour is felt: from the request that reports it to the event in an open page, through real processes.

``denizen up`` runs web and worker on the throwaway city. One service reports single entries at an even pace, whether or
not earlier ones were answered; every resident has an open stream. The floor is what the machine and PostgreSQL take by
themselves: a durable INSERT and its NOTIFY, heard by another connection, at the same pace in the same run.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg
from django.conf import settings

from bench.figures import Figure, figure
from bench.mix import BOOK_FROM, raw_entries
from denizen.config.live import TOPIC
from denizen.config.processes.port import listen
from denizen.config.wires import conninfo
from denizen.ground.chronicle.commands import declare_source, issue_service_key, resolve_references, sync_kinds
from denizen.ground.chronicle.kinds import KINDS
from denizen.kit import db
from denizen.kit.home import SECRET_KEY_BYTES, Home
from denizen.kit.tickets import issue_ticket
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

RATE = int(os.environ.get("DENIZEN_BENCH_RATE", "50"))
SECONDS = int(os.environ.get("DENIZEN_BENCH_SECONDS", "20"))
FLOOR_SECONDS = 6
WARM_UP_SECONDS = 3
STREAMS = 100
GOAL_MS = 250
PATIENCE_SECONDS = 20
HOST = "127.0.0.1"


def run() -> list[Figure]:
    token, residents = _found()
    home = Home.find(os.environ)
    port = _free_port()
    up = _bring_up(port)
    try:
        measured = asyncio.run(_measured(port, token, residents))
        floor = asyncio.run(_floor())
        memory = _memory(up.pid, home)
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(PATIENCE_SECONDS)
    return _figures(measured, floor, memory)


class Board:
    """When each resident's entries were sent, and how long it took until their page was told."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[float]] = defaultdict(list)
        self.pushed: list[float] = []
        self.answered: list[float] = []
        self.refused = 0

    def told(self, resident: str) -> None:
        now = time.perf_counter()
        self.pushed += [now - sent for sent in self.waiting.pop(resident, [])]

    def forget(self) -> None:
        self.pushed.clear()
        self.answered.clear()


def _found() -> tuple[str, dict[str, int]]:
    """A city with the reference book, a key for one service, and residents that it knows."""
    sync_kinds()
    publish_first_book(text=reference_book_text(), moment=BOOK_FROM, effective_from=BOOK_FROM)
    source = declare_source(code="app", lateness_seconds_max=None)
    issued = issue_service_key(
        actor="staff:odo", source=source, kinds=KINDS, may_create_residents=True, title="App", now=BOOK_FROM
    )
    with db.opening():
        names = [f"r{number}" for number in range(STREAMS)]
        return issued.token, resolve_references(source=source, refs=names, create=True, now=BOOK_FROM)


def _bring_up(port: int) -> subprocess.Popen[str]:
    # The key that signs tickets is the home's in ``up``; here both processes sign with one of their own.
    settings.SECRET_KEY = secrets.token_urlsafe(SECRET_KEY_BYTES)
    environ = {
        **os.environ, "DENIZEN_API_CALLS_PER_MINUTE": str(RATE * 600), "LANG": "C",
        "DENIZEN_SECRET_KEY": settings.SECRET_KEY, "DENIZEN_LANGUAGE": "en",
    }  # fmt: skip
    command = [sys.executable, "-m", "denizen.config.cli.main", "up", "--no-demo", "--port", str(port)]
    up = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
    assert up.stdout is not None
    for line in up.stdout:
        if "The city is up" in line:
            return up
    raise SystemExit("denizen up did not come up; its words are above")


def _free_port() -> int:
    with listen(HOST, 0) as tried:
        return int(tried.getsockname()[1])


async def _measured(port: int, token: str, residents: dict[str, int]) -> Board:
    board = Board()
    streams = [asyncio.create_task(_listen(port, name, key, board)) for name, key in residents.items()]
    await asyncio.sleep(1)
    service = Service(port, token, board)
    entries = raw_entries(seed=3, residents=STREAMS, entries=RATE * (SECONDS + WARM_UP_SECONDS), streams=1)[0]
    await _paced([service.report(entry, number) for number, entry in enumerate(entries[: RATE * WARM_UP_SECONDS])])
    await _quiet(board)
    board.forget()
    rest = entries[RATE * WARM_UP_SECONDS :]
    await _paced([service.report(entry, number) for number, entry in enumerate(rest, RATE * WARM_UP_SECONDS)])
    await _quiet(board)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return board


async def _paced(works: list[Coroutine[Any, Any, None]]) -> None:
    """Start each work at its moment, whether or not the earlier ones are done (open loop)."""
    began = time.perf_counter()
    tasks = []
    for number, work in enumerate(works):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        tasks.append(asyncio.create_task(work))
    await asyncio.gather(*tasks)


async def _quiet(board: Board) -> None:
    """Wait until every page was told."""
    end = time.perf_counter() + PATIENCE_SECONDS
    while board.waiting and time.perf_counter() < end:
        await asyncio.sleep(0.05)


class Service:
    """A client that keeps its connections."""

    def __init__(self, port: int, token: str, board: Board) -> None:
        self._port, self._token, self._board = port, token, board
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def report(self, entry: dict[str, Any], number: int) -> None:
        name = f"r{number % STREAMS}"
        body = json.dumps({**entry, "resident": name}).encode()
        sent = time.perf_counter()
        self._board.waiting[name].append(sent)
        reader, writer = await self._connection()
        writer.write(
            b"POST /api/v1/chronicle/entries HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (self._token.encode(), len(body), body)
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        self._board.answered.append(time.perf_counter() - sent)
        self._board.refused += not head.startswith(b"HTTP/1.1 201")
        self._idle.append((reader, writer))

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The connection used last, unless the server has closed it for idleness."""
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(HOST, self._port)


async def _listen(port: int, name: str, key: int, board: Board) -> None:
    """An open page."""
    reader, writer = await asyncio.open_connection(HOST, port)
    ticket = issue_ticket(resident=key, topic=TOPIC)
    writer.write(f"GET /live/?ticket={ticket} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    with suppress(asyncio.IncompleteReadError):
        while line := await reader.readline():
            if line.startswith(b"event: change"):
                board.told(name)
    writer.close()


async def _floor() -> list[float]:
    """Seconds from a durable INSERT with its NOTIFY to another connection hearing of it, at the same pace."""
    heard: list[float] = []
    async with (
        await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as listener,
        await psycopg.AsyncConnection.connect(conninfo()) as writer,
    ):
        await writer.execute("CREATE TABLE IF NOT EXISTS bench_live (id bigint, payload jsonb)")
        await writer.commit()
        await listener.execute("LISTEN bench_live")
        waiting = asyncio.create_task(_hear(listener, heard, RATE * FLOOR_SECONDS))
        began = time.perf_counter()
        for number in range(RATE * FLOOR_SECONDS):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            sent = time.perf_counter()
            await writer.execute("INSERT INTO bench_live VALUES (%s, '{}')", (number,))
            await writer.execute("SELECT pg_notify('bench_live', %s)", (str(sent),))
            await writer.commit()
        await asyncio.wait_for(waiting, PATIENCE_SECONDS)
    return heard


async def _hear(listener: psycopg.AsyncConnection[Any], heard: list[float], count: int) -> None:
    async for told in listener.notifies(stop_after=count):
        heard.append(time.perf_counter() - float(told.payload))
        if len(heard) == count:
            return


def _memory(supervisor: int, home: Home) -> dict[str, tuple[float, float]]:
    """RSS and PSS in MB by process of the city; PostgreSQL's are summed."""
    found: dict[str, tuple[float, float]] = {}
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            name = _name_of(each, supervisor, home)
            if name:
                rss, pss = found.get(name, (0.0, 0.0))
                told = dict(line.split(":", 1) for line in (each / "smaps_rollup").read_text().splitlines()[1:])
                found[name] = (rss + _mb(told["Rss"]), pss + _mb(told["Pss"]))
    return found


def _name_of(process: Path, supervisor: int, home: Home) -> str:
    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    if process.name == str(supervisor):
        return "supervisor"
    parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    if parent == supervisor:
        return command.strip().rpartition(".")[2]
    postmaster = (home.postgres / "postmaster.pid").read_text().split("\n", 1)[0]
    return "postgres" if postmaster in (process.name, str(parent)) else ""


def _mb(text: str) -> float:
    return int(text.split()[0]) / 1024


def _figures(board: Board, floor: list[float], memory: dict[str, tuple[float, float]]) -> list[Figure]:
    pushed, answered, bare = _percentiles(board.pushed), _percentiles(board.answered), _percentiles(floor)
    lost = RATE * SECONDS - len(board.pushed)
    figures = [
        figure(f"request to push at {RATE}/s, p50", pushed[0], "ms", floor=bare[0], better="lower"),
        figure(f"request to push at {RATE}/s, p95", pushed[1], "ms", floor=bare[1], better="lower",
               goal=f"< {GOAL_MS} ms", ok=pushed[1] < GOAL_MS),
        figure("request to answer, p50", answered[0], "ms", better="lower"),
        figure("request to answer, p95", answered[1], "ms", better="lower"),
        figure("entries refused or never pushed", lost + board.refused, "entries", better="lower",
               goal="0", ok=lost + board.refused == 0),
        figure("open streams", STREAMS, "streams"),
    ]  # fmt: skip
    for name, (rss, pss) in sorted(memory.items()):
        figures.append(figure(f"memory of {name}, RSS", rss, "MB", better="lower"))
        figures.append(figure(f"memory of {name}, PSS", pss, "MB", better="lower"))
    return figures


def _percentiles(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    cuts = quantiles(seconds, n=100)
    return cuts[49] * 1_000, cuts[94] * 1_000
