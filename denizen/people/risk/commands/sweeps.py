"""The sweep: look at what was recorded since the last one, store what is found, let strong signals open cases.

It runs beside everything else and may be repeated: it looks again at the last hour, because rows that commit late
carry earlier numbers, and finds nothing twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max

from denizen.ground.chronicle.kinds import KINDS
from denizen.kit import db
from denizen.people.risk.commands.cases import pursue
from denizen.people.risk.commands.signals import store_signals
from denizen.people.risk.constants import LATE_ROWS_SECONDS, TraceCode
from denizen.people.risk.models import Case, Signal, Sweep
from denizen.people.risk.queries.finders import FINDERS
from denizen.people.risk.queries.finders.kinds import OWN_DEEDS
from denizen.people.risk.rules import PARAMETERS, Parameters

SWEEP_LOCK = 7_311
SWEEPS_KEPT_DAYS = 7
ANALYZED_FROM = 100
"""New traces from which the database counts again: without it a young city is searched as if it were empty."""
USUAL_RESIDENTS_MIN = 20
"""Assumed: what fewer people do says nothing about the city."""

SIGHTINGS_SQL = """
INSERT INTO risk_sighting (entry_id, code, trace, resident_id, seen_at)
SELECT entry.id, field.code, left(entry.payload->>field.code, 120), entry.resident_id, entry.occurred_at
FROM chronicle_entry AS entry JOIN unnest(%s::int[], %s::text[]) AS field(kind, code) ON field.kind = entry.kind_id
WHERE entry.id > %s AND entry.payload ? field.code ON CONFLICT DO NOTHING
"""
USUAL_SQL = """
INSERT INTO risk_usual (kind_id, hourly, counted_at)
SELECT kind_id, percentile_disc(0.75) WITHIN GROUP (ORDER BY usual), %(moment)s FROM (
  SELECT kind_id, percentile_disc(0.9) WITHIN GROUP (ORDER BY n) AS usual FROM (
    SELECT kind_id, resident_id, count(*) AS n FROM chronicle_entry
    WHERE kind_id = ANY(%(kinds)s)
      AND occurred_at > (SELECT max(occurred_at) FROM chronicle_entry WHERE id > %(since)s)
        - %(days)s * interval '1 day'
    GROUP BY kind_id, resident_id, date_trunc('hour', occurred_at)) AS hours
  GROUP BY kind_id, resident_id) AS residents
GROUP BY kind_id HAVING count(*) >= %(least)s
ON CONFLICT (kind_id) DO UPDATE SET hourly = excluded.hourly, counted_at = excluded.counted_at
RETURNING kind_id
"""
TRACES = [
    (kind.number, code.value)
    for kind in KINDS.values()
    for code in TraceCode
    if any(field.name == code.value for field in kind.shape.fields)
]


def sweep(*, moment: datetime, parameters: Parameters = PARAMETERS) -> Sweep | None:
    """Look once; None when another worker is looking. Opens its transactions.

    First signals are stored, in one transaction with how far it looked; then each strong one opens a case or joins one,
    in a transaction of its own, so that wallets are held shortly.
    """
    stored = _stored(moment, parameters)
    if stored is None:
        return None
    looked, signals = stored
    known = Case.objects.aggregate(last=Max("id", default=0))["last"]
    for signal in signals:
        db.retrying(partial(_pursue, signal, moment))
    looked.cases = Case.objects.filter(id__gt=known).count()
    Sweep.objects.filter(pk=looked.pk).update(cases=looked.cases)
    return looked


def _stored(moment: datetime, parameters: Parameters) -> tuple[Sweep, list[int]] | None:
    with db.opening():
        if not db.fetch("SELECT pg_try_advisory_xact_lock(%s)", (SWEEP_LOCK,))[0][0]:
            return None
        mark = _mark(moment)
        since = mark.last_entry if mark else 0
        last = db.fetch("SELECT coalesce(max(id), 0) FROM chronicle_entry")[0][0]
        seen = db.execute(SIGHTINGS_SQL, ([kind for kind, _ in TRACES], [code for _, code in TRACES], since))
        if seen > ANALYZED_FROM:
            db.execute("ANALYZE risk_sighting")  # The finders' plans rest on what was just written.
        _count_usual(since, moment, parameters)
        found = [each for finder in FINDERS.values() for each in finder(since, moment, parameters)]
        fresh, grown = store_signals(found=found, version=parameters.version, moment=moment)
        looked = Sweep.objects.create(swept_at=moment, last_entry=last, signals=fresh, cases=0)
        over = Sweep.objects.filter(swept_at__lt=moment - timedelta(days=SWEEPS_KEPT_DAYS))
        over.exclude(pk=mark.pk if mark else 0).delete()  # Without the mark everything would be looked at again.
        strong = Signal.objects.filter(pk__in=grown, strength__gte=parameters.case_strength_min)
        return looked, list(strong.order_by("id").values_list("id", flat=True))


def _mark(moment: datetime) -> Sweep | None:
    """The latest sweep that is over an hour old: what came before it need not be looked at again."""
    settled = Sweep.objects.filter(swept_at__lte=moment - timedelta(seconds=LATE_ROWS_SECONDS))
    return settled.order_by("-swept_at").first()


def _count_usual(since: int, moment: datetime, parameters: Parameters) -> None:
    """What is usual in the city is counted again once a day: it reads many entries and changes slowly."""
    due = db.fetch("SELECT 1 FROM risk_usual WHERE counted_at > %s LIMIT 1", (moment - timedelta(days=1),))
    if not due:
        db.fetch(
            USUAL_SQL,
            {
                "since": since,
                "kinds": OWN_DEEDS,
                "days": parameters.usual_days,
                "moment": moment,
                "least": USUAL_RESIDENTS_MIN,
            },
        )


def _pursue(signal: int, moment: datetime) -> None:
    with db.opening():
        pursue(signal=signal, moment=moment)
