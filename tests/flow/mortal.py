"""A worker that dies on command: run as a process, it forks a life for every line it reads.

A line says ``<fault> <count> <resident> ...``. The life reports two batches and works the queue off; right before its
``count``-th statement or commit, or right after that commit, it is killed (``kill``), or its database connection is
(``backend``). The process answers with how the life ended: ``0`` when it came to its end.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import django
import psycopg

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LATER = NOON + timedelta(days=30)
DAY = timedelta(days=1)


def reports(residents: Sequence[int]) -> list[list[Any]]:
    """Two batches of entries of the given residents; their keys are their own."""
    from denizen.ground.chronicle.commands import new_entry  # noqa: PLC0415
    from denizen.ground.chronicle.kinds import community, purchase  # noqa: PLC0415

    ada, ben = residents
    car = purchase.VehicleDelivered(model="m1", vehicle="va", founder_edition=False, channel="new")
    own = purchase.VehicleDelivered(model="m1", vehicle="vb", founder_edition=True, channel="new")
    doings = [
        [
            (ben, own, 0), (ada, community.CheckedIn(), 0), (ada, community.CheckedIn(), 1),
            (ada, community.Registered(), 1),
        ],
        [
            (ada, purchase.InvitationAccepted(inviter=ben), 2), (ada, purchase.OrderPlaced(order=f"o{ada}"), 3),
            (ada, car, 4), (ada, community.CheckInWithdrawn(original=f"{ada}-0-1"), 5), (ben, community.CheckedIn(), 5),
            (ada, purchase.DeliveryCancelled(original=f"{ada}-1-2"), 6), (ada, community.CheckedIn(), 7),
        ],
    ]  # fmt: skip
    return [
        [
            new_entry(what, resident=who, occurred_at=NOON + day * DAY, external_id=f"{ada}-{batch}-{place}")
            for place, (who, what, day) in enumerate(one)
        ]
        for batch, one in enumerate(doings)
    ]


def live(residents: Sequence[int], fate: Fate | None = None) -> None:
    """Report the first batch and decide it at once, as imports do; put the second one in the queue and work it off."""
    from denizen.ground.chronicle.commands import record  # noqa: PLC0415
    from denizen.kit import db  # noqa: PLC0415
    from denizen.people.growth.pipeline import advance, work_off  # noqa: PLC0415
    from denizen.people.growth.testing import app_source, fresh_of  # noqa: PLC0415

    source = app_source()
    first, second = reports(residents)
    if fate:
        fate.rule()
    with db.opening():
        answers = record(source=source, entries=first, recorded_at=LATER, queue=False)
        advance(fresh_of(answers), moment=LATER)
    with db.opening():
        record(source=source, entries=second, recorded_at=LATER)
    while db.fetch("SELECT 1 FROM chronicle_undecided WHERE state = 'ready' LIMIT 1"):
        work_off(limit=20, moment=LATER)


class Fate:
    """Counts statements and commits, and strikes before one of them."""

    def __init__(self, fault: str, count: int) -> None:
        self.fault = fault
        self.left = count

    def strike(self, connection: psycopg.Connection[Any]) -> None:
        self.left -= 1
        if self.left:
            return
        if self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        with psycopg.connect(connection.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))

    def rule(self) -> None:
        """Stand before every execute, copy and commit, and behind every commit."""
        for name in ("execute", "copy"):
            setattr(psycopg.Cursor, name, self._before(getattr(psycopg.Cursor, name), lambda cursor: cursor.connection))
        commit = self._before(psycopg.Connection.commit, lambda connection: connection)

        def committing(connection: psycopg.Connection[Any]) -> None:
            commit(connection)
            self.strike(connection)

        psycopg.Connection.commit = committing  # type: ignore[method-assign]

    def _before(self, act: Callable[..., Any], connection_of: Callable[[Any], Any]) -> Callable[..., Any]:
        def acting(who: Any, *args: Any, **kwargs: Any) -> Any:
            if self.left > 0:
                self.strike(connection_of(who))
            return act(who, *args, **kwargs)

        return acting


def main() -> None:
    django.setup()
    import denizen.people.growth.testing  # noqa: F401, PLC0415 - once here, so that no life has to

    for line in sys.stdin:
        fault, count, *residents = line.split()
        life = os.fork()
        if not life:
            try:
                live([int(resident) for resident in residents], Fate(fault, int(count)))
            except Exception as error:  # The connection died: so does whoever held it.
                os._exit(1 if isinstance(error.__cause__ or error, psycopg.OperationalError) else 2)
            os._exit(0)
        print(os.waitpid(life, 0)[1], flush=True)


if __name__ == "__main__":
    main()
