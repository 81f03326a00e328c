"""For tests that commit: several threads at once, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """Start all works in the same moment; what each returned, in their order. The first failure is raised."""
    start = Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        try:
            start.wait(timeout=20)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, work) for work in works]]
