"""A pause while everybody works: batches in flight, several workers, two who press at once, a worker that is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from denizen.config.wires import conninfo
from denizen.ground.chronicle.commands import new_entry, record
from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.ground.ledger.queries import balance, verify
from denizen.kit import db
from denizen.people.growth import commands
from denizen.people.growth.models import Decision, Holding
from denizen.people.growth.pipeline import LIVE_CHANNEL, work_off
from denizen.people.growth.testing import app_source, behave
from denizen.people.rulebook.commands import (
    UnableToSuspend,
    ask_suspension,
    confirm_false_alarm,
    confirm_suspension,
    publish_first_book,
    tell_false_alarm,
)
from denizen.people.rulebook.models import Confirmation, Release
from denizen.people.rulebook.testing import colleague
from tests.flow.mortal import LATER
from tests.flow.simulator.book import FIRST, as_yaml
from tests.flow.test_crash import EVERY, KILLED, ROOT

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
AMOUNT = 10
"""What a check-in pays."""

WAIT_SECONDS = 30
ENTRIES = 120
POINTS_OF_FAULT_MIN = 8


@pytest.fixture
def two() -> tuple[Staff, Staff]:
    publish_first_book(text=as_yaml(FIRST, "first"), moment=JANUARY, effective_from=JANUARY)
    return colleague("Odo", *Permission), colleague("Ida", *Permission)


def asked(two: tuple[Staff, Staff]) -> int:
    return ask_suspension(
        actor=two[0], rule="check_in", reason_en="It pays the wrong sum", reason_zh="金额有误", moment=NOON
    ).pk


def lifted(two: tuple[Staff, Staff], number: int) -> None:
    tell_false_alarm(actor=two[0], suspension=number, moment=NOON)
    confirm_false_alarm(actor=two[1], suspension=number, moment=NOON)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run ``works`` in threads of their own; what each returned or raised."""
    answers: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            answers[place] = work()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    return answers


def queued(count: int, at: datetime = NOON) -> None:
    """One check-in of as many residents each, in the queue."""
    entries = [
        new_entry(community.CheckedIn(), resident=make_resident(), occurred_at=at, external_id=f"q{number}")
        for number in range(count)
    ]
    with db.opening():
        record(source=app_source(), entries=entries, recorded_at=NOON)


def queued_for(resident: int) -> None:
    entry = new_entry(community.CheckedIn(), resident=resident, occurred_at=NOON, external_id=f"of {resident}")
    with db.opening():
        record(source=app_source(), entries=[entry], recorded_at=NOON)


def drained() -> None:
    while db.fetch("SELECT 1 FROM chronicle_undecided WHERE state = 'ready' LIMIT 1"):
        work_off(limit=7, moment=NOON, tell=False)


def test_whoever_decides_while_a_pause_is_confirmed_has_committed_or_holds(
    two: tuple[Staff, Staff], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = asked(two)
    queued(ENTRIES)
    busy = threading.Event()
    real_grant = commands.grant

    def slow_grant(**given: Any) -> Any:
        """A batch that is decided and not committed for a while."""
        busy.set()
        time.sleep(0.1)
        return real_grant(**given)

    monkeypatch.setattr(commands, "grant", slow_grant)

    def confirm() -> set[int]:
        """What is decided at the very moment at which the confirmation is known."""
        assert busy.wait(WAIT_SECONDS)
        confirm_suspension(actor=two[1], suspension=number, moment=NOON)
        return set(Decision.objects.values_list("entry_id", flat=True))

    def direct() -> None:
        for place in range(10):
            behave(make_resident(), community.CheckedIn(), NOON, key=f"direct{place}", now=NOON)

    answers = at_once(drained, drained, direct, confirm)

    decided = set(Decision.objects.values_list("entry_id", flat=True))
    held = set(Holding.objects.values_list("entry_id", flat=True))
    assert decided == answers[3]
    assert decided
    assert held
    assert not decided & held
    assert len(decided | held) == ENTRIES + 10


def test_two_who_confirm_at_once_pause_once(two: tuple[Staff, Staff]) -> None:
    number, third = asked(two), colleague("Una", *Permission)

    answers = at_once(
        *(
            lambda actor=actor: confirm_suspension(actor=actor, suspension=number, moment=NOON)  # type: ignore[misc]
            for actor in (two[1], third)
        )
    )

    assert sorted(isinstance(answer, UnableToSuspend) for answer in answers) == [False, True]
    assert Confirmation.objects.count() == 1


def test_workers_that_end_a_pause_at_once_release_once_and_decide_everything_once(two: tuple[Staff, Staff]) -> None:
    number = asked(two)
    confirm_suspension(actor=two[1], suspension=number, moment=NOON)
    queued(ENTRIES)
    drained()
    held = Holding.objects.count()
    lifted(two, number)

    at_once(*[lambda: work_off(limit=7, moment=NOON, tell=False)] * 4)
    drained()

    assert held == ENTRIES
    assert Release.objects.get().entries == ENTRIES
    assert Decision.objects.count() == ENTRIES
    assert set(Decision.objects.values_list("outcome", flat=True)) == {Decision.Outcome.PAID}


def test_open_pages_are_told_when_entries_are_held_and_when_they_are_decided(two: tuple[Staff, Staff]) -> None:
    number, ada = asked(two), make_resident()
    confirm_suspension(actor=two[1], suspension=number, moment=NOON)
    with psycopg.connect(conninfo(), autocommit=True) as listener:
        listener.execute(f"LISTEN {LIVE_CHANNEL}")
        told = []
        for act in (lambda: queued_for(ada), lambda: lifted(two, number)):
            act()
            work_off(limit=7, moment=NOON)
            told += [notice.payload for notice in listener.notifies(timeout=2, stop_after=1)]

    assert told == [str(ada), str(ada)]


@pytest.fixture
def mortal() -> Iterator[subprocess.Popen[str]]:
    """A process whose lives end pauses in this test's database."""
    chosen = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "denizen.config.settings", "DENIZEN_DATABASE": json.dumps(chosen),
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "tests.flow.mortal_release"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def test_a_worker_killed_anywhere_while_it_ends_a_pause_loses_nothing_and_decides_nothing_twice(
    two: tuple[Staff, Staff], mortal: subprocess.Popen[str]
) -> None:
    assert mortal.stdin is not None
    assert mortal.stdout is not None
    count, ended, killed = 1, KILLED, 0
    while ended == KILLED:
        ada, number = make_resident(), asked(two)
        confirm_suspension(actor=two[1], suspension=number, moment=NOON)
        for day in range(3):
            at = NOON + timedelta(days=day)
            behave(ada, community.CheckedIn(), at, key=f"{ada}-{day}", now=LATER)
        lifted(two, number)

        mortal.stdin.write(f"{count}\n")
        mortal.stdin.flush()
        ended = int(mortal.stdout.readline())
        work_off(limit=0, moment=LATER, tell=False)
        drained()

        assert balance(ada, NOON + timedelta(days=3)).available == 3 * AMOUNT, f"killed before statement {count}"
        assert Release.objects.get(suspension=number).entries == 3
        killed += ended == KILLED
        count += EVERY
    assert ended == 0
    assert killed >= POINTS_OF_FAULT_MIN
    assert verify() == []
