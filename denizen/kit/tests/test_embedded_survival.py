"""The server outlives, or comes back after, everything that the wheels' own start-up code did not survive."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from denizen.kit.embedded import Embedded, Settings, UnableToRunDatabase
from denizen.kit.home import Home
from denizen.kit.testing import THROWAWAY
from denizen.kit.tests.conftest import account_uid, ask, is_zombie, kill_servers_in, postmaster, servers_in, wait_until

adopts_orphans = pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux lets a process adopt orphans")


def test_a_killed_holder_leaves_a_server_that_the_next_command_joins_and_stops(home, server, command) -> None:
    up = command()
    up.hears("in")
    ask(server.address, "CREATE TABLE residents AS SELECT 'Ada' AS name")
    first = postmaster(home)

    up.killed()

    assert server.is_running()
    with server.running() as address:
        assert postmaster(home) == first
        assert ask(address, "SELECT name FROM residents") == "Ada"
    assert not server.is_running()
    assert servers_in(home.path) == []


def test_a_command_that_ends_while_up_runs_leaves_the_server_running(home, server, command) -> None:
    up = command()
    up.hears("in")

    with server.running():
        pass

    assert ask(server.address, "SELECT 1") == 1
    up.leaves()
    assert servers_in(home.path) == []


def test_up_that_ends_while_a_command_runs_leaves_the_server_to_the_command(home, server, command) -> None:
    up = command()
    up.hears("in")
    with server.running() as address:
        up.leaves()

        assert ask(address, "SELECT 1") == 1

    assert servers_in(home.path) == []


def test_many_commands_at_once_start_one_server_and_the_last_stops_it(home, fresh_server, command) -> None:
    commands = [command("--passes") for _ in range(5)]

    for each in commands:
        each.hears("in")
        each.hears("out")
        assert each.process.wait(30) == 0

    assert servers_in(home.path) == []
    assert fresh_server.log.read_text().count("starting PostgreSQL") >= 1


def test_threads_of_one_process_count_as_separate_users(home, server) -> None:
    answers: list[object] = []

    def visit() -> None:
        with Embedded(home, settings=THROWAWAY).running() as address:
            answers.append(ask(address, "SELECT 1"))

    with server.running():
        threads = [threading.Thread(target=visit) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert answers == [1, 1, 1]
        assert server.is_running()
    assert not server.is_running()


def test_a_forked_child_that_leaves_does_not_stop_the_server_of_its_parent(home, server, command) -> None:
    up = command()
    up.hears("in")

    up.told("fork")
    up.hears("child left")

    assert ask(server.address, "SELECT 1") == 1
    up.leaves()
    assert servers_in(home.path) == []


def test_rows_survive_when_every_process_of_the_server_is_killed(home, server) -> None:
    with server.running() as address:
        ask(address, "CREATE TABLE residents AS SELECT 'Ada' AS name")
        ask(address, "CHECKPOINT")

        kill_servers_in(home.path)

        assert ask(server.ensure_running(), "SELECT name FROM residents") == "Ada"
    assert servers_in(home.path) == []


def test_a_stale_pid_file_of_a_killed_run_does_not_hinder_the_next(home, server, command) -> None:
    up = command()
    up.hears("in")
    killed = postmaster(home)
    kill_servers_in(home.path)
    up.killed()
    assert (home.postgres / "postmaster.pid").exists()

    with server.running() as address:
        assert ask(address, "SELECT 1") == 1
        assert postmaster(home) != killed


@adopts_orphans
def test_a_killed_postmaster_that_nobody_reaps_is_replaced(home, server, command) -> None:
    up = command("--adopts")
    up.hears("in")
    killed = postmaster(home)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: is_zombie(killed))

    up.told("ensure")
    up.hears("ensured")

    assert is_zombie(killed)
    assert postmaster(home) != killed
    assert ask(server.address, "SELECT 1") == 1
    up.leaves()
    assert servers_in(home.path) == []


@adopts_orphans
def test_another_command_replaces_a_postmaster_that_up_does_not_reap(home, server, command) -> None:
    up = command("--adopts")
    up.hears("in")
    killed = postmaster(home)
    os.kill(killed, signal.SIGKILL)

    with server.running() as address:
        assert is_zombie(killed)
        assert ask(address, "SELECT 1") == 1

    assert server.is_running()
    up.leaves()
    assert servers_in(home.path) == []


def test_a_number_that_went_to_a_stranger_neither_blocks_the_start_nor_is_signalled(home, server, command) -> None:
    up = command()
    up.hears("in")
    claim = (home.postgres / "postmaster.pid").read_text().splitlines()
    kill_servers_in(home.path)
    up.killed()
    uid = account_uid(home)
    stranger = subprocess.Popen(["sleep", "60"], **({"user": uid} if os.geteuid() == 0 else {}))
    (home.postgres / "postmaster.pid").write_text("\n".join([str(stranger.pid), *claim[1:]]) + "\n")

    try:
        assert Embedded(home, settings=THROWAWAY).address.host == server.address.host
        with server.running() as address:
            assert ask(address, "SELECT 1") == 1

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_slow_start_is_waited_for_and_an_impatient_command_leaves_it_at_work(home, server, programs) -> None:
    environ = programs(home, postgres='[ "$1" = -D ] && cd "$2" && sleep 2; exec "$REAL" "$@"')
    impatient = Embedded(home, settings=replace(THROWAWAY, start_seconds_max=1), environ=environ)

    with pytest.raises(UnableToRunDatabase) as refusal, impatient.running():
        pytest.fail("it cannot have started yet")

    assert refusal.value.code == "slow_start"
    assert impatient.is_running()
    with Embedded(home, settings=THROWAWAY, environ=environ).running() as address:
        assert ask(address, "SELECT 1") == 1
    assert servers_in(home.path) == []


def test_two_minutes_are_the_patience_unless_the_environment_says_otherwise() -> None:
    assert Settings().start_seconds_max == 120
    assert Settings.from_environ({"DENIZEN_PG_START_TIMEOUT": "900"}).start_seconds_max == 900


@pytest.mark.parametrize("value", ["soon", "0", "-5", "1.5", "٣", "9" * 30])
def test_it_refuses_a_patience_that_is_no_number_of_seconds(value: str) -> None:
    with pytest.raises(UnableToRunDatabase) as refusal:
        Settings.from_environ({"DENIZEN_PG_START_TIMEOUT": value})

    assert refusal.value.code == "bad_setting"


def test_it_refuses_when_another_command_keeps_starting(home, programs, command) -> None:
    environ = programs(home, initdb="sleep 3; exit 1")
    slow = threading.Thread(target=enter_in_vain, args=(Embedded(home, settings=THROWAWAY, environ=environ),))
    slow.start()
    wait_until(lambda: any(home.path.glob("postgres.making-*")))

    with (
        pytest.raises(UnableToRunDatabase) as refusal,
        Embedded(home, settings=replace(THROWAWAY, start_seconds_max=1)).running(),
    ):
        pytest.fail("it cannot have entered")

    slow.join()
    assert refusal.value.code == "busy"


def enter_in_vain(server: Embedded) -> None:
    with pytest.raises(UnableToRunDatabase), server.running():
        pytest.fail("this initdb fails")


HALF_WAY = 'for last; do [ "$previous" = -D ] && data="$last"; previous="$last"; done; echo 15 > "$data/PG_VERSION"; '


def test_data_made_half_way_is_swept_and_made_anew(home, fresh_server, programs: Callable[..., dict[str, str]]) -> None:
    broken = Embedded(home, settings=THROWAWAY, environ=programs(home, initdb=HALF_WAY + "kill -9 $$"))
    enter_in_vain(broken)
    (home.path / "postgres.making-0badc0de").mkdir()
    (home.path / "postgres.making-0badc0de" / "PG_VERSION").write_text("15\n")
    assert not home.postgres.exists()

    with fresh_server.running() as address:
        assert ask(address, "SELECT 1") == 1

    assert not list(home.path.glob("postgres.making-*"))


def test_a_command_killed_while_it_makes_the_data_is_followed_by_one_that_repairs(home, fresh_server, command) -> None:
    up = command()
    wait_until(lambda: any(home.path.glob("postgres.making-*/base")))
    up.killed()
    assert not home.postgres.exists()

    with fresh_server.running() as address:
        assert ask(address, "SELECT 1") == 1

    assert not list(home.path.glob("postgres.making-*"))
    assert servers_in(home.path) == []


def test_the_next_command_waits_for_the_orphan_that_still_makes_the_data(
    home, fresh_server, command, programs, folder, monkeypatch
) -> None:
    diary = folder / "diary"
    diary.touch()
    diary.chmod(0o666)
    slowly = f"echo begin >> '{diary}'; \"$REAL\" \"$@\"; code=$?; sleep 1; echo end >> '{diary}'; exit $code"
    environ = programs(home, initdb=slowly)
    monkeypatch.setenv("DENIZEN_PG_BIN", environ["DENIZEN_PG_BIN"])
    up = command()
    wait_until(lambda: diary.read_text() == "begin\n")
    up.killed()

    with Embedded(home, settings=THROWAWAY, environ=environ).running() as address:
        assert ask(address, "SELECT 1") == 1

    assert diary.read_text().split() == ["begin", "end", "begin", "end"]


def test_a_server_started_by_hand_is_joined_and_left_to_its_owner(home: Home, server: Embedded) -> None:
    with server.running():
        pass  # writes the configuration
    log = home.run / "by-hand.log"
    log.touch()
    log.chmod(0o666)
    by_hand = ("-D", home.postgres, "-l", log, "-w")
    assert server.tool("pg_ctl").run("start", *by_hand, stdout=subprocess.DEVNULL).returncode == 0
    first = postmaster(home)

    with server.running() as address:
        assert ask(address, "SELECT 1") == 1

    assert postmaster(home) == first
    server.tool("pg_ctl").run("stop", "-D", home.postgres, "-w", stdout=subprocess.DEVNULL, check=True)
