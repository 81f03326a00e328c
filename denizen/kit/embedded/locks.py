"""File locks. The kernel frees them when their holder dies, however it dies; that is why nothing here counts pids.

flock(2) belongs to the open file, so two users inside one process are as separate as two processes.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from denizen.kit.home import Home

PAUSE_SECONDS = 0.02


class UnableToLock(Exception):
    """Somebody else kept the lock for as long as we were ready to wait."""


def open_lock(path: Path, home: Home) -> int:
    """An open descriptor of the lock file, made where it is missing; closed to programs that we run.

    Raises UnableToUseHome.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as refusal:
        raise home.explained(refusal) from refusal
    home.adopt(descriptor)
    return descriptor


def lock(descriptor: int, operation: int, *, seconds: float) -> None:
    """Take the lock or raise UnableToLock after ``seconds``; 0 tries once."""
    end = time.monotonic() + seconds
    while True:
        with suppress(BlockingIOError):
            return fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
        if time.monotonic() >= end:
            raise UnableToLock
        time.sleep(PAUSE_SECONDS)


def held(descriptor: int) -> bool:
    """Whether somebody else holds the lock exclusively. Asking does not disturb other askers."""
    try:
        lock(descriptor, fcntl.LOCK_SH, seconds=0)
    except UnableToLock:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


@contextmanager
def locked(path: Path, home: Home, *, seconds: float) -> Iterator[int]:
    """Hold ``path`` exclusively; yields the descriptor, which a program that must finish first may inherit."""
    descriptor = open_lock(path, home)
    try:
        lock(descriptor, fcntl.LOCK_EX, seconds=seconds)
        yield descriptor
    finally:
        os.close(descriptor)
