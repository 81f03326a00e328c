"""Standing itself: brought up to date beside every contribution posting, and rebuilt from the journal alone.

A row is a pure function of the journal: the classes are sums of postings, ``reached_at`` is the latest effective moment
among them. So batches may arrive in any order and twice, and rebuilding gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from denizen.ground.ledger.constants import SLOTS
from denizen.ground.ledger.queries import contribution_balances
from denizen.kit import db
from denizen.people.standing.constants import CONTRIBUTION_CLASSES
from denizen.people.standing.queries import journal

COLUMNS = ", ".join(("resident_id", *CONTRIBUTION_CLASSES, "total", "reached_at"))
NOTHING = (0,) * len(CONTRIBUTION_CLASSES)
COMPARED = (*CONTRIBUTION_CLASSES, "total")

UPSERT = (
    f"INSERT INTO standing_standing AS stored ({COLUMNS})"
    " SELECT r, i, d, e, s, i + d + e + s, '2000-01-01 00:00:00+00'::timestamptz + m * interval '1 microsecond'"
    " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
    " AS fresh(r, i, d, e, s, m)"
    " ON CONFLICT (resident_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COMPARED)
    + ", reached_at = greatest(stored.reached_at, excluded.reached_at) WHERE "
    + " OR ".join(f"stored.{name} <> excluded.{name}" for name in COMPARED)
    + " OR stored.reached_at < excluded.reached_at"
)

WRITTEN = (
    f"INSERT INTO standing_standing AS stored ({COLUMNS}) SELECT {COLUMNS} FROM rebuilt"
    " ON CONFLICT (resident_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*COMPARED, "reached_at"))
    + f" WHERE ({', '.join('stored.' + name for name in (*COMPARED, 'reached_at'))})"
    + f" IS DISTINCT FROM ({', '.join('excluded.' + name for name in (*COMPARED, 'reached_at'))}) RETURNING 1"
)

REBUILD = (
    f"WITH rebuilt AS ({journal.REBUILT}),"
    " gone AS (DELETE FROM standing_standing WHERE resident_id NOT IN (SELECT resident_id FROM rebuilt) RETURNING 1),"
    f" written AS ({WRITTEN}) SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)"
)

RECOUNT = (
    f"WITH rebuilt AS ({journal.REBUILT_OF}),"
    " gone AS (DELETE FROM standing_standing WHERE resident_id = ANY(%(residents)s)"
    "  AND resident_id NOT IN (SELECT resident_id FROM rebuilt) RETURNING 1),"
    f" written AS ({WRITTEN}) SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)"
)


def recompute(*, changes: Mapping[int, int], moment: datetime) -> int:  # noqa: ARG001
    """Bring the standing of residents up to date; how many rows changed (B-01, B-48, B-49).

    ``changes``: resident -> latest effective moment (``kit.clock`` microseconds) of the contribution postings just
    written for him in this transaction, whose wallet the caller holds locked. Two queries for any number of residents;
    rows that say the same already are left alone. ``moment`` is handed to every hop; a row does not keep it, so that
    it can be rebuilt from the journal byte for byte. Needs an open transaction.
    """
    db.required()
    if not changes:
        return 0
    residents = sorted(changes)
    balances = contribution_balances(residents)
    classes = zip(*(balances.get(resident, NOTHING) for resident in residents), strict=True)
    return db.execute(UPSERT, (residents, *map(list, classes), [changes[resident] for resident in residents]))


def recount(*, residents: Collection[int]) -> int:
    """Make the standing of ``residents`` what the journal says counts, to the byte; how many rows changed.

    For who decides that postings count no longer, or again: ``reached_at`` may go back. The caller holds the wallets.
    """
    db.required()
    slots = [slot.value for slot in journal.CLASS_SLOTS]
    accounts = [resident * SLOTS + slot for resident in sorted(set(residents)) for slot in slots]
    return db.fetch(RECOUNT, {"residents": sorted(set(residents)), "accounts": accounts})[0][0]


def rebuild_all() -> int:
    """Rebuild every standing from the journal's postings in one statement; how many rows changed.

    Opens its own transaction. Waits for recomputations at work and holds later ones back until it commits: these then
    read balances that are newer than what was rebuilt, so nothing can be lost between the two.
    """
    with db.opening():
        db.execute("LOCK TABLE standing_standing IN SHARE ROW EXCLUSIVE MODE")
        return db.fetch(REBUILD)[0][0]
