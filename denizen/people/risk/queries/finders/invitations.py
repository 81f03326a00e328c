"""Invitations by which somebody invites himself, each invites the other, or many are invited who have no life."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from denizen.kit import db
from denizen.people.risk.constants import SignalCode, TraceCode
from denizen.people.risk.queries.finders.kinds import BUYING, INVITED
from denizen.people.risk.rules import Found, Parameters, strength_over

STEPS = sorted([*BUYING, INVITED])
"""Kinds of the way from an invitation to a car."""

FRESH_SQL = """
SELECT invitation.buyer_id, invitation.inviter_id, invitation.bound_at FROM identity_invitation AS invitation
WHERE invitation.buyer_id IN (
  SELECT resident_id FROM chronicle_entry WHERE id > %(since)s AND kind_id = ANY(%(steps)s)
  UNION SELECT resident_id FROM risk_sighting WHERE entry_id > %(since)s AND code <> 'device')
ORDER BY invitation.buyer_id
"""
SHARED_SQL = """
WITH pair AS (
  SELECT * FROM unnest(%(invited)s::bigint[], %(inviters)s::bigint[], %(moments)s::timestamptz[])
    AS t(invited, inviter, moment)),
his AS (
  SELECT pair.invited, pair.inviter, seen.code, seen.trace, count(*) AS n
  FROM pair JOIN risk_sighting AS seen ON seen.resident_id = pair.invited
    AND seen.seen_at BETWEEN pair.moment - %(days)s * interval '1 day' AND pair.moment + %(days)s * interval '1 day'
  GROUP BY 1, 2, 3, 4),
common AS (
  SELECT * FROM his WHERE EXISTS (SELECT FROM risk_sighting AS other
    WHERE other.resident_id = his.inviter AND other.code = his.code AND other.trace = his.trace)),
private AS (
  SELECT code, trace FROM (SELECT DISTINCT code, trace FROM common) AS known
  WHERE code <> 'device' OR (SELECT count(*) FROM (SELECT DISTINCT anybody.resident_id FROM risk_sighting AS anybody
    WHERE anybody.code = known.code AND anybody.trace = known.trace) AS users) <= %(residents_max)s)
SELECT common.invited, common.code, sum(common.n)::bigint,
  (SELECT count(*) FROM risk_sighting AS own WHERE own.resident_id = common.invited AND own.code = common.code)
FROM common JOIN private USING (code, trace) GROUP BY 1, 2
"""
MUTUAL_SQL = """
SELECT buyer_id, inviter_id, bound_at FROM identity_invitation AS one
WHERE buyer_id = ANY(%(invited)s) AND EXISTS (SELECT FROM identity_invitation AS other
  WHERE other.buyer_id = one.inviter_id AND other.inviter_id = one.buyer_id) ORDER BY buyer_id
"""
CROWDS_SQL = """
WITH matured AS (
  SELECT buyer_id, inviter_id, bound_at, count(*) OVER (PARTITION BY inviter_id ORDER BY bound_at
    RANGE BETWEEN CURRENT ROW AND %(hours)s * interval '1 hour' FOLLOWING) AS following
  FROM identity_invitation
  WHERE bound_at BETWEEN %(moment)s - interval '60 days' AND %(moment)s - %(wait)s * interval '1 day'),
crowds AS (
  SELECT inviter_id, min(bound_at) AS first FROM matured WHERE following >= %(least)s GROUP BY 1)
SELECT crowds.inviter_id, matured.buyer_id, matured.bound_at,
  (SELECT count(*) FROM chronicle_entry AS life WHERE life.resident_id = matured.buyer_id
     AND life.kind_id <> ALL(%(steps)s))
FROM crowds JOIN matured ON matured.inviter_id = crowds.inviter_id
  AND matured.bound_at BETWEEN crowds.first AND crowds.first + %(hours)s * interval '1 hour'
