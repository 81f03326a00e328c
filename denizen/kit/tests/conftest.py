"""What the tests of the embedded database stand on: folders every account can reach, and other processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from denizen.kit.embedded import Address, Embedded
from denizen.kit.embedded.account import account_for
from denizen.kit.home import Home
from denizen.kit.testing import THROWAWAY, temporary_folder

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 30

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop to another account")
as_plain_user = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
# Root runs this file in a process of a plain user instead: see ``test_embedded_plain_user``.
collect_ignore = ["test_embedded_plain_home.py"] if os.geteuid() == 0 else []


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of this test; whatever server a failing test leaves in it is ended before it goes."""
    with temporary_folder() as folder:
        yield folder
        dismiss_servers_in(folder)


@pytest.fixture
def home(folder: Path) -> Home:
    """A home whose path has a space, because one of the defects was about that."""
    return Home.find({"DENIZEN_HOME": str(folder / "Ada and Ben 城")})


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A data folder that was made once; most tests are about what comes after."""
    with temporary_folder() as folder:
        home = Home.find({"DENIZEN_HOME": str(folder / "home")})
        with Embedded(home, settings=THROWAWAY).running():
            pass
        yield home.postgres


@pytest.fixture
def server(home: Home, made: Path) -> Embedded:
    """The server of ``home``, which has run before."""
    subprocess.run(["cp", "-a", made, home.postgres], check=True)
    return Embedded(home, settings=THROWAWAY)


@pytest.fixture
def fresh_server(home: Home) -> Embedded:
    """The server of ``home``, which has never run."""
    return Embedded(home, settings=THROWAWAY)


class Command:
    """Another process that holds the server, as ``up`` or a command would. It does what it is told, line by line."""

    def __init__(self, home: Home, *flags: str) -> None:
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])}
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-m", "denizen.kit.tests.command", str(home.path), *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )

    def hears(self, answer: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == answer

    def told(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def leaves(self) -> None:
        self.told("leave")
        self.hears("out")
        assert self.process.wait(PATIENCE_SECONDS) == 0

    def killed(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


@pytest.fixture
def command(home: Home) -> Iterator[Callable[..., Command]]:
    """Start another process on the home: ``command("--flag")``; it has entered once it ``hears("in")``."""
    started: list[Command] = []

    def start(*flags: str) -> Command:
        started.append(Command(home, *flags))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def programs(folder: Path) -> Callable[..., dict[str, str]]:
    """An environment whose PostgreSQL is the usual one, but for programs that a test replaces by shell scripts."""

    def replaced(home: Home, **scripts: str) -> dict[str, str]:
        real = Embedded(home)._binaries.folder
        mine = folder / f"bin-{len(list(folder.glob('bin-*')))}"
        mine.mkdir(mode=0o755)
        mine.chmod(0o755)
        for program in real.iterdir():
            (mine / program.name).symlink_to(program)
        for name, script in scripts.items():
            (mine / name).unlink()
            (mine / name).write_text(f"#!/bin/sh\nREAL='{real / name}'\n{script}\n", encoding="utf-8")
            (mine / name).chmod(0o755)
        return {"DENIZEN_PG_BIN": str(mine)}

    return replaced


@pytest.fixture
def full_disk() -> Iterator[Callable[[int], Path]]:
    """Mount a small disk; yields a function of its size in MB that returns where it is."""
    mounted: list[Path] = []

    def mount(megabytes: int) -> Path:
        where = Path(tempfile.mkdtemp(prefix="denizen-test-"))
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=711", "tmpfs", str(where)], check=True)
        mounted.append(where)
        return where

    yield mount
    for where in mounted:
        subprocess.run(["umount", str(where)], check=True)
        shutil.rmtree(where)


def servers_in(folder: Path) -> list[int]:
    """The living processes that stand in a folder below this one."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            stands_in = os.readlink(process / "cwd")
        except OSError:
            continue
        if stands_in.startswith(f"{folder}/"):
            found.append(int(process.name))
    return found


def dismiss_servers_in(folder: Path) -> None:
    """Politely first: a server that is killed leaves its shared memory behind."""
    for ending in (signal.SIGQUIT, signal.SIGKILL):
        kill_servers_in(folder, ending)
        with suppress(AssertionError):
            return wait_until(lambda: not servers_in(folder), seconds=5)
    raise AssertionError(f"servers remain in {folder}")


def kill_servers_in(folder: Path, ending: signal.Signals = signal.SIGKILL) -> None:
    """Some end by themselves once the first is gone."""
    for pid in servers_in(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, ending)


def postmaster(home: Home) -> int:
    return int((home.postgres / "postmaster.pid").read_text().splitlines()[0])


def is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return False


def wait_until(true: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def ask(address: Address, question: str, **facts: str) -> object:
    """The first value of the first row, or None."""
    with psycopg.connect(address.as_conninfo(), autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def account_uid(home: Home) -> int:
    return account_for(home, {}).uid


def fill(disk: Path) -> None:
    """Take every byte that is left."""
    with pytest.raises(OSError, match="No space left"):
        write_for_ever(disk / "ballast")


def write_for_ever(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
