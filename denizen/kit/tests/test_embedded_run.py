"""What a running server is: where it listens, to whom, with which settings, and what it tells those who ask."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from denizen.kit.embedded import Address, Embedded, Settings, UnableToRunDatabase
from denizen.kit.embedded.sockets import SOCKET, socket_folder_for
from denizen.kit.home import Home
from denizen.kit.testing import THROWAWAY, temporary_server
from denizen.kit.tests.conftest import account_uid, as_root, ask, fill, servers_in


def test_the_first_start_makes_the_citys_database(home: Home, fresh_server: Embedded) -> None:
    with fresh_server.running() as address:
        assert ask(address, "SELECT current_database()") == "denizen"
        assert ask(address, "SELECT current_user") == "denizen"
        assert ask(address, "SHOW server_encoding") == "UTF8"

    assert servers_in(home.path) == []


def test_a_first_start_cut_short_before_the_database_was_made_is_completed(server: Embedded) -> None:
    with server.running() as address:
        with psycopg.connect(address.as_conninfo(name="postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE denizen")

        assert ask(server.ensure_running(), "SELECT current_database()") == "denizen"


def test_texts_are_ordered_alike_everywhere_and_every_script_has_its_cases(server: Embedded) -> None:
    with server.running() as address:
        words = "SELECT string_agg(word, ' ' ORDER BY word) FROM unnest(ARRAY['b', 'a', 'B', 'Ä', '城']) AS word"

        assert ask(address, words) == "B a b Ä 城"
        assert ask(address, "SELECT lower('ÄЖ') || upper('é')") == "äжÉ"


def test_the_settings_are_ours(server: Embedded) -> None:
    expected = {
        "max_connections": "60",
        "wal_compression": "pglz",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "TimeZone": "UTC",
    }
    with server.running() as address:
        assert {name: ask(address, f"SHOW {name}") for name in expected} == expected


def test_data_is_durable_unless_a_test_says_otherwise(home: Home, server: Embedded) -> None:
    with Embedded(home, settings=Settings()).running() as address:
        assert [ask(address, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == [
            "on"
        ] * 3
        assert ask(address, "SHOW shared_buffers") == "256MB"
    with server.running() as address:
        assert ask(address, "SHOW fsync") == "off"


@pytest.mark.parametrize("name", ["with space", "城市", 'Ada\'s, "quoted" $HOME `id` \\ %s', "x" * 120])
def test_the_name_of_the_home_does_not_matter(folder: Path, made: Path, name: str) -> None:
    home = Home.find({"DENIZEN_HOME": str(folder / name)})

    with Embedded(home, settings=THROWAWAY).running() as address:
        assert ask(address, "SELECT 1") == 1
        assert len(os.fsencode(Path(address.host) / SOCKET)) < 100

    assert servers_in(home.path) == []


def test_a_long_path_gets_a_short_private_folder_of_its_own(folder: Path) -> None:
    ours, theirs = (Home.find({"DENIZEN_HOME": str(folder / (letter * 120))}) for letter in "ot")

    with Embedded(ours, settings=THROWAWAY).running() as address:
        found = os.stat(address.host)

        assert Path(address.host).parent == Path(tempfile.gettempdir()).resolve()
        assert stat.S_IMODE(found.st_mode) == 0o700
        assert found.st_uid == account_uid(ours)
        assert socket_folder_for(theirs) != Path(address.host)
    assert not Path(address.host).exists()


def test_a_command_with_another_temp_folder_finds_the_running_server(folder: Path, monkeypatch) -> None:
    home = Home.find({"DENIZEN_HOME": str(folder / ("o" * 120))})
    with Embedded(home, settings=THROWAWAY).running() as address:
        monkeypatch.setattr(tempfile, "tempdir", str(folder))

        with Embedded(home, settings=THROWAWAY).running() as same:
            assert same == address
            assert ask(same, "SELECT 1") == 1
    assert not Path(address.host).exists()


# Only root can make a folder in another's name, here in its own instead of the account's.
SQUATS = ("open", "link", "file", "strange") if os.geteuid() == 0 else ("open", "link", "file")


def squat_on(short: Path, squat: str, *, uid: int) -> None:
    """Each is wrong in one way only: the mode, the kind, the kind again, the owner."""
    if squat == "link":
        short.symlink_to(tempfile.gettempdir())
    elif squat == "file":
        short.touch(mode=0o600)
    else:
        short.mkdir(mode=0o700)
    if squat == "open":
        short.chmod(0o777)
    if squat != "strange":
        os.chown(short, uid, -1, follow_symlinks=False)


@pytest.mark.parametrize("squat", SQUATS)
def test_it_refuses_a_short_folder_that_a_stranger_prepared(folder: Path, squat: str) -> None:
    home = Home.find({"DENIZEN_HOME": str(folder / ("o" * 120))})
    short = socket_folder_for(home)
    squat_on(short, squat, uid=account_uid(home))

    try:
        with pytest.raises(UnableToRunDatabase) as refusal, Embedded(home, settings=THROWAWAY).running():
            pytest.fail("it trusted the stranger")
    finally:
        short.unlink() if squat in ("link", "file") else short.rmdir()

    assert refusal.value.code == "foreign_folder"
    assert servers_in(home.path) == []


def test_it_refuses_when_something_stands_where_the_socket_goes(home: Home, server: Embedded) -> None:
    with server.running() as address:
        pass
    (Path(address.host) / SOCKET).mkdir()

    with pytest.raises(UnableToRunDatabase) as refusal, server.running():
        pytest.fail("there is no room for a socket")

    assert refusal.value.code == "no_socket"


def test_nobody_can_connect_over_the_network(server: Embedded) -> None:
    network = "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules WHERE type LIKE 'host%'"
    with server.running() as address:
        assert ask(address, "SHOW listen_addresses") == ""
        assert ask(address, network) == "reject"


def test_it_says_how_django_and_tools_reach_it(server: Embedded) -> None:
    with server.running() as address:
        django = address.as_django()

        assert django["HOST"] == address.host
        assert (django["PORT"], django["NAME"], django["USER"]) == ("5432", "denizen", "denizen")
        dump = server.tool("pg_dump").run("--schema-only", capture_output=True)
        assert dump.returncode == 0, dump.stderr
        assert b"PostgreSQL database dump complete" in dump.stdout
        state = server.tool("pg_controldata").run("-D", server.home.postgres, capture_output=True)
        assert b"in production" in state.stdout


def test_it_refuses_a_tool_that_is_not_there(server: Embedded) -> None:
    with pytest.raises(UnableToRunDatabase) as refusal:
        server.tool("pg_magic")

    assert refusal.value.code == "no_tool"


def test_a_full_server_still_counts_as_running(home: Home, server: Embedded) -> None:
    small = Embedded(home, settings=replace(THROWAWAY, connections_max=10))
    with small.running() as address:
        taken = [psycopg.connect(address.as_conninfo()) for _ in range(10)]

        small.ensure_running()

        for each in taken:
            each.close()


def test_failures_in_the_block_still_stop_the_server(home: Home, server: Embedded) -> None:
    with pytest.raises(ZeroDivisionError), server.running():
        raise ZeroDivisionError

    assert servers_in(home.path) == []


def test_open_connections_do_not_keep_the_last_from_stopping(home: Home, server: Embedded) -> None:
    with server.running() as address:
        lingering = psycopg.connect(address.as_conninfo())

    lingering.close()
    assert servers_in(home.path) == []


def test_a_moved_home_starts_at_its_new_place(home: Home, server: Embedded, folder: Path) -> None:
    with server.running() as address:
        ask(address, "CREATE TABLE residents AS SELECT 'Ada' AS name")
    home.path.rename(folder / "moved")

    moved = Home.find({"DENIZEN_HOME": str(folder / "moved")})
    with Embedded(moved, settings=THROWAWAY).running() as address:
        assert address.host.startswith(str(folder / "moved"))
        assert ask(address, "SELECT name FROM residents") == "Ada"


def test_a_throwaway_server_leaves_nothing() -> None:
    with temporary_server() as address:
        assert ask(address, "SELECT 1") == 1

    assert not Path(address.host).exists()


def test_a_long_log_is_set_aside(server: Embedded, monkeypatch) -> None:
    monkeypatch.setattr("denizen.kit.embedded.server.LOG_BYTES_MAX", 10)
    server.log.write_text("an old story, long enough\n")

    with server.running():
        assert "old story" not in server.log.read_text()

    assert "old story" in server.log.with_suffix(".log.1").read_text()


def test_a_password_never_shows_in_a_representation() -> None:
    address = Address(host="db.example", port=5432, name="denizen", user="ada", password="hunter2")

    assert "hunter2" not in repr(address)
    assert re.search("hunter2", address.as_conninfo())
    assert address.as_environ()["PGPASSWORD"] == "hunter2"


@as_root
def test_a_full_disk_refuses_to_make_the_data(full_disk) -> None:
    home = Home.find({"DENIZEN_HOME": str(full_disk(12) / "city")})

    with pytest.raises(UnableToRunDatabase) as refusal, Embedded(home, settings=THROWAWAY).running():
        pytest.fail("the data cannot fit")

    assert refusal.value.code == "disk_full"
    assert not list(home.path.glob("postgres*"))
    assert servers_in(home.path) == []


@as_root
def test_a_disk_that_filled_up_refuses_to_start(full_disk) -> None:
    disk = full_disk(96)
    home = Home.find({"DENIZEN_HOME": str(disk / "city")})
    with Embedded(home, settings=THROWAWAY).running():
        pass
    fill(disk)

    with pytest.raises(UnableToRunDatabase) as refusal, Embedded(home, settings=THROWAWAY).running():
        pytest.fail("there is no room for a pid file")

    assert refusal.value.code == "disk_full"