ORDER BY 1, 3
"""
EVIDENCE_SQL = """
SELECT resident_id, id FROM chronicle_entry WHERE resident_id = ANY(%s) AND kind_id = ANY(%s) ORDER BY id
"""
STRENGTHS = {TraceCode.PAYMENT.value: 900, TraceCode.ACCOUNT.value: 900, TraceCode.DEVICE.value: 600}
MUTUAL_STRENGTH = 700


class Bound(NamedTuple):
    invited: int
    inviter: int
    bound_at: datetime


def self_invitations(since: int, _moment: datetime, parameters: Parameters) -> list[Found]:
    """One for each pair in which inviter and invited share a means of payment, an account, or mainly one device."""
    bound = [Bound(*row) for row in db.fetch(FRESH_SQL, {"since": since, "steps": STEPS})]
    shared: dict[int, dict[str, int]] = defaultdict(dict)
    for invited, code, count, own in db.fetch(
        SHARED_SQL,
        {
            "invited": [each.invited for each in bound],
            "inviters": [each.inviter for each in bound],
            "moments": [each.bound_at for each in bound],
            "days": parameters.invite_days,
            "residents_max": parameters.invite_device_residents_max,
        },
    ):
        if code != TraceCode.DEVICE or count * 1_000 >= own * parameters.invite_shared_share:
            shared[invited][code] = count
    evidence = _evidence(shared)
    return [
        Found(
            code=SignalCode.SELF_INVITATION,
            key=f"self-invitation:{each.inviter}:{each.invited}",
            strength=max(STRENGTHS[code] for code in shared[each.invited]),
            residents=tuple(sorted((each.inviter, each.invited))),
            entries=tuple(evidence[each.invited]),
            begins_at=each.bound_at,
            ends_at=each.bound_at,
            numbers={code.value: shared[each.invited].get(code.value, 0) for code in TraceCode},
        )
        for each in bound
        if each.invited in shared
    ]


def mutual_invitations(since: int, _moment: datetime, _parameters: Parameters) -> list[Found]:
    """One for each pair in which each accepted the other's invitation."""
    fresh = [invited for invited, _, _ in db.fetch(FRESH_SQL, {"since": since, "steps": STEPS})]
    pairs: dict[tuple[int, int], datetime] = {}
    for invited, inviter, bound_at in db.fetch(MUTUAL_SQL, {"invited": fresh}):
        pairs[min(invited, inviter), max(invited, inviter)] = bound_at
    evidence = _evidence({one for pair in pairs for one in pair})
    return [
        Found(
            code=SignalCode.MUTUAL_INVITATION,
            key=f"mutual-invitation:{pair[0]}:{pair[1]}",
            strength=MUTUAL_STRENGTH,
            residents=pair,
            entries=tuple(sorted(entry for one in pair for entry in evidence[one])),
            begins_at=bound_at,
            ends_at=bound_at,
            numbers={},
        )
        for pair, bound_at in pairs.items()
    ]


def hollow_invitations(_since: int, moment: datetime, parameters: Parameters) -> list[Found]:
    """One for each inviter who brought many within hours, most of whom did nothing else in the days that followed."""
    crowds: dict[int, list[tuple[int, datetime, int]]] = defaultdict(list)
    for inviter, invited, bound_at, life in db.fetch(
        CROWDS_SQL,
        {
            "moment": moment,
            "hours": parameters.hollow_hours,
            "wait": parameters.hollow_wait_days,
            "least": parameters.hollow_count_min,
            "steps": STEPS,
        },
    ):
        crowds[inviter].append((invited, bound_at, life))
    found = []
    for inviter, crowd in crowds.items():
        hollow = [(invited, at) for invited, at, life in crowd if life <= parameters.hollow_entries_max]
        if len(hollow) * 1_000 < len(crowd) * parameters.hollow_share_min:
            continue
        invited = [one for one, _ in hollow]
        evidence = _evidence(invited)
        first = min(at for _, at, _ in crowd)
        found.append(
            Found(
                code=SignalCode.HOLLOW_INVITATIONS,
                key=f"hollow-invitations:{inviter}:{first.date().isoformat()}",
                strength=strength_over(len(hollow), parameters.hollow_count_min),
                residents=tuple(sorted((inviter, *invited))),
                entries=tuple(sorted(entry for one in invited for entry in evidence[one])),
                begins_at=first,
                ends_at=first + timedelta(hours=parameters.hollow_hours),
                numbers={"inviter": inviter, "invited": len(crowd), "hollow": len(hollow)},
            )
        )
    return found


def _evidence(invited: Iterable[int]) -> dict[int, list[int]]:
    """The entries of everybody's way to a car: what an invitation can have paid for."""
    found: dict[int, list[int]] = defaultdict(list)
    for resident, entry in db.fetch(EVIDENCE_SQL, (sorted(set(invited)), STEPS)):
        found[resident].append(entry)
    return found
