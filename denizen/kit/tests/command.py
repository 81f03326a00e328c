"""A process of its own that holds the server of a home: ``python -m denizen.kit.tests.command <home> [--adopts]``.

It says ``in``, then obeys lines: ``ensure`` (answers ``ensured``), ``fork`` (a child leaves the block; answers
``child left``) and ``leave`` (answers ``out``).
With ``--adopts`` orphans become its children and it never reaps them, as the first process of many a container.
With ``--passes`` it leaves at once.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path

from denizen.kit.embedded import Address, Embedded
from denizen.kit.home import Home
from denizen.kit.testing import THROWAWAY

PR_SET_CHILD_SUBREAPER = 36


def main(path: str, *flags: str) -> None:
    if "--adopts" in flags:
        assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    server = Embedded(Home(Path(path)), settings=THROWAWAY)
    block = server.running()
    with block:
        print("in", flush=True)
        if "--passes" not in flags:
            obey(server, block)
    print("out", flush=True)


def obey(server: Embedded, block: AbstractContextManager[Address]) -> None:
    while (word := sys.stdin.readline().strip()) != "leave":
        if word == "fork":
            os.waitpid(fork_a_child_that_leaves(block), 0)
            print("child left", flush=True)
        else:
            assert word == "ensure", word
            server.ensure_running()
            print("ensured", flush=True)


def fork_a_child_that_leaves(block: AbstractContextManager[Address]) -> int:
    child = os.fork()
    if child == 0:
        block.__exit__(None, None, None)
        os._exit(0)
    return child


if __name__ == "__main__":
    main(*sys.argv[1:])
