"""How many behaviours a second the engine takes: checked, recorded, decided, posted and ranked, against plain COPY.

Both sides use both cores: the engine two processes, one for each half of the residents; the floor the better of one
stream and two. The floor copies the very same final rows into the same tables, with all indexes and constraints.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from datetime import timedelta
from multiprocessing.synchronize import Event, Semaphore
from typing import Any

from bench.city import close_connections
from bench.figures import Figure, figure
from bench.floor import bytes_written, floor_seconds, rows_written
from bench.mix import BOOK_FROM, MINUTES, raw_entries
from denizen.ground.chronicle.commands import declare_source, record_checked, sync_kinds
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.schemas import check_entry
from denizen.kit import db
from denizen.kit.batches import without_collector
from denizen.kit.clock import to_micros
from denizen.people.growth.pipeline import advance
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import book_of, reference_book_text, version_in_force
from denizen.people.standing.commands import rebuild_all

RESIDENTS = 5_000
ENTRIES = int(os.environ.get("DENIZEN_BENCH_ENTRIES", "160000"))
BATCH = int(os.environ.get("DENIZEN_BENCH_BATCH", "10000"))
WORKERS = 2
STANDINGS = 100_000
NOW = BOOK_FROM + timedelta(minutes=MINUTES)


def run() -> list[Figure]:
    sync_kinds()
    publish_first_book(text=reference_book_text(), moment=NOW, effective_from=BOOK_FROM)
    rules = len(book_of(version_in_force(NOW)).rules)  # type: ignore[arg-type]
    _take_all("warm-up", raw_entries(seed=1, residents=RESIDENTS, entries=3_000, streams=1)[0])

    rows_before, bytes_before = rows_written(), bytes_written()
    seconds, memory = _measured(raw_entries(seed=7, residents=RESIDENTS, entries=ENTRIES, streams=WORKERS))
    rate = ENTRIES / seconds
    rows = rows_written()
    size = (bytes_written() - bytes_before) / ENTRIES
    floor = ENTRIES / (floor_seconds() * (rows - rows_before) / rows)
    return [
        figure("entries end to end, in batches", rate, "entries/s", floor=floor,
               goal="ratio >= 0.5 and >= 10,000/s", ok=rate / floor >= 0.5 and rate >= 10_000),
        figure("rules in force", rules, "rules", goal=">= 50", ok=rules >= 50),
        figure("rows written for an entry", (rows - rows_before) / ENTRIES, "rows", better="lower"),
        figure("size of an entry with all it caused, indexes included", size, "bytes", better="lower"),
        figure("memory of a worker process, peak", memory, "MB", better="lower"),
        figure(f"{STANDINGS:,} standings rebuilt from the journal", _rebuilt(), "s", better="lower"),
    ]  # fmt: skip


def _measured(streams: list[list[dict[str, Any]]]) -> tuple[float, float]:
    """Seconds until every stream is through, from raw entries to committed effects, and a worker's peak memory."""
    close_connections()
    context = multiprocessing.get_context("fork")
    ready, start = context.Semaphore(0), context.Event()
    workers = [
        context.Process(target=_worker, args=(f"app-{number}", stream, ready, start))
        for number, stream in enumerate(streams)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    began = time.perf_counter()
    start.set()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - began
    if any(worker.exitcode for worker in workers):
        raise SystemExit("a worker failed; its traceback is above")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _worker(source: str, stream: list[dict[str, Any]], ready: Semaphore, start: Event) -> None:
    db.fetch("SELECT 1")
    ready.release()
    start.wait()
    _take_all(source, stream)


def _take_all(source_code: str, stream: list[dict[str, Any]]) -> None:
    """Check, record and advance in batches, each batch one transaction."""
    source = declare_source(code=source_code, lateness_seconds_max=None)
    for begin in range(0, len(stream), BATCH):
        with without_collector():
            _take(source, stream[begin : begin + BATCH])


def _take(source: Source, batch: list[dict[str, Any]]) -> None:
    verdicts = [check_entry(raw, now=to_micros(NOW)) for raw in batch]

    def once() -> None:
        with db.opening():
            answers = record_checked(source=source, verdicts=verdicts, create_residents=True, now=NOW, queue=False)
            advance([answer.fresh for answer in answers if answer.fresh], moment=NOW, tell=False)

    db.retrying(once)


def _rebuilt() -> float:
    """Seconds to rebuild the standing of ``STANDINGS`` residents with three postings of contribution each."""
    with db.connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO chronicle_resident (id, public_id, created_at)"
            " SELECT 1000000 + n, gen_random_uuid(), now() FROM generate_series(1, %s) n",
            (STANDINGS,),
        )
        cursor.execute(
            "INSERT INTO ledger_posting (debit_id, credit_id, amount, code, purpose_id, effect_no, effective_at,"
            " recorded_at) SELECT 4001, (1000000 + n) * 8 + 2 + k, 1 + n %% 7, 2, (SELECT min(id) FROM ledger_purpose),"
            " 0, now() - n * interval '1 second', now() FROM generate_series(1, %s) n, generate_series(0, 2) k",
            (STANDINGS,),
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    began = time.perf_counter()
    rebuild_all()
    return time.perf_counter() - began
