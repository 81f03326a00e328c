"""A process of its own that holds the server of a home: ``python -m denizen.kit.tests.command <home> [--adopts]``.

It says ``in``, then obeys lines: ``ensure`` (answers ``ensured``) and ``leave`` (answers ``out``).
With ``--adopts`` orphans become its children and it never reaps them, as the first process of many a container.
With ``--passes`` it leaves at once.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

from denizen.kit.embedded import Embedded
from denizen.kit.home import Home
from denizen.kit.testing import THROWAWAY

PR_SET_CHILD_SUBREAPER = 36


def main(path: str, *flags: str) -> None:
    if "--adopts" in flags:
        assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    server = Embedded(Home(Path(path)), settings=THROWAWAY)
    with server.running():
        print("in", flush=True)
        if "--passes" not in flags:
            obey(server)
    print("out", flush=True)


def obey(server: Embedded) -> None:
    while (word := sys.stdin.readline().strip()) != "leave":
        assert word == "ensure", word
        server.ensure_running()
        print("ensured", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
