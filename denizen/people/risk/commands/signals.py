"""Storing what the finders found: once, however often it is found; what rests on it may grow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson

from denizen.kit import db
from denizen.people.risk.rules import Found


def store_signals(*, found: Sequence[Found], version: int, moment: datetime) -> tuple[int, list[int]]:
    """Store ``found``; how many are new, and the signals that are new or grew by an entry or a party, ascending.

    Needs an open transaction.
    """
    db.required()
    if not found:
        return 0, []
    fresh = db.fetch(
        "INSERT INTO risk_signal (code, key, version, strength, numbers, begins_at, ends_at, found_at)"
        " SELECT t.code, t.key, %s, t.strength, t.numbers::jsonb, t.begins_at, t.ends_at, %s FROM unnest("
        " %s::text[], %s::text[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[])"
        " AS t(code, key, strength, numbers, begins_at, ends_at) ORDER BY t.key"
        " ON CONFLICT (key) DO NOTHING RETURNING id",
        (
            version,
            moment,
            [each.code for each in found],
            [each.key for each in found],
            [each.strength for each in found],
            [orjson.dumps(each.numbers).decode() for each in found],
            [each.begins_at for each in found],
            [each.ends_at for each in found],
        ),
    )
    keys = [each.key for each in found]
    ids = dict(db.fetch("SELECT key, id FROM risk_signal WHERE key = ANY(%s::text[])", (keys,)))
    grown = {row[0] for row in fresh}
    grown |= _link("risk_signalparty", "resident_id", [(ids[f.key], one) for f in found for one in f.residents])
    grown |= _link("risk_signalentry", "entry_id", [(ids[f.key], one) for f in found for one in f.entries])
    return len(fresh), sorted(grown)


def _link(table: str, column: str, pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Link signals; those that got a new link."""
    rows = db.fetch(
        f"INSERT INTO {table} (signal_id, {column}) SELECT DISTINCT a, b FROM unnest(%s::bigint[], %s::bigint[])"
        " AS t(a, b) ON CONFLICT DO NOTHING RETURNING signal_id",
        ([signal for signal, _ in pairs], [one for _, one in pairs]),
    )
    return {row[0] for row in rows}
