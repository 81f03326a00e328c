"""A living city meets people who mean no good."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

import pytest

from tests.processes.conftest import Town

SLOW_SENDERS = 12
"""More than the pages have threads."""


@pytest.fixture
def standing(town: Town) -> Town:
    town.bring_up()
    return town


def begun(town: Town, stack: ExitStack, head: str, body: bytes = b"") -> socket.socket:
    """A connection whose request was begun and not ended."""
    wire = stack.enter_context(socket.create_connection(("127.0.0.1", town.port), timeout=5))
    wire.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
    return wire


def test_slow_senders_do_not_keep_others_from_their_pages(standing: Town) -> None:
    with ExitStack() as stack:
        for _ in range(SLOW_SENDERS):
            head = (
                "POST /accounts/login/ HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 1000\n"
                f"Content-Type: application/x-www-form-urlencoded\nCookie: csrftoken={'a' * 32}"
            )
            begun(standing, stack, head, b"login=")
        time.sleep(0.5)

        started = time.monotonic()
        status, _ = standing.call("GET", "/rules/")

        assert status == 200
        assert time.monotonic() - started < 5
