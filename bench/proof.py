"""How fast the journal is sealed, proven and checked from outside, and what a posting's proof takes on the disk.

The floor is the hashing alone: SHA-256 once over the bytes of each posting, in one process, with the bytes at hand.
What is above it is reading the postings with their entries and commitments, trees, and writing the seals.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from bench.figures import Figure, figure
from denizen.config.errands.exporting import export_journal
from denizen.config.errands.sealing import seal_up_to
from denizen.ground.chronicle.commands import sync_kinds
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.queries import closed_days, inclusion_of, roots_text, verify_roots, verify_seals
from denizen.ground.ledger.seals.leaves import leaves
from denizen.kit import db
from denizen.kit.clock import now

POSTINGS = int(os.environ.get("DENIZEN_BENCH_POSTINGS", "100000"))
RESIDENTS = 2_000
GOAL_RATE = 10_000
TOOL = Path(__file__).resolve().parents[1] / "tools" / "verify_journal.py"
TABLES = ("ledger_seal", "ledger_sealmarks", "ledger_dayroot", "ledger_entrysalt", "ledger_reasoncommitment")

FILL = (
    "INSERT INTO chronicle_source (code) VALUES ('bench')",
    "INSERT INTO chronicle_resident (id, public_id, created_at)"
    f" SELECT 1000 + n, gen_random_uuid(), '2026-01-01' FROM generate_series(1, {RESIDENTS}) AS n",
    "INSERT INTO ledger_purpose (code) VALUES ('award:check_in_points')",
    "INSERT INTO ledger_account (id, resident_id, role, balance, reserved)"
    " SELECT id * 8, id, 0, 0, 0 FROM chronicle_resident",
    "INSERT INTO chronicle_entry (id, kind_id, kind_version, resident_id, source_id, occurred_at, recorded_at, payload)"
    f" SELECT n, (SELECT min(id) FROM chronicle_kindcode), 1, 1001 + n %% {RESIDENTS},"
    " (SELECT id FROM chronicle_source), '2026-01-01'::timestamptz + n * interval '1 second', now(),"
    ' \'{{"amount": 12900, "items": 3}}\''
    " FROM generate_series(1, {postings}) AS n",
    "INSERT INTO chronicle_entrykey (source_id, external_id, entry_id, payload_hash)"
    " SELECT source_id, 'order-' || id, id, decode(md5(id::text), 'hex') FROM chronicle_entry",
    "INSERT INTO ledger_posting (id, debit_id, credit_id, amount, code, purpose_id, entry_id, effect_no, effective_at,"
    " recorded_at) SELECT entry.id, 1, resident_id * 8, 5, 2, (SELECT id FROM ledger_purpose), entry.id, 0,"
    " occurred_at, recorded_at FROM chronicle_entry AS entry ORDER BY entry.id",
    "SELECT setval('ledger_posting_id_seq', {postings})",
    "ANALYZE",
)


def run() -> list[Figure]:
    sync_kinds()
    for statement in FILL:
        db.execute(statement.format(postings=POSTINGS))
    hashing = _hashing()
    floor = min(_timed(hashing) for _ in range(3))
    sealing = _timed(_seal)
    proving = _timed(_prove)
    outside = _outside()
    one = _timed(lambda: inclusion_of(POSTINGS // 2))
    size = db.fetch("SELECT sum(pg_total_relation_size(t::regclass)) FROM unnest(%s::text[]) AS t", (list(TABLES),))
    rate = POSTINGS / sealing
    return [
        figure("sealing, postings per second", rate, "1/s", goal=f">= {GOAL_RATE}", ok=rate >= GOAL_RATE),
        figure("sealing", sealing, "s", floor=floor, better="lower"),
        figure("proving by denizen verify", proving, "s", floor=floor, better="lower"),
        figure("checking by verify_journal.py", outside, "s", floor=floor, better="lower"),
        figure("one proof of inclusion", one * 1000, "ms", goal="<= 250 ms", better="lower", ok=one <= 0.25),
        figure("proof on the disk", int(size[0][0]) / POSTINGS, "bytes per posting", better="lower"),
    ]


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _hashing() -> Callable[[], object]:
    texts = [leaf.text.encode() for leaf in leaves(after=0, up_to=2**62, limit=POSTINGS)]
    return lambda: [sha256(text).digest() for text in texts]


def _seal() -> None:
    noted = ledger.horizon()
    assert ledger.is_settled(noted)
    assert seal_up_to(noted, moment=now() - timedelta(days=1)) == POSTINGS


def _prove() -> None:
    with db.opening():
        assert ledger.close_days(moment=now(), time_zone="UTC") == 1
        assert verify_seals() == []


def _outside() -> float:
    """The tool on an export, without the time of exporting."""
    with tempfile.TemporaryDirectory() as folder:
        journal, roots = Path(folder) / "journal.jsonl", Path(folder) / "roots.txt"
        export_journal(output=journal)
        roots.write_text(roots_text(closed_days()), encoding="utf-8")
        assert verify_roots(roots) == []
        return _timed(lambda: subprocess.run([sys.executable, TOOL, journal, "--roots", roots], check=True))
