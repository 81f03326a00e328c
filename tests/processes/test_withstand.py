"""A living city meets people who mean no good."""

from __future__ import annotations

import http.client
import socket
import stat
import time
from contextlib import ExitStack, suppress

import pytest

from tests.processes.conftest import PATIENCE_SECONDS, Town

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
        assert time.monotonic() - started < 15  # a held thread is let go after thirty


def answered(town: Town, raw: bytes) -> bytes:
    """What the city says to these bytes, until it has said it; empty where it hangs up."""
    with socket.create_connection(("127.0.0.1", town.port), timeout=PATIENCE_SECONDS) as wire:
        wire.sendall(raw)
        with suppress(ConnectionError):
            return wire.recv(65_536)
    return b""


def head(line: str, *headers: str) -> bytes:
    return "\r\n".join([line, *headers, "", ""]).encode("latin-1")


def test_requests_that_are_none_are_refused_and_the_city_goes_on(standing: Town) -> None:
    local = "Host: 127.0.0.1"
    bad = [
        head("GET / HTTP/1.1", local, "Authorization: Bearer " + "dz_" * 100_000),
        head("GET /" + "a" * 100_000 + " HTTP/1.1", local),
        head("POST / HTTP/1.1", local, "Content-Length: -1"),
        head("POST / HTTP/1.1", local, "Content-Length: 5", "Content-Length: 6"),
        head("POST / HTTP/1.1", local, "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\nGET /me/ ",
        head("GET /?q=\xff\xfe HTTP/1.1", local),
        head("GET / HTTP/1.1", "Host: evil.example"),
        head("GET /static/../config/settings.py HTTP/1.1", local),
        head("GET /static/%2e%2e/%2e%2e/config/settings.py HTTP/1.1", local),
        head("GET //evil.example/%2e%2e HTTP/1.1", local),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 not even http\r\n\r\n",
    ]

    for raw in bad:
        status = answered(standing, raw)[9:12]
        assert status in (b"400", b"403", b"404", b"431", b""), raw[:80]

    assert standing.call("GET", "/rules/")[0] == 200


def test_what_a_home_keeps_is_for_its_owner_only(standing: Town) -> None:
    kept = [*(standing.home / "secrets").rglob("*"), *(standing.home / "backups").rglob("*")]
    private = ["secrets", "backups", "media", "postgres"]

    assert kept
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept if each.is_file()} == {0o600}
    assert {stat.S_IMODE((standing.home / name).stat().st_mode) for name in private} == {0o700}
    sockets = [each for each in standing.home.rglob(".s.PGSQL.*") if each.is_socket()]
    assert [stat.S_IMODE(each.stat().st_mode) & 0o077 for each in sockets] == [0]


def test_every_answer_of_a_living_city_is_safe_to_look_at(standing: Town) -> None:
    wanted = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
    connection = http.client.HTTPConnection("127.0.0.1", standing.port, timeout=PATIENCE_SECONDS)
    for path in ("/", "/rules/", "/nowhere/", "/me/", "/api/v1/openapi.json", "/api/v1/docs", "/static/shell/logo.svg",
                 "/static/nowhere.css", "/live/", "/desk/", "/accounts/login/"):  # fmt: skip
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert all(answer.headers[name] for name in wanted), path
        assert "server" not in {name.lower() for name in answer.headers}, path
    connection.close()
