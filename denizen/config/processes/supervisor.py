"""The supervisor: it keeps the database and the children of a city alive, and takes them along when it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from denizen.config.interruption import undisturbed
from denizen.config.opening import City
from denizen.config.processes.lifeline import VARIABLE
from denizen.config.processes.web import SOCKET_VARIABLE
from denizen.config.speech import refusal_of, warn
from denizen.kit.explained import Explained

LOOK_SECONDS = 0.25
PAUSE_SECONDS = 0.5
PAUSE_SECONDS_MAX = 30.0
STEADY_SECONDS = 60
LEAVE_SECONDS_MAX = 5


@dataclass(slots=True)
class Child:
    """One child process. ``pause``: how long the next restart waits; it doubles until the child has been steady."""

    name: str
    module: str
    environ: Mapping[str, str]
    descriptors: Sequence[int]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=PAUSE_SECONDS)

    def start(self) -> None:
        """A session of its own, so that Ctrl-C in a terminal reaches the supervisor only."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module],
            env={**os.environ, **self.environ},
            stdin=subprocess.DEVNULL,
            pass_fds=self.descriptors,
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def look(self) -> None:
        """Restart the child when it has died, after a pause."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.pause = PAUSE_SECONDS if now - self.started_at > STEADY_SECONDS else self.pause
        warn(
            f"The process {self.name} ended ({_how(code)}); it starts again in {self.pause:g} s.",
            f"进程 {self.name} 已结束（{_how(code)}），{self.pause:g} 秒后重新启动。",
        )
        self.process, self.start_at = None, now + self.pause
        self.pause = min(2 * self.pause, PAUSE_SECONDS_MAX)


class Supervisor:
    """The children of one city. Leave the ``with`` block to end them all."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._children: list[Child] = []
        self._lifeline, self._held = os.pipe()

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_: object) -> None:
        with undisturbed():
            self._end_all()

    def start_worker(self) -> None:
        self._start("worker", {}, [])

    def start_jobs(self) -> None:
        self._start("jobs", {}, [])

    def start_web(self, listening: socket.socket) -> None:
        number = listening.fileno()
        self._start("web", {SOCKET_VARIABLE: str(number)}, [number])

    def watch(self) -> None:
        """Look after everything until an exception ends us."""
        while True:
            self.look()
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        self._look_after_database()
        for child in self._children:
            child.look()

    def _start(self, name: str, environ: Mapping[str, str], descriptors: Sequence[int]) -> None:
        child = Child(
            name=name,
            module=f"denizen.config.processes.{name}",
            environ={**environ, VARIABLE: str(self._lifeline)},
            descriptors=[*descriptors, self._lifeline],
        )
        child.start()
        self._children.append(child)

    def _look_after_database(self) -> None:
        embedded = self._city.embedded
        if embedded is None or embedded.is_running():
            return
        warn("The database has died; it is started again.", "数据库进程已终止，正在重新启动。")
        try:
            embedded.ensure_running()
        except Explained as refusal:
            warn(refusal_of(refusal), refusal_of(refusal))
            time.sleep(PAUSE_SECONDS)

    def _end_all(self) -> None:
        """Ask all at once, wait a little, then insist."""
        processes = [child.process for child in self._children if child.process is not None]
        for process in processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        end = time.monotonic() + LEAVE_SECONDS_MAX
        for process in processes:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        os.close(self._held)
        os.close(self._lifeline)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
