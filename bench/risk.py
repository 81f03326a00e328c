"""What the finders find: precision and recall on a seeded city, real people wrongly suspected, and the time of a look.

The seeded city holds abusers who stay below every threshold on purpose, so recall cannot be perfect. The floor of a
look is a plain count of the same entries.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bench.figures import Figure, figure
from denizen.ground.chronicle.commands import declare_source, new_entry, record, sync_kinds
from denizen.ground.chronicle.ingestion import ingest_file, load_mapping
from denizen.ground.chronicle.models import Resident
from denizen.kit import db
from denizen.people.growth.pipeline import advance
from denizen.people.risk.commands import sweep
from denizen.people.risk.constants import SignalCode
from denizen.people.risk.models import SignalParty
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text
from tests.flow.abuse import Seeded, seeded

HONEST = int(os.environ.get("DENIZEN_BENCH_HONEST", "1000"))
BOOK_FROM = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 5_000
STRONG = 500
SCHEME_OF = {SignalCode.BURST: "flood", SignalCode.REGULARITY: "script", SignalCode.SHARED_DEVICE: "device_farm"}
HOW_TO = Path(__file__).parents[1] / "docs" / "how-to"
LOGS = {"cdnow": "cdnow_purchases.txt", "college": "college_messages.txt"}
NUMBERS = count(1)


def run() -> list[Figure]:
    sync_kinds()
    publish_first_book(text=reference_book_text(), moment=BOOK_FROM, effective_from=BOOK_FROM)
    plan = seeded(seed=7, honest=HONEST)
    numbers = _lived(plan)
    counted = _seconds(lambda: db.fetch("SELECT count(*) FROM chronicle_entry WHERE id > 0"))
    looked = _seconds(lambda: sweep(moment=plan.ends_at))
    settled = plan.ends_at + timedelta(hours=2)
    sweep(moment=settled)
    again = _seconds(lambda: sweep(moment=settled + timedelta(hours=2)))
    found = _flagged(numbers)
    return [
        *_found_figures(plan, found),
        figure(f"the first look at {len(plan.doings):,} entries", looked, "s", floor=counted, better="lower",
               goal="<= 20 s", ok=looked <= 20),
        figure("a look when nothing is new", again, "s", better="lower", goal="<= 0.2 s", ok=again <= 0.2),
        *(_wrongly_suspected(name, file) for name, file in LOGS.items() if "DENIZEN_DATA" in os.environ),
    ]  # fmt: skip


def _lived(plan: Seeded) -> dict[int, int]:
    """Everybody does what the script says; numbers of the script by the resident's key."""
    people = Resident.objects.bulk_create(Resident(created_at=BOOK_FROM) for _ in range(plan.people))
    keys = {number: person.pk for number, person in enumerate(people, start=1)}
    source = declare_source(code="app", lateness_seconds_max=None)
    for start in range(0, len(plan.doings), BATCH):
        entries = [
            new_entry(
                doing.make(keys), resident=keys[doing.who], occurred_at=doing.moment, external_id=f"d{next(NUMBERS)}"
            )
            for doing in plan.doings[start : start + BATCH]
        ]
        with db.opening():
            answers = record(source=source, entries=entries, recorded_at=plan.ends_at, queue=False)
            advance([each.fresh for each in answers if each.fresh], moment=plan.ends_at, tell=False)
    db.execute("ANALYZE")
    return {key: number for number, key in keys.items()}


def _flagged(numbers: dict[int, int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    strong = SignalParty.objects.filter(signal__strength__gte=STRONG, resident__in=list(numbers))
    for code, resident in strong.values_list("signal__code", "resident_id"):
        found[code].add(numbers[resident])
    return found


def _found_figures(plan: Seeded, found: dict[str, set[int]]) -> list[Figure]:
    figures = []
    everybody: set[int] = set().union(*found.values())
    for code in SignalCode:
        meant = plan.schemes[SCHEME_OF.get(code, code.value)]
        share = len(found[code] & meant) / len(meant)
        figures.append(figure(f"recall: {code.value}", share, "", goal=">= 0.7", ok=share >= 0.7))
    precision = len(everybody & plan.schemers) / max(1, len(everybody))
    recall = len(everybody & plan.schemers) / len(plan.schemers)
    wrongly = len(everybody - plan.schemers) / (plan.people - len(plan.schemers))
    return [
        *figures,
        figure("precision, all signals", precision, "", goal=">= 0.97", ok=precision >= 0.97),
        figure("recall, all signals", recall, "", goal=">= 0.86", ok=recall >= 0.86),
        figure("honest people suspected", wrongly, "", better="lower", goal="<= 0.01", ok=wrongly <= 0.01),
    ]


def _wrongly_suspected(name: str, file: str) -> Figure:
    """The share of real people, known of no abuse, whom a strong signal speaks of."""
    known = set(Resident.objects.values_list("id", flat=True))
    ingest_file(
        path=Path(os.environ["DENIZEN_DATA"]) / "behaviour" / file,
        mapping=load_mapping(HOW_TO / f"{name}.map.yaml"),
        advance=lambda _entries, _moment: None,  # signals look at behaviour, not at what it brought
        clock=lambda: datetime(2026, 6, 1, tzinfo=UTC),
        rejected_path=Path(os.environ["DENIZEN_HOME"]) / "rejected-lines",
    )
    db.execute("ANALYZE")
    sweep(moment=datetime(2026, 8, 1, tzinfo=UTC) + timedelta(days=next(NUMBERS) % 100))
    people = set(Resident.objects.values_list("id", flat=True)) - known
    suspected = set(
        SignalParty.objects.filter(signal__strength__gte=STRONG, resident__in=people).values_list("resident", flat=True)
    )
    share = len(suspected) / len(people)
    return figure(f"real people suspected: {name}", share, "", better="lower", goal="0", ok=share == 0)


def _seconds(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began
