"""Grant what was decided: awards, decisions with their traces, and the use of caps. Set-based, one write per table."""

from __future__ import annotations

from collections.abc import Iterator

from denizen.ground.ledger.commands import Award, award
from denizen.kit import db
from denizen.people.growth.commands.decide import Decided, Deliberation
from denizen.people.rulebook.queries import hold_ends_us, lines_to_json, lot_expires_us

JSONB_VERSION = b"\x01"
DECISION_COLUMNS = (
    ("entry_id", "int8"), ("book_id", "int4"), ("outcome", "int2"), ("decided_at", "int8"), ("trace", "bytea"),
)  # fmt: skip


def grant(*, deliberation: Deliberation, moment: int) -> dict[int, int]:
    """Write the run's effects; the latest effective moment by resident whose contribution changed.

    ``moment`` (microseconds) is when it was decided. Unique per (entry, purpose, effect): a second grant of the same
    entry is refused by the database.
    """
    awards = list(_awards(deliberation.decided))
    if awards:
        award(awards=awards, recorded_at=moment, locked=True)
    write_decisions(deliberation.decided, moment)
    _store_counters(deliberation)
    changes: dict[int, int] = {}
    for given in awards:
        if given.slot:
            changes[given.resident] = max(given.effective_at, changes.get(given.resident, given.effective_at))
    return changes


def _awards(decided: list[Decided]) -> Iterator[Award]:
    for one in decided:
        for line in one.lines:
            if not line.paid or one.book is None or line.beneficiary_id is None:
                continue
            plan = one.book.grants[line.rule]
            occurred = one.entry.occurred_at
            yield Award(
                resident=line.beneficiary_id,
                slot=plan.slot,
                amount=line.paid,
                budget=plan.account,
                purpose=plan.purpose,
                entry=one.entry.id,
                effect_no=0,
                effective_at=occurred,
                expires_at=lot_expires_us(occurred, plan.lot_days),
                priority=plan.lot_priority,
                spendable_from=hold_ends_us(occurred, plan.hold_days) if plan.hold_days else None,
                named=line.named_id,
            )


def write_decisions(decided: list[Decided], moment: int) -> None:
    rows = [
        (
            one.entry.id,
            one.book.number if one.book is not None else None,
            one.outcome,
            moment,
            JSONB_VERSION + (lines_to_json(one.lines, one.book.compiled.book).encode() if one.book else b"[]"),
        )
        for one in decided
    ]
    db.copy_rows("growth_decision", DECISION_COLUMNS, rows)


def _store_counters(deliberation: Deliberation) -> None:
    touched = deliberation.touched
    if not touched:
        return
    used = deliberation.state.used
    db.execute(
        'INSERT INTO growth_capcounter (cap_id, resident_id, "window", by, used, ceiling)'
        " SELECT * FROM unnest(%s::int[], %s::bigint[], %s::int[], %s::text[], %s::bigint[], %s::bigint[])"
        ' ON CONFLICT (cap_id, resident_id, "window", by)'
        " DO UPDATE SET used = excluded.used, ceiling = excluded.ceiling",
        (
            [cap for cap, _ in touched.values()],
            [key.resident_id for key in touched],
            [key.window_start for key in touched],
            [key.by_value for key in touched],
            [used[key] for key in touched],
            [ceiling for _, ceiling in touched.values()],
        ),
    )
