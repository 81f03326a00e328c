"""A server of somebody else is used when it answers, and refused with one sentence when it does not."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from denizen.kit.embedded import Address, Embedded, UnableToReachDatabase, external, parse
from denizen.kit.tests.conftest import ask


@pytest.fixture
def guarded(server: Embedded) -> Iterator[Address]:
    """A running server that asks Ada for her password."""
    rules = server.home.postgres / "pg_hba.conf"
    rules.write_text("local all ada scram-sha-256\n" + rules.read_text())
    with server.running() as address:
        ask(address, "CREATE ROLE ada LOGIN PASSWORD 'hunter2'")
        yield address


def url(address: Address, *, user: str = "ada", password: str = "hunter2", name: str = "denizen") -> str:
    return f"postgresql://{user}:{password}@/{name}?host={quote(address.host)}&port={address.port}"


def refused(database_url: str, **patience: int) -> UnableToReachDatabase:
    with pytest.raises(UnableToReachDatabase) as refusal:
        external(database_url, **patience)
    assert "hunter2" not in refusal.value.message("en") + refusal.value.message("zh") + repr(refusal.value.facts)
    return refusal.value


def test_it_accepts_a_server_that_answers(guarded: Address) -> None:
    address = external(url(guarded))

    assert ask(address, "SELECT current_user") == "ada"
    assert address.as_django()["PASSWORD"] == "hunter2"


def test_it_refuses_a_wrong_password(guarded: Address) -> None:
    assert refused(url(guarded, password="guess")).code == "wrong_password"


def test_it_refuses_a_missing_password(guarded: Address) -> None:
    assert refused(f"postgresql://ada@/denizen?host={quote(guarded.host)}").code == "wrong_password"


def test_it_refuses_an_unknown_database(guarded: Address) -> None:
    assert refused(url(guarded, name="atlantis")).code == "unknown_database"


def test_it_refuses_a_user_the_server_does_not_know(guarded: Address) -> None:
    assert refused(url(guarded, user="ben")).code == "not_accepted"


def test_it_refuses_where_nobody_listens(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = taken.getsockname()[1]

        assert refused(f"postgresql://ada:hunter2@127.0.0.1:{closed}/denizen").code == "refused"
    assert refused(f"postgresql://ada:hunter2@/denizen?host={folder}").code == "refused"


def test_it_refuses_a_server_that_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        assert refused(f"postgresql://ada:hunter2@127.0.0.1:{port}/denizen", seconds=2).code == "timeout"


def test_it_refuses_a_host_without_an_address() -> None:
    assert refused("postgresql://ada:hunter2@no-such-host.invalid/denizen").code == "unknown_host"


def test_it_refuses_an_old_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as old:
        port = old.getsockname()[1]
        answering = threading.Thread(target=answer_as, args=(old, "14.19"))
        answering.start()

        refusal = refused(f"postgresql://ada:hunter2@127.0.0.1:{port}/denizen?sslmode=disable")

        answering.join()
    assert refusal.code == "old_version"
    assert refusal.facts["found"] == 14


def answer_as(listening: socket.socket, version: str) -> None:
    """Speak just enough of the protocol: welcome, my version is …, ready."""
    connection, _ = listening.accept()
    with connection:
        connection.recv(1024)
        parameters = (b"server_version\0" + version.encode(), b"client_encoding\0UTF8", b"integer_datetimes\0on")
        told = b"".join(message(b"S", text + b"\0") for text in parameters)
        connection.sendall(message(b"R", struct.pack("!I", 0)) + told + message(b"Z", b"I"))
        connection.recv(1024)


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "mysql://ada:hunter2@db/denizen",
        "postgresql://ada:hunter2@db:port/denizen",
        "postgresql://ada:hunter2@db/denizen?colour=blue",
        "postgresql://",
    ],
)
def test_it_refuses_what_is_no_address(nonsense: str) -> None:
    refusal = refused(nonsense)

    assert refusal.code == "bad_url"
    assert refusal.__cause__ is None


def test_parts_of_the_address_are_unquoted_and_further_words_kept() -> None:
    address = parse("postgres://ada:p%40ss@db.example:6000/my%20city?sslmode=require")

    expected = Address("db.example", 6000, "my city", "ada", "p@ss", {"sslmode": "require"})
    assert address == expected
    assert address.as_django()["OPTIONS"] == {"sslmode": "require"}


def test_the_usual_port_and_the_users_own_database_are_assumed() -> None:
    assert parse("postgresql://ada@db.example") == Address("db.example", 5432, "ada", "ada")
