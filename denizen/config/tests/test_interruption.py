"""Being asked to stop, in a terminal, in the background and under nohup."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from denizen.config.interruption import ASKING, Terminated, heed_signals


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (*ASKING, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_an_interruption_is_heeded_also_in_the_background() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # how a shell starts a command that ends with &

    heed_signals()

    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


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
