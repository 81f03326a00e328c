"""The only door to the job library: work that would keep a request waiting is put down here, and done elsewhere.

A job is put down in the transaction that gives cause for it, and lies in the same database. It runs in the process
``jobs``, in a thread, one at a time. It may begin more than once: when its process is killed, the next one takes it
up again, so a job must find out by itself how far it may go on, and end the same. A job puts down no jobs itself.

``@job(name)`` declares one, in a module ``jobs`` of a room. ``put_down`` asks for it by name. ``leaving`` tells a
running job that its process wants to end: it raises ``Leaving`` soon, and begins again in the next process.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar, cast

from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from denizen.kit import db

QUEUE = "jobs"
HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 10.0
LEAVE_SECONDS_MAX = 4.0
BEGIN_MAX = 1_000
AWAY = (ConnectorException,)
"""What the library says when the database is gone."""
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Work = TypeVar("Work", bound=Callable[..., None])

log = logging.getLogger(__name__)
_leaving = threading.Event()


class Leaving(Exception):
    """The process that runs the job wants to end; the job begins again in the next one."""


def job(name: str) -> Callable[[Work], Work]:
    """Declare ``name`` to be done by the decorated function, whose arguments are plain JSON values."""

    def declare(work: Work) -> Work:
        again = RetryStrategy(max_attempts=BEGIN_MAX, retry_exceptions={Leaving})
        app.task(name=name, queue=QUEUE, retry=again)(work)
        return work

    return declare


def put_down(name: str, **arguments: str | int) -> None:
    """Ask for the job ``name``. Needs an open transaction: the job is there when, and only when, its cause is."""
    db.required()
    app.configure_task(name, queue=QUEUE).defer(**arguments)


def leaving() -> bool:
    """Whether the process that runs the job was asked to end."""
    return _leaving.is_set()


def work_off(*, wait: bool = True) -> None:
    """Do jobs until asked to stop by a signal; with ``wait`` false, until none is left. Blocks, in the main thread."""
    db.outside()
    _leaving.clear()
    asyncio.run(_work_off(wait))


async def _work_off(wait: bool) -> None:
    # The library wants an asynchronous connection for working; Django's stays for putting down.
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await _take_up_again(working)
            worker = asyncio.create_task(
                working.run_worker_async(
                    queues=[QUEUE],
                    concurrency=1,
                    wait=wait,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS,
                    shutdown_graceful_timeout=LEAVE_SECONDS_MAX,
                )
            )
            looking = asyncio.create_task(_keep_looking(working))
            try:
                with _heeding(worker):
                    await worker
            except asyncio.CancelledError:
                log.info("The jobs process was asked to end.")
            finally:
                looking.cancel()


@contextmanager
def _heeding(worker: asyncio.Task[None]) -> Iterator[None]:
    """A signal asks the running job to leave, and the worker to end after it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()

    def stop() -> None:
        _leaving.set()
        worker.cancel()

    before = {number: signal.getsignal(number) for number in STOPPING}
    for number in STOPPING:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


async def _keep_looking(working: App) -> None:
    while True:
        await asyncio.sleep(STALLED_SECONDS)
        await _take_up_again(working)


async def _take_up_again(working: App) -> None:
    """Jobs whose process died without a word: its heart has not beaten for a while."""
    manager = working.job_manager
    for stalled in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_SECONDS):
        if stalled.id is not None:
            log.warning("The job %s was left by a process that died; it is taken up again.", stalled.task_name)
            await manager.retry_job_by_id_async(stalled.id, retry_at=datetime.now(tz=UTC))
