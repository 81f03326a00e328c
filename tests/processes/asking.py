"""Run in a process of its own: a colleague of the city of ``DENIZEN_HOME`` asks for a backtest; print its key."""

from __future__ import annotations

import importlib
import sys

from denizen.config.opening import opened


def ask() -> None:
    with opened():
        sys.stdout.write(importlib.import_module("tests.processes.questions").ask())


if __name__ == "__main__":
    ask()
