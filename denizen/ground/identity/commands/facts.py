"""Folding recorded facts into grades, plans and invitations: the pipeline's first hop, set-based."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import orjson

from denizen.ground.identity.constants import FACT_BY_KIND, FactKind
from denizen.ground.identity.queries.facts import MICROS
from denizen.ground.identity.rules import Folded, OccurredFact, Order, Span, fold, may_bind
from denizen.kit import db

MOMENT = "timestamptz '2000-01-01 00:00:00+00' + {0} * interval '1 microsecond'"
"""SQL of microseconds since 2000-01-01 UTC as a moment; NULL stays NULL."""

LOCK_SQL = "SELECT 1 FROM chronicle_resident WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

INSERT_FACTS_SQL = f"""
INSERT INTO identity_fact (entry_id, resident_id, kind, occurred_at, details, recorded_at, undoes_id)
SELECT new.entry, new.resident, new.kind, {MOMENT.format("new.occurred_us")}, new.details::jsonb, %s,
       undone.entry_id
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::text[])
       AS new (entry, resident, kind, occurred_us, details)
LEFT JOIN chronicle_entry entry ON entry.id = new.entry AND new.details::jsonb ->> 'original' IS NOT NULL
LEFT JOIN chronicle_entrykey undone
       ON undone.source_id = entry.source_id AND undone.external_id = new.details::jsonb ->> 'original'
ON CONFLICT (entry_id) DO NOTHING
RETURNING entry_id, resident_id
"""

FACTS_SQL = f"""
SELECT resident_id, entry_id, kind, {MICROS.format("occurred_at")}, details::text, undoes_id
FROM identity_fact WHERE resident_id = ANY(%s)
"""

WRITTEN_SQL = f"""
SELECT resident_id, 'grade', grade, {MICROS.format("lower(held)")}, {MICROS.format("upper(held)")}, entry_id
FROM identity_gradespan WHERE resident_id = ANY(%(residents)s)
UNION ALL
SELECT resident_id, 'plan', plan, {MICROS.format("lower(held)")}, {MICROS.format("upper(held)")}, entry_id
FROM identity_planspan WHERE resident_id = ANY(%(residents)s)
UNION ALL
SELECT resident_id, 'order', NULL, {MICROS.format("placed_at")}, NULL, entry_id
FROM identity_firstorder WHERE resident_id = ANY(%(residents)s)
ORDER BY 1, 4, 3
"""

INSERT_SPANS_SQL = f"""
INSERT INTO {{table}} (resident_id, {{code}}, held, entry_id)
SELECT resident, code, tstzrange({MOMENT.format("begins_us")}, {MOMENT.format("ends_us")}), entry
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
       AS new (resident, code, begins_us, ends_us, entry)
"""

INSERT_ORDERS_SQL = f"""
INSERT INTO identity_firstorder (resident_id, placed_at, entry_id)
SELECT resident, {MOMENT.format("placed_us")}, entry
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS new (resident, placed_us, entry)
"""

BIND_SQL = f"""
INSERT INTO identity_invitation AS bound (buyer_id, inviter_id, bound_at, entry_id)
SELECT buyer, inviter, {MOMENT.format("bound_us")}, entry
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS new (buyer, inviter, bound_us, entry)
ON CONFLICT (buyer_id) DO UPDATE SET entry_id = excluded.entry_id
WHERE bound.entry_id IS NULL AND bound.inviter_id = excluded.inviter_id
RETURNING buyer_id
"""

UNBIND_SQL = "DELETE FROM identity_invitation WHERE entry_id = ANY(%s) AND buyer_id = ANY(%s)"


class RecordedEntry(Protocol):
    """An entry as the pipeline hands it on. ``occurred_at``: microseconds since 2000-01-01 UTC."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def resident(self) -> int: ...
    @property
    def occurred_at(self) -> int: ...
    @property
    def payload(self) -> dict[str, Any]: ...


class FoldedFacts(NamedTuple):
    """What a batch changed: how many facts were new, whose grades or plans changed, who is bound to an inviter now."""

    facts: int
    changed: frozenset[int]
    invited: frozenset[int]


NOTHING = FoldedFacts(0, frozenset(), frozenset())


def fold_facts(*, entries: Iterable[RecordedEntry], moment: datetime) -> FoldedFacts:
    """Write the facts among ``entries`` (already recorded) and fold the residents they touch anew.

    Harmless when repeated: a fact is unique by its entry, and ranges are written only when they differ. The residents
    are locked in order of their keys, so two batches about one person follow each other. A fact's undoing must not be
    handed in before what it undoes (the chronicle holds it back until then). An invitation that cannot bind (oneself,
    after the order, already bound) stays a fact without effect. Needs an open transaction.
    """
    db.required()
    facts = [entry for entry in entries if entry.kind in FACT_BY_KIND]
    if not facts:
        return NOTHING
    db.fetch(LOCK_SQL, ([entry.resident for entry in facts],))
    new = dict(_insert_facts(facts, moment))
    if not new:
        return NOTHING
    known = _facts_of(set(new.values()))
    folded = {resident: fold(theirs) for resident, theirs in known.items()}
    changed = _write_changes(folded)
    return FoldedFacts(len(new), frozenset(changed), frozenset(_bind_invited(new, known, folded)))


