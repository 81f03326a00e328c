"""Real processes on homes of their own: what ``denizen`` is to somebody at a terminal."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import override_settings

from denizen.config.live import TOPIC
from denizen.kit.testing import temporary_folder
from denizen.kit.tickets import issue_ticket

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30
DENIZEN = [sys.executable, "-m", "denizen.config.cli.main"]


def until(happens: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
    """What ``happens`` gives once it is true; a failure when that takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := happens():
            return found
        time.sleep(0.05)
    raise AssertionError(f"this did not happen within {seconds} s")


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@dataclass
class Town:
    """A home, and what tests do to it from outside."""

    home: Path
    token: str = ""
    residents: dict[str, int] = field(default_factory=dict)
    port: int = 0
    up: subprocess.Popen[str] | None = None
    opened: list[Any] = field(default_factory=list)

    def environ(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DENIZEN_", "DATABASE_URL"))}
        path = os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
        return {**kept, "PYTHONPATH": path, "DENIZEN_HOME": str(self.home), "LANG": "C", "LC_ALL": "C", **more}

    def run(self, *arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
        """A command to its end."""
        return subprocess.run(
            [*DENIZEN, *map(str, arguments)],
            env=self.environ(**environ), capture_output=True, text=True, timeout=2 * PATIENCE_SECONDS, check=False,
        )  # fmt: skip

    def begin(self, *arguments: str | Path, **environ: str) -> subprocess.Popen[str]:
        """A command that goes on."""
        begun = subprocess.Popen(
            [*DENIZEN, *map(str, arguments)],
            env=self.environ(**environ), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.opened.append(begun.stdout)
        return begun

    def bring_up(self, *arguments: str) -> None:
        """``denizen up``, and wait until it says that it is."""
        self.port = free_port()
        self.up = self.begin("up", "--port", str(self.port), *(arguments or ("--no-demo",)))
        assert self.up.stdout is not None
        heard = []
        for line in self.up.stdout:
            heard.append(line)
            if "The city is up" in line:
                return
        raise AssertionError("".join(heard))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def report(self, entries: Sequence[dict[str, Any]]) -> int:
        """Send entries as the app's service; the status."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return self.call("POST", "/api/v1/chronicle/entries", list(entries), **headers)[0]

    def ticket(self, name: str) -> str:
        with override_settings(SECRET_KEY=(self.home / "secrets" / "secret_key").read_text().strip()):
            return issue_ticket(resident=self.residents[name], topic=TOPIC)

    def stream(self, name: str, **headers: str) -> http.client.HTTPResponse:
        return self.stream_with(self.ticket(name), **headers)

    def stream_with(self, ticket: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", f"/live/?ticket={ticket}", headers=headers)
        answer = connection.getresponse()
        self.opened += [answer, connection]
        return answer

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        conninfo = f"host={self.home / 'run' / 'socket'} port=5432 dbname=denizen user=denizen"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            cursor = connection.execute(sql)  # type: ignore[call-overload]
            return list(cursor.fetchall()) if cursor.description else []

    def decided_all(self) -> bool:
        return self.ask("SELECT count(*) FROM chronicle_undecided") == [(0,)]

    def processes(self) -> dict[int, str]:
        """Every living process of this home: number and command line."""
        found = {}
        for each in Path("/proc").iterdir():
            if not each.name.isdigit() or int(each.name) == os.getpid():
                continue
            with suppress(OSError):
                command = (each / "cmdline").read_bytes()
                told = command + (each / "environ").read_bytes()
                if command and str(self.home).encode() in told:
                    found[int(each.name)] = command.replace(b"\0", b" ").decode(errors="replace").strip()
        return found

    def process(self, part: str) -> int:
        """The process whose command line has ``part``."""
        return int(until(lambda: next((number for number, line in self.processes().items() if part in line), 0)))

    def kill(self, part: str) -> int:
        number = self.process(part)
        os.kill(number, signal.SIGKILL)
        return number

    def close(self) -> None:
        """End whatever a failing test left behind."""
        for each in self.opened:
            each.close()
        if self.up is not None and self.up.poll() is None:
            self.up.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.up.wait(10)
        for number in self.processes():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        if self.up is not None:
            self.up.wait(10)


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def founded() -> Iterator[Town]:
    """A city founded once; tests live in copies of it."""
    with temporary_folder() as folder:
        town = Town(folder / "home")
        told = subprocess.run(
            [sys.executable, "-m", "tests.processes.founding"],
            env=town.environ(), capture_output=True, text=True, check=True, cwd=REPOSITORY,
        )  # fmt: skip
        known = json.loads(told.stdout)
        yield Town(town.home, known["token"], known["residents"])


@pytest.fixture
def towns(founded: Town, folder: Path) -> Iterator[Callable[[str], Town]]:
    """``towns("name")``: a city of its own, as it was founded."""
    made: list[Town] = []

    def town(name: str) -> Town:
        home = folder / name
        subprocess.run(["cp", "-a", founded.home, home], check=True)
        made.append(Town(home, founded.token, founded.residents))
        return made[-1]

    yield town
    for each in made:
        each.close()


@pytest.fixture
def town(towns: Callable[[str], Town]) -> Town:
    return towns("lakeside")


def check_ins(count: int, *, first: int = 0, resident: str = "ada") -> list[dict[str, Any]]:
    """``count`` check-ins, each on a day of its own, from 2026-01-02 on."""
    return [
        {
            "kind": "checked_in", "resident": resident, "external_id": f"{resident}-{number}",
            "occurred_at": f"2026-{1 + number // 28:02}-{1 + number % 28:02}T12:00:00+08:00", "payload": {},
        }
        for number in range(first + 1, first + count + 1)
    ]  # fmt: skip
