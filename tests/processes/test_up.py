"""``denizen up``: it starts, says no in a sentence, and leaves nothing behind however it ends."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable

from tests.processes.conftest import Town, check_ins, until

STOP_SECONDS_MAX = 20  # a hang is what this finds; an idle machine needs two


def test_it_serves_pages_and_interface_and_decides_what_is_reported(town: Town) -> None:
    town.bring_up()

    assert town.report(check_ins(3)) == 200
    until(town.decided_all)

    assert town.call("GET", "/api/v1/openapi.json")[0] == 200
    assert town.call("GET", "/patterns/")[0] == 200
    assert town.ask("SELECT count(*) FROM growth_decision") == [(3,)]


def test_it_refuses_a_port_that_is_taken_at_once_and_names_another(town: Town) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        refused = town.run("up", "--port", str(taken), "--no-demo")

    assert refused.returncode == 1
    assert refused.stdout == ""
    sentence = refused.stderr.strip()
    assert sentence.startswith(f"Port {taken} is taken")
    assert "denizen up --port " in sentence
    assert "\n" not in sentence
    assert not town.processes()


def test_it_refuses_a_second_one_on_the_same_home_and_says_where_the_first_is(town: Town) -> None:
    town.bring_up()

    refused = town.run("up", "--port", "8", "--no-demo")

    assert refused.returncode == 1
    assert f"http://127.0.0.1:{town.port}" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert town.call("GET", "/patterns/")[0] == 200


def test_it_ends_within_seconds_on_ctrl_c_while_a_stream_is_open(town: Town) -> None:
    town.bring_up()
    assert town.up is not None
    stream = town.stream("ada")
    assert stream.status == 200

    began = time.monotonic()
    town.up.send_signal(signal.SIGINT)
    code = town.up.wait(STOP_SECONDS_MAX)

    assert code == 0
    assert time.monotonic() - began < STOP_SECONDS_MAX
    until(lambda: not town.processes(), seconds=30)
    assert b"event: close" in stream.read()
    assert not town.processes()


def test_it_ends_on_sigterm_too(town: Town) -> None:
    town.bring_up()
    assert town.up is not None

    town.up.send_signal(signal.SIGTERM)

    assert town.up.wait(STOP_SECONDS_MAX) == 0
    assert not town.processes()


def test_it_leaves_no_process_behind_when_it_is_killed_and_starts_again(town: Town) -> None:
    town.bring_up()
    town.report(check_ins(2))
    until(town.decided_all)
    assert town.up is not None

    os.kill(town.up.pid, signal.SIGKILL)
    town.up.wait()
    until(lambda: not town.processes(), seconds=30)

    town.bring_up()
    assert town.ask("SELECT count(*) FROM growth_decision") == [(2,)]


def test_a_second_start_is_quick_and_keeps_everything(town: Town) -> None:
    town.bring_up()
    town.report(check_ins(2))
    until(town.decided_all)
    assert town.up is not None
    town.up.send_signal(signal.SIGINT)
    town.up.wait(STOP_SECONDS_MAX)

    began = time.monotonic()
    town.bring_up()

    assert time.monotonic() - began < 40  # a loaded machine; some two seconds on an idle one
    assert town.ask("SELECT count(*) FROM growth_decision") == [(2,)]


def test_a_command_that_ends_does_not_take_the_database_along(town: Town) -> None:
    town.bring_up()
    postmaster = town.process("postgres -D")

    assert town.run("rules", "list").returncode == 0

    assert town.process("postgres -D") == postmaster
    assert town.call("GET", "/patterns/")[0] == 200


def test_a_first_start_invents_a_city_and_goes_on_with_it_when_it_was_killed(towns: Callable[[str], Town]) -> None:
    town = towns("fresh")
    os.rename(town.home, town.home.with_name("elsewhere"))
    began = town.begin("up", "--port", "0x", "--no-demo")
    assert began.wait(10) == 2  # a wrong call

    size = ("--demo-residents", "20", "--demo-days", "3")
    building = town.begin("up", "--port", str(18_000 + os.getpid() % 1_000), *size)
    until(lambda: (town.home / "secrets" / "demo_password").exists())
    time.sleep(0.7)
    building.kill()
    building.wait()
    until(lambda: not town.processes(), seconds=30)

    town.bring_up(*size)
    assert town.ask("SELECT count(*) FROM identity_staffact WHERE act = 'reference_city.complete'") == [(1,)]
    assert town.ask("SELECT count(*) FROM chronicle_resident") == [(20,)]
    assert (town.home / "secrets" / "demo_sign_ins.json").stat().st_mode & 0o777 == 0o600
    assert town.run("verify").returncode == 0


def test_it_refuses_a_database_that_does_not_answer_in_one_sentence(town: Town) -> None:
    refused = town.run("up", "--no-demo", "--port", str(17_000 + os.getpid() % 1_000),
                       DATABASE_URL="postgresql://ada:secret@127.0.0.1:1/city")  # fmt: skip

    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        "No PostgreSQL listens at 127.0.0.1:1; start it, or correct host and port in DATABASE_URL."
    )
