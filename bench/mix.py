"""A day's work of a lively city: raw entries of seven kinds, as sources send them, seeded."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

BOOK_FROM = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 60 * 24 * 40

Payload = Callable[[random.Random, int], dict[str, Any]]

MIX: tuple[tuple[int, str, Payload], ...] = (
    # percent, kind, payload
    (30, "checked_in", lambda r, n: {}),
    (25, "commented", lambda r, n: {"comment": f"c{n}", "subject": f"s{n % 900}", "length": r.randrange(1, 200),
                                    "fingerprint": f"f{n}"}),
    (15, "content_published", lambda r, n: {"work": f"w{n}", "form": "moment", "pictures": r.randrange(9),
                                            "length": r.randrange(10, 400)}),
    (10, "reposted", lambda r, n: {"subject": f"s{n % 900}"}),
    (8, "evaluation_submitted", lambda r, n: {"scene": "use", "record": f"u{n}", "score": r.randrange(101)}),
    (8, "activity_attended", lambda r, n: {"activity": f"a{r.randrange(300)}", "direction": "outward"}),
    (4, "own_pile_used", lambda r, n: {"pile": f"p{n % 50}", "energy": r.randrange(5_000, 80_000)}),
)  # fmt: skip


def raw_entries(*, seed: int, residents: int, entries: int, streams: int) -> list[list[dict[str, Any]]]:
    """``entries`` raw entries in order of occurring, dealt to ``streams`` by resident."""
    choice = random.Random(seed)
    kinds = [(kind, payload) for share, kind, payload in MIX for _ in range(share)]
    dealt: list[list[dict[str, Any]]] = [[] for _ in range(streams)]
    for number in range(entries):
        resident = int(residents * choice.random() ** 1.6)
        kind, payload = choice.choice(kinds)
        moment = BOOK_FROM + timedelta(minutes=MINUTES * number // entries, seconds=choice.randrange(60))
        dealt[resident % streams].append(
            {
                "kind": kind, "resident": f"r{resident}", "occurred_at": moment.isoformat(),
                "external_id": f"e{seed}-{number}", "payload": payload(choice, number),
            }
        )  # fmt: skip
    return dealt