def _insert_facts(facts: Sequence[RecordedEntry], moment: datetime) -> list[tuple[int, int]]:
    columns = (
        [fact.id for fact in facts],
        [fact.resident for fact in facts],
        [fact.kind for fact in facts],
        [fact.occurred_at for fact in facts],
        [orjson.dumps(fact.payload).decode() for fact in facts],
    )
    return [(row[0], row[1]) for row in db.fetch(INSERT_FACTS_SQL, (moment, *columns))]


def _facts_of(residents: set[int]) -> Mapping[int, list[OccurredFact]]:
    known: dict[int, list[OccurredFact]] = defaultdict(list)
    for resident, entry, kind, occurred_us, details, undoes in db.fetch(FACTS_SQL, (list(residents),)):
        known[resident].append(OccurredFact(entry, kind, occurred_us, orjson.loads(details), undoes))
    return known


def _write_changes(folded: Mapping[int, Folded]) -> set[int]:
    """Replace what differs from what is written, table by table; answer whose grades or plans differed."""
    written = _written(list(folded))
    grades = {r: new.grades for r, new in folded.items() if new.grades != written[r].grades}
    plans = {r: new.plans for r, new in folded.items() if new.plans != written[r].plans}
    orders = {r: new.first_order for r, new in folded.items() if new.first_order != written[r].first_order}
    _delete("identity_gradespan", [resident for resident in grades if written[resident].grades])
    _delete("identity_planspan", [resident for resident in plans if written[resident].plans])
    _delete("identity_firstorder", [resident for resident in orders if written[resident].first_order])
    _insert_spans("identity_gradespan", "grade", grades)
    _insert_spans("identity_planspan", "plan", plans)
    _insert_orders(orders)
    return grades.keys() | plans.keys()


def _written(residents: list[int]) -> Mapping[int, Folded]:
    written: dict[int, Folded] = dict.fromkeys(residents, Folded((), (), None))
    for resident, sort, code, begins_us, ends_us, entry in db.fetch(WRITTEN_SQL, {"residents": residents}):
        known = written[resident]
        if sort == "order":
            written[resident] = known._replace(first_order=Order(begins_us, entry))
        elif sort == "grade":
            written[resident] = known._replace(grades=(*known.grades, Span(code, begins_us, ends_us, entry)))
        else:
            written[resident] = known._replace(plans=(*known.plans, Span(code, begins_us, ends_us, entry)))
    return written


def _delete(table: str, residents: list[int]) -> None:
    if residents:
        db.execute(f"DELETE FROM {table} WHERE resident_id = ANY(%s)", (residents,))


def _insert_spans(table: str, code: str, spans: Mapping[int, tuple[Span, ...]]) -> None:
    rows = [(resident, *span) for resident, theirs in spans.items() for span in theirs]
    if rows:
        db.execute(INSERT_SPANS_SQL.format(table=table, code=code), _columns(rows))


def _insert_orders(orders: Mapping[int, Order | None]) -> None:
    rows = [(resident, *order) for resident, order in orders.items() if order]
    if rows:
        db.execute(INSERT_ORDERS_SQL, _columns(rows))


def _bind_invited(
    new: Mapping[int, int], known: Mapping[int, list[OccurredFact]], folded: Mapping[int, Folded]
) -> set[int]:
    """Unbind what the new facts withdraw, then bind each invited buyer to the first inviter the new facts name."""
    own = {fact.entry for theirs in known.values() for fact in theirs}
    undone = {fact.undoes for theirs in known.values() for fact in theirs if fact.undoes in own}
    withdrawn = [fact.undoes for theirs in known.values() for fact in theirs if fact.entry in new and fact.undoes]
    if withdrawn:
        db.execute(UNBIND_SQL, (withdrawn, list(known)))
    rows = []
    for buyer, theirs in known.items():
        order = folded[buyer].first_order
        rows += [
            (buyer, fact.details["inviter"], fact.occurred_us, fact.entry)
            for fact in sorted(theirs, key=lambda fact: (fact.occurred_us, fact.entry))
            if fact.entry in new
            and fact.fact == FactKind.INVITED
            and fact.entry not in undone
            and may_bind(
                buyer=buyer,
                inviter=fact.details["inviter"],
                bound_us=fact.occurred_us,
                first_order_us=order and order.placed_us,
            )
        ][:1]
    return {row[0] for row in db.fetch(BIND_SQL, _columns(rows))} if rows else set()


def _columns(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))
