"""Rings: points that go round between two, three or four residents, and mostly stay among them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from denizen.ground.ledger.constants import Code
from denizen.kit import db
from denizen.people.risk.constants import SignalCode
from denizen.people.risk.queries.finders.kinds import GIFTS
from denizen.people.risk.rules import Found, Parameters, balance_of, ring_of, strength_over

FRESH_SQL = """
SELECT min(given_at), max(given_at) FROM (
  SELECT occurred_at AS given_at FROM chronicle_entry WHERE id > %(since)s AND kind_id = ANY(%(kinds)s)
  UNION ALL SELECT effective_at FROM ledger_posting WHERE code = %(transfer)s AND entry_id > %(since)s) AS fresh
"""
GIVEN = f"""
  SELECT entry.id, entry.resident_id AS giver,
    CASE entry.kind_id {" ".join(f"WHEN {kind} THEN (payload->>'{field}')::bigint" for kind, field in GIFTS.items())}
    END AS taker, (payload->>'points')::bigint AS points, entry.occurred_at AS given_at
  FROM chronicle_entry AS entry
  WHERE entry.kind_id = ANY(%(kinds)s) AND entry.occurred_at BETWEEN %(from)s AND %(until)s
  UNION ALL
  SELECT posting.entry_id, posting.debit_id / 8, posting.credit_id / 8, posting.amount, posting.effective_at
  FROM ledger_posting AS posting JOIN chronicle_entry AS entry ON entry.id = posting.entry_id
  WHERE posting.code = %(transfer)s AND entry.kind_id <> ALL(%(kinds)s)
    AND posting.effective_at BETWEEN %(from)s AND %(until)s
"""
EDGES_SQL = f"""
WITH given AS ({GIVEN}),
edges AS (
  SELECT giver, taker, count(*) AS times, sum(points)::bigint AS points, max(id) AS latest
  FROM given GROUP BY 1, 2)
SELECT giver, taker, times, points, latest FROM edges
"""
ENTRIES_SQL = f"""
WITH given AS ({GIVEN})
SELECT given.id, given.given_at FROM given
JOIN unnest(%(givers)s::bigint[], %(takers)s::bigint[]) AS edge(giver, taker)
  ON edge.giver = given.giver AND edge.taker = given.taker ORDER BY given.id
"""
Edges = dict[int, dict[int, tuple[int, int, int]]]


def rings(since: int, _moment: datetime, parameters: Parameters) -> list[Found]:
    """One for each ring and period (aligned in ``ring_days``) in which something was given on it since the mark."""
    found: dict[str, Found] = {}
    for until in _anchors(since, parameters):
        for each in _rings_until(until, since, parameters):
            found.setdefault(each.key, each)
    return list(found.values())


def _anchors(since: int, parameters: Parameters) -> list[datetime]:
    """Ends of the windows to look at, half a window apart, so that what lies within half a window is never cut."""
    first, last = db.fetch(FRESH_SQL, {"since": since, "kinds": sorted(GIFTS), "transfer": Code.TRANSFER.value})[0]
    if last is None:
        return []
    step = timedelta(days=parameters.ring_days) / 2
    return [last - step * number for number in range((last - first) // step + 1)]


def _rings_until(until: datetime, since: int, parameters: Parameters) -> list[Found]:
    window = {
        "kinds": sorted(GIFTS),
        "transfer": Code.TRANSFER.value,
        "from": until - timedelta(days=parameters.ring_days),
        "until": until,
    }
    edges: Edges = defaultdict(dict)
    given: dict[int, int] = defaultdict(int)
    for giver, taker, times, points, latest in db.fetch(EDGES_SQL, window):
        given[giver] += points
        if times >= parameters.ring_gifts_min and points >= parameters.ring_points_min:
            edges[giver][taker] = (times, points, latest)
    found = []
    for ring in sorted(_cycles(edges)):
        flows = [edges[a][b] for a, b in _around(ring)]
        if max(latest for _, _, latest in flows) > since and _weighs(ring, flows, given, parameters):
            found.append(_found(ring, flows, given, window, parameters))
    return found


def _cycles(edges: Edges) -> set[tuple[int, ...]]:
    """Simple rings of two to four, each written from its smallest member."""
    cycles: set[tuple[int, ...]] = set()
    for first in list(edges):
        paths: list[tuple[int, ...]] = [(first,)]
        for _ in range(4):
            longer: list[tuple[int, ...]] = []
            for path in paths:
                for taker in edges.get(path[-1], ()):
                    if taker == first and len(path) > 1:
                        cycles.add(ring_of(path))
                    elif taker > first and taker not in path and len(path) < 4:
                        longer.append((*path, taker))
            paths = longer
    return cycles


def _around(ring: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(zip(ring, (*ring[1:], ring[0]), strict=True))


def _weighs(
    ring: tuple[int, ...], flows: list[tuple[int, int, int]], given: dict[int, int], parameters: Parameters
) -> bool:
    points = [amount for _, amount, _ in flows]
    if len(ring) == 2 and min(points) < parameters.ring_pair_points_min:
        return False
    if balance_of(points) < parameters.ring_balance_min:
        return False
    return _closed(ring, points, given) >= parameters.ring_closed_min


def _closed(ring: tuple[int, ...], points: list[int], given: dict[int, int]) -> int:
    """What of all the members gave stays on the ring, in permille."""
    return sum(points) * 1_000 // max(1, sum(given[member] for member in ring))


def _found(
    ring: tuple[int, ...],
    flows: list[tuple[int, int, int]],
    given: dict[int, int],
    window: dict[str, object],
    parameters: Parameters,
) -> Found:
    pairs = _around(ring)
    rows = db.fetch(ENTRIES_SQL, {**window, "givers": [a for a, _ in pairs], "takers": [b for _, b in pairs]})
    ends_at = max(moment for _, moment in rows)
    points = [amount for _, amount, _ in flows]
    period = int(ends_at.timestamp()) // (86_400 * parameters.ring_days)
    return Found(
        code=SignalCode.RING,
        key=f"ring:{'-'.join(map(str, ring))}:{period}",
        strength=strength_over(min(points), parameters.ring_points_min),
        residents=tuple(sorted(ring)),
        entries=tuple(entry for entry, _ in rows),
        begins_at=min(moment for _, moment in rows),
        ends_at=ends_at,
        numbers={
            "size": len(ring),
            "points": sum(points),
            "gifts": sum(times for times, _, _ in flows),
            "least": min(points),
            "balance": balance_of(points),
            "closed": _closed(ring, points, given),
            "way": ">".join(map(str, ring)),
            "flows": ">".join(map(str, points)),
        },
    )
