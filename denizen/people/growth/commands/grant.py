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

    ``moment`` (microseconds) is when it was decided. Limited budgets are drawn on by the caller. Unique per
    (entry, purpose, effect): a second grant of the same entry is refused by the database.
    """
    awards = list(_awards(deliberation.decided))
    if awards:
        award(awards=awards, recorded_at=moment, locked=True, drawn_later=True)
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


COUNTER_COLUMNS = (
    ("cap_id", "int4"), ("resident_id", "int8"), ('"window"', "int4"), ("by", "text"), ("used", "int8"),
    ("ceiling", "int8"),
)  # fmt: skip


def _store_counters(deliberation: Deliberation) -> None:
    """New counters are appended, known ones updated: whoever holds the wallets is the only writer of both."""
    used, known = deliberation.state.used, deliberation.counted
    rows = [
        (cap, key.resident_id, key.window_start, key.by_value, used[key], ceiling)
        for key, (cap, ceiling) in deliberation.touched.items()
    ]
    fresh = [row for row, key in zip(rows, deliberation.touched, strict=True) if key not in known]
    moved = [row for row, key in zip(rows, deliberation.touched, strict=True) if key in known]
    if fresh:
        db.copy_rows("growth_capcounter", COUNTER_COLUMNS, fresh)
    if moved:
        db.execute(
            "UPDATE growth_capcounter c SET used = m.used, ceiling = m.ceiling"
            " FROM unnest(%s::int[], %s::bigint[], %s::int[], %s::text[], %s::bigint[], %s::bigint[])"
            " AS m(cap, resident, start, by, used, ceiling)"
            ' WHERE c.cap_id = m.cap AND c.resident_id = m.resident AND c."window" = m.start AND c.by = m.by',
            [list(column) for column in zip(*moved, strict=True)],
        )
