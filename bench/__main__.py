"""``python -m bench [NAME]``: run one benchmark or all of them, each in a process and a city of its own."""

from __future__ import annotations

import importlib
import subprocess
import sys

from bench.city import city
from bench.figures import report

NAMES = ("engine", "live", "rules", "proof", "risk")


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"There is no benchmark called {unknown[0]}. There are: {', '.join(NAMES)}.")
        return 2
    if len(wanted) != 1:
        runs = [subprocess.run([sys.executable, "-m", "bench", name], check=False) for name in wanted or NAMES]
        return max(run.returncode for run in runs)
    with city():
        # The benchmark's module imports the city's rooms, which need the settings that ``city`` has just made.
        report(wanted[0], importlib.import_module(f"bench.{wanted[0]}").run())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
