"""Being asked to stop, in a terminal, in the background and under nohup."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from denizen.config.interruption import ASKING, Terminated, heed_signals


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in ASKING}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_an_interruption_is_heeded_also_in_the_background() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # how a shell starts a command that ends with &

    heed_signals()

    with pytest.raises(Terminated):
        signal.raise_signal(signal.SIGINT)


INTERRUPTED_WHILE_IT_DEFINES = """
import signal, sys
from denizen.config.interruption import Terminated, heed_signals
heed_signals()
try:
    exec("import signal\\nsignal.raise_signal(signal.SIGINT)")
except (KeyboardInterrupt, Terminated):
    sys.exit(0)
"""


def test_an_interruption_that_is_caught_does_not_kill_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "defining.py").write_text(INTERRUPTED_WHILE_IT_DEFINES, encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "defining"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.getcwd()}, check=False
    )

    assert ended.returncode == 0


@pytest.mark.parametrize("number", ASKING)
def test_a_request_to_end_raises_with_the_exit_code_of_a_shell(number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_DFL)
    heed_signals()

    with pytest.raises(Terminated) as asked:
        signal.raise_signal(number)

    assert asked.value.exit_code == 128 + number


def test_it_survives_the_end_of_its_terminal_under_nohup() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    heed_signals()

    signal.raise_signal(signal.SIGHUP)
