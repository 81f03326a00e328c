"""Run in a process of its own: found the city of ``DENIZEN_HOME`` and print what tests need to know of it, as JSON."""

from __future__ import annotations

import importlib
import json
import sys

from denizen.config.opening import opened


def found() -> None:
    with opened():
        sys.stdout.write(json.dumps(importlib.import_module("tests.processes.settling").settle()))


if __name__ == "__main__":
    found()
