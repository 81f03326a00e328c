"""The jobs process: it does what would keep a request waiting, behind everybody else in line for the processor."""

from __future__ import annotations

import os
import sys

from denizen.config.opening import City, errand
from denizen.config.processes.child import run_child

NICENESS = 15
"""Pages and the worker go first: a long replay takes what they leave."""


def work(_city: City) -> None:
    os.nice(NICENESS)
    errand("jobbing").work_for_ever()


if __name__ == "__main__":
    sys.exit(run_child(work, pooled=False))
