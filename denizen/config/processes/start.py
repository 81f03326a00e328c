"""What ``denizen up`` does, in order: claim the home and the port, open the city, people it once, keep it alive."""

from __future__ import annotations

import fcntl
import http.client
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from denizen.config.interruption import Terminated
from denizen.config.opening import errand, opened
from denizen.config.processes.port import listen
from denizen.config.processes.supervisor import Supervisor
from denizen.config.speech import tell, warn
from denizen.kit.explained import Explained
from denizen.kit.home import Home

READY_SECONDS_MAX = 60
LOOK_SECONDS = 0.1
STREAM_PATH = "/live/"
NEAR = {"127.0.0.1", "localhost", "::1"}


class UnableToStart(Explained):
    sentences = {
        "already_up": {
            "en": "This city is up already at {address}; open it there, or name another home with DENIZEN_HOME.",
            "zh": "这座城市已在 {address} 运行；请直接打开，或用 DENIZEN_HOME 指定另一个主目录。",
        },
        "not_ready": {
            "en": "The pages did not answer within {seconds} s; the messages above say why.",
            "zh": "页面在 {seconds} 秒内没有应答；原因见上方信息。",
        },
    }


@dataclass(frozen=True, slots=True)
class Demo:
    """The size of the reference city that a fresh home is given."""

    residents: int
    days: int


def start_city(*, host: str, port: int, demo: Demo | None) -> int:
    """Serve the city until interrupted; the exit code. Raises UnableToStart, UnableToListen."""
    home = Home.find(os.environ)
    address = address_of(host, port)
    with claimed(home, address), listen(host, port) as listening, opened() as city, Supervisor(city) as supervisor:
        try:
            supervisor.start_worker()
            supervisor.start_jobs()
            if demo is not None:
                errand("demo").people_city(home, residents=demo.residents, days=demo.days)
            supervisor.start_web(listening)
            _await_pages(host, port, supervisor)
            tell(f"The city is up: {address}  (Ctrl-C ends it)", f"城市已启动：{address}  （按 Ctrl-C 结束）")
            errand("demo").tell_sign_ins(home)
            _warn_of_names(host)
            supervisor.watch()
        except (KeyboardInterrupt, Terminated):
            tell("Stopping …", "正在停止……")
    return 0


def _warn_of_names(host: str) -> None:
    """Whoever calls the city by a name it does not know is refused; say so before anybody wonders."""
    if host not in NEAR and not os.environ.get("DENIZEN_HOSTS"):
        warn(
            "Other machines are refused until DENIZEN_HOSTS lists the names they call this city by.",
            "在 DENIZEN_HOSTS 列出访问本城市所用的名称之前，其他机器的请求会被拒绝。",
        )


def address_of(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


@contextmanager
def claimed(home: Home, address: str) -> Iterator[None]:
    """One supervisor for each home. Raises UnableToStart: already_up, with the address of the other one."""
    with (home.run / "up.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise UnableToStart("already_up", address=file.read().strip() or "?") from None
        file.truncate(0)
        file.write(address + "\n")
        file.flush()
        yield


def _await_pages(host: str, port: int, supervisor: Supervisor) -> None:
    """Return once the web process answers; restart what dies meanwhile."""
    end = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < end:
        if _answers(host, port):
            return
        supervisor.look()
        time.sleep(LOOK_SECONDS)
    raise UnableToStart("not_ready", seconds=READY_SECONDS_MAX)


def _answers(host: str, port: int) -> bool:
    """The stream says no to who has no ticket: that is an answer, and it needs no database."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(near, port, timeout=1)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", STREAM_PATH)
        return connection.getresponse().status == http.client.UNAUTHORIZED
    return False
