"""The worker process: it decides what was recorded, and sweeps what is due."""

from __future__ import annotations

import sys

from denizen.config.opening import City, errand
from denizen.config.processes.child import run_child


def work(_city: City) -> None:
    errand("deciding").work_for_ever()


if __name__ == "__main__":
    sys.exit(run_child(work, pooled=False))
