"""What every child process is: it holds the database, follows its supervisor, and says in one sentence why it ends."""

from __future__ import annotations

import os
from collections.abc import Callable

import django

from denizen.config.interruption import Terminated, heed_signals
from denizen.config.opening import City, environment_of, reached
from denizen.config.processes.lifeline import follow_supervisor
from denizen.config.speech import refusal_of, warn
from denizen.kit.explained import Explained


def run_child(work: Callable[[City], None], *, pooled: bool) -> int:
    """Do ``work`` in a city until asked to stop; the exit code. Children hold the server too: the last one stops it."""
    heed_signals()
    follow_supervisor()
    try:
        with reached() as city:
            os.environ.update(environment_of(city, pooled=pooled))
            django.setup()
            work(city)
    except (Terminated, KeyboardInterrupt):
        return 0
    except Explained as refusal:
        warn(refusal_of(refusal), refusal_of(refusal))
        return 1
    return 0
