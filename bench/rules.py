"""How long a rule book takes to be replayed over history, beside the one that ruled; and what pages feel meanwhile.

History is made by the real engine. The replay runs in a process of its own, niced as the jobs process is, while a page
is asked for again and again. The floor reads the very same rows and lets both books decide them, and does nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

import yaml
from django.db import transaction
from django.test import Client

from bench.city import close_connections
from bench.figures import Figure, figure
from bench.mix import BOOK_FROM, MIX
from denizen.ground.chronicle.commands import declare_source, record_checked, sync_kinds
from denizen.ground.chronicle.schemas import check_entry
from denizen.ground.identity.testing import odo
from denizen.kit import db
from denizen.kit.batches import without_collector
from denizen.kit.clock import now, to_micros
from denizen.people.growth.backtest.history import Span, chunks, present_watermark
from denizen.people.growth.backtest.replay import CHUNK
from denizen.people.growth.commands import backtest_here
from denizen.people.growth.pipeline import advance
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import (
    Attributes,
    Facts,
    State,
    TriedBook,
    decide,
    reference_book_text,
    ruling_versions,
    tried_text,
)

ENTRIES = int(os.environ.get("DENIZEN_BENCH_ENTRIES", "1000000"))
RESIDENTS = max(500, ENTRIES // 50)
DAYS = 365
BATCH = 10_000
WORKERS = 2
TAKEN_BACK_PERCENT = 2
NICENESS = 15
PAGE = "/desk/rules/"
PAGES_BEFORE = 40
PAUSE_SECONDS = 0.1
NOW = BOOK_FROM + timedelta(days=DAYS)
SECONDS_GOAL = 60
CHANGED = {"check_in_points": 8, "check_in_value": 2}


def run() -> list[Figure]:
    sync_kinds()
    publish_first_book(text=reference_book_text(), moment=NOW, effective_from=BOOK_FROM)
    with transaction.atomic():
        staff = odo()
    seconds = _history()
    print(f"{ENTRIES:,} entries through the engine in {seconds:,.0f} s")
    db.execute("ANALYZE")
    entries = db.fetch("SELECT count(*) FROM growth_decision")[0][0]
    floor = _floor_seconds(_changed_book())
    client = Client(SERVER_NAME="localhost")
    client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
    alone = [_page_seconds(client) for _ in range(PAGES_BEFORE)]
    told, meanwhile = _replayed_while_asking(client)
    return [
        figure("entries replayed", entries, "entries", goal=">= 1,000,000", ok=entries >= 1_000_000),
        figure("replay of both books, proof and figures", told["seconds"], "s", floor=floor, better="lower",
               goal=f"<= {SECONDS_GOAL} s", ok=told["seconds"] <= SECONDS_GOAL),
        figure("processor time of that", told["processor"], "s", better="lower"),
        figure("live equals replay", float(not told["differing"]), "", goal="1", ok=not told["differing"]),
        figure("payments compared with the journal", told["payments"], "payments", ok=told["payments"] > 0),
        figure("memory of the replaying process, peak", told["memory"], "MB", better="lower"),
        figure("a page, median, while it runs", 1_000 * statistics.median(meanwhile), "ms", better="lower",
               floor=1_000 * statistics.median(alone)),
        figure("a page, 95 of 100, while it runs", 1_000 * _most(meanwhile), "ms", better="lower",
               floor=1_000 * _most(alone)),
    ]  # fmt: skip


def _history() -> float:
    """Seconds until the engine has taken in everything, in two processes, one for each half of the residents."""
    close_connections()
    context = multiprocessing.get_context("fork")
    began = time.perf_counter()
    workers = [context.Process(target=_take_half, args=(half,)) for half in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit("a worker failed; its traceback is above")
    return time.perf_counter() - began


def _take_half(half: int) -> None:
    source = declare_source(code=f"app-{half}", lateness_seconds_max=None)
    share = ENTRIES // WORKERS
    for first in range(0, share, BATCH):
        with without_collector():
            batch = list(_slice(half, first, min(first + BATCH, share), share))
            verdicts = [check_entry(raw, now=to_micros(NOW)) for raw in batch]

            def once(verdicts: list[Any] = verdicts) -> None:
                with db.opening():
                    answers = record_checked(
                        source=source, verdicts=verdicts, create_residents=True, now=NOW, queue=False
                    )
                    advance([answer.fresh for answer in answers if answer.fresh], moment=NOW, tell=False)

            db.retrying(once)


def _slice(half: int, first: int, last: int, share: int) -> Iterator[dict[str, Any]]:
    """Raw entries in order of occurring; some take back an earlier check-in of the same slice."""
    choice = random.Random(f"{half}:{first}")
    kinds = [(kind, payload) for percent, kind, payload in MIX for _ in range(percent)]
    checked_in: list[tuple[str, str]] = []
    for number in range(first, last):
        moment = BOOK_FROM + timedelta(seconds=DAYS * 86_400 * number // share)
        raw: dict[str, Any] = {"occurred_at": moment.isoformat(), "external_id": f"e{half}-{number}"}
        if checked_in and choice.randrange(100) < TAKEN_BACK_PERCENT:
            who, original = checked_in.pop(choice.randrange(len(checked_in)))
            yield {**raw, "kind": "check_in_withdrawn", "resident": who, "payload": {"original": original}}
            continue
        who = f"r{WORKERS * int(RESIDENTS // WORKERS * choice.random() ** 1.6) + half}"
        kind, payload = choice.choice(kinds)
        if kind == "checked_in":
            checked_in.append((who, raw["external_id"]))
        yield {**raw, "kind": kind, "resident": who, "payload": payload(choice, WORKERS * number + half)}


def _changed_book() -> TriedBook:
    data = yaml.safe_load(reference_book_text())
    for rule in data["rules"]:
        if CHANGED.get(rule["code"]):
            rule["amount"] = CHANGED[rule["code"]]
    return tried_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def _floor_seconds(tried: TriedBook) -> float:
    """Read every row and let both books decide it, as if everybody were nobody in particular."""
    live = next(iter(ruling_versions().values()))
    with transaction.atomic():
        span = Span(None, None, present_watermark())
    states, nobody = (State(), State()), Attributes(grade="fan")
    for book, state in zip((live, tried), states, strict=True):
        state.budgets = dict.fromkeys(book.endowments, 2**60)
    began = time.perf_counter()
    for chunk in chunks(span, CHUNK):
        with without_collector():
            for past in chunk:
                question = Facts(past.kind, past.occurred_us, past.payload, past.resident, nobody)
                decide(live.compiled, question, states[0])
                decide(tried.compiled, question, states[1])
    return time.perf_counter() - began


def _replayed_while_asking(client: Client) -> tuple[dict[str, Any], list[float]]:
    """What the replaying process tells, and how long each page took while it ran."""
    close_connections()
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_replay, args=(theirs,))
    worker.start()
    theirs.close()
    meanwhile = []
    while not ours.poll(PAUSE_SECONDS):
        meanwhile.append(_page_seconds(client))
    try:
        told = ours.recv()
    except EOFError:
        raise SystemExit("the replay failed; its traceback is above") from None
    worker.join()
    return told, meanwhile


def _replay(theirs: Connection) -> None:
    os.nice(NICENESS)
    book = _changed_book()
    began = time.perf_counter()
    made = backtest_here(book=book, clock=now, watch=lambda _done, _in_all: None)
    seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    assert made.figures is not None, made.error
    theirs.send(
        {
            "seconds": seconds,
            "processor": used.ru_utime + used.ru_stime,
            "differing": made.figures["replay_differing"],
            "payments": made.figures["replay_payments"],
            "memory": used.ru_maxrss / 1024,
        }
    )


def _page_seconds(client: Client) -> float:
    began = time.perf_counter()
    answer = client.get(PAGE)
    assert answer.status_code == 200, answer.status_code
    return time.perf_counter() - began


def _most(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]
