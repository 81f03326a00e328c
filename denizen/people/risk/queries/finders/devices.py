"""Shared devices: one device that is the main device of more residents than a household has."""

from __future__ import annotations

from datetime import datetime

from denizen.kit import db
from denizen.people.risk.constants import SignalCode, TraceCode
from denizen.people.risk.rules import Found, Parameters, strength_over

USERS_SQL = """
WITH fresh AS (
  SELECT trace, max(seen_at) AS last FROM risk_sighting WHERE entry_id > %(since)s AND code = %(code)s GROUP BY 1),
users AS (
  SELECT fresh.trace, seen.resident_id, count(*) AS n, max(fresh.last) AS last
  FROM fresh JOIN risk_sighting AS seen ON seen.code = %(code)s AND seen.trace = fresh.trace
    AND seen.seen_at BETWEEN fresh.last - %(days)s * interval '1 day' AND fresh.last
  GROUP BY 1, 2 HAVING count(*) >= %(entries)s),
crowded AS (SELECT trace FROM users GROUP BY 1 HAVING count(*) >= %(residents)s)
SELECT users.trace, users.resident_id, users.n, users.last,
  (SELECT count(*) FROM risk_sighting AS own WHERE own.resident_id = users.resident_id AND own.code = %(code)s
     AND own.seen_at BETWEEN users.last - %(days)s * interval '1 day' AND users.last)
FROM users JOIN crowded USING (trace) ORDER BY 1, 2
"""
ENTRIES_SQL = """
SELECT entry_id, seen_at FROM risk_sighting WHERE code = %s AND trace = %s AND resident_id = ANY(%s)
  AND seen_at BETWEEN %s - %s * interval '1 day' AND %s ORDER BY entry_id
"""


def shared_devices(since: int, _moment: datetime, parameters: Parameters) -> list[Found]:
    """One for each device and period (aligned in ``device_days``).

    A tablet in a public place is nobody's main device, so its many visitors are not meant.
    """
    rows = db.fetch(
        USERS_SQL,
        {
            "since": since,
            "code": TraceCode.DEVICE.value,
            "days": parameters.device_days,
            "entries": parameters.device_entries_min,
            "residents": parameters.device_residents_min,
        },
    )
    users: dict[str, list[tuple[int, int]]] = {}
    latest = {}
    for trace, resident, count, last, own in rows:
        latest[trace] = last
        if count * 1_000 >= own * parameters.device_main_share:
            users.setdefault(trace, []).append((resident, count))
    found = []
    for trace, known in users.items():
        if len(known) < parameters.device_residents_min:
            continue
        last = latest[trace]
        residents = [resident for resident, _ in known]
        entries = db.fetch(ENTRIES_SQL, (TraceCode.DEVICE.value, trace, residents, last, parameters.device_days, last))
        period = int(last.timestamp()) // (86_400 * parameters.device_days)
        found.append(
            Found(
                code=SignalCode.SHARED_DEVICE,
                key=f"device:{trace[:80]}:{period}",
                strength=strength_over(len(known), parameters.device_residents_min),
                residents=tuple(residents),
                entries=tuple(entry for entry, _ in entries),
                begins_at=min(moment for _, moment in entries),
                ends_at=last,
                numbers={"residents": len(known), "entries": len(entries), "days": parameters.device_days},
            )
        )
    return found
