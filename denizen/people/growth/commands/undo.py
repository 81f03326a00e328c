"""Undo: a reversing entry walks back exactly what its original was granted, and frees the caps that used.

Never recomputed with today's rules: what is taken back is read from the recorded decision and the recorded postings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from denizen.ground.chronicle import queries as chronicle
from denizen.ground.chronicle.commands import Fresh, let_wait
from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.ledger.commands import reverse_awards
from denizen.kit import db
from denizen.kit.clock import from_micros
from denizen.people.growth.commands.grant import DECISION_COLUMNS, JSONB_VERSION
from denizen.people.growth.models import Decision
from denizen.people.rulebook.queries import Line, Rule, award_purpose, book_numbers, lines_from_json


@dataclass(frozen=True, slots=True)
class Original:
    """A decided entry that is to be undone, with its lines and the rules of the book (number) that decided it."""

    entry: int
    kind: str
    resident: int
    book: int | None
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]


def undo_entries(*, entries: Sequence[Fresh], moment: int) -> tuple[dict[int, int], list[Fresh]]:
    """Undo the originals of ``entries`` (all of reversing kinds), in order of arrival.

    An original that has not arrived, or is not decided yet, is waited for. A second undoing, an original of another
    kind or of another resident is answered in the decision and moves nothing.
    Returns the latest effective moment by resident whose contribution changed, and the entries that undid something:
    only these may take back facts.
    """
    originals = originals_of(entries)
    waiting = [entry for entry in entries if _key(entry) not in originals]
    let_wait(entries=[(entry, _key(entry)) for entry in waiting], moment=from_micros(moment))
    ready = [(entry, originals[_key(entry)]) for entry in entries if _key(entry) in originals]
    once = _claim_undoings([(entry, original) for entry, original in ready if not _mismatch(entry, original)])

    undone = [(entry, original, _taken_back(entry, original)) for entry, original in ready if entry.id in once]
    changes = _reverse(undone, moment)
    free_caps([line for _, _, lines in undone for line in lines])
    _write(ready, {entry.id: lines for entry, _, lines in undone}, moment)
    return changes, [entry for entry, _, _ in undone]


def originals_of(entries: Sequence[Fresh]) -> dict[tuple[int, str], Original]:
    """The decided originals the entries name, by (source, external id). Three queries for any number."""
    found = chronicle.entries_by_key([_key(entry) for entry in entries])
    decisions = {
        decision.entry_id: decision
        for decision in Decision.objects.filter(entry_id__in=[known.id for known in found.values()])
    }
    books = book_numbers({decision.book_id for decision in decisions.values() if decision.book_id is not None})
    originals = {}
    for key, known in found.items():
        decision = decisions.get(known.id)
        if decision is None:
            continue
        book = books.get(decision.book_id) if decision.book_id is not None else None
        lines = lines_from_json(decision.trace, book) if book is not None and isinstance(decision.trace, list) else ()
        rules = book.rules if book is not None else ()
        originals[key] = Original(known.id, known.kind, known.resident, decision.book_id, lines, rules)
    return originals


def _key(entry: Fresh) -> tuple[int, str]:
    return entry.source, str(entry.payload["original"])


def _mismatch(entry: Fresh, original: Original) -> str:
    """Why this entry cannot undo that one; empty when it can."""
    if KINDS[entry.kind].reverses != original.kind:
        return "other_kind"
    return "" if entry.resident == original.resident else "other_resident"


def _claim_undoings(pairs: Sequence[tuple[Fresh, Original]]) -> set[int]:
    """The entries that are the first to undo their original: the primary key of ``Undoing`` decides."""
    if not pairs:
        return set()
    rows = db.fetch(
        "INSERT INTO growth_undoing (original_id, entry_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[])"
        " ON CONFLICT (original_id) DO NOTHING RETURNING entry_id",
        ([original.entry for _, original in pairs], [entry.id for entry, _ in pairs]),
    )
    return {entry for (entry,) in rows}


def _taken_back(entry: Fresh, original: Original) -> list[Line]:
    """The paid lines whose rule says that this kind undoes them."""
    return [line for line in original.lines if line.paid and original.rules[line.rule].reversal_kind == entry.kind]


def _reverse(undone: Sequence[tuple[Fresh, Original, list[Line]]], moment: int) -> dict[int, int]:
    """Walk back the postings of the lines; the latest effective moment by resident whose contribution changed."""
    wanted = [
        (original.entry, award_purpose(line.code), entry.id, entry.occurred_at)
        for entry, original, lines in undone
        for line in lines
    ]
    changes: dict[int, int] = {}
    if wanted:
        for resident, effective_at in reverse_awards(wanted=wanted, recorded_at=moment):
            changes[resident] = max(effective_at, changes.get(resident, effective_at))
    return changes


def free_caps(lines: Sequence[Line]) -> None:
    """Give back what the lines used of their counters (one update per counter)."""
    freed: dict[tuple[str, int, int, str], int] = {}
    for line in lines:
        for use in line.consumed:
            freed[use.key] = freed.get(use.key, 0) + use.amount
    if not freed:
        return
    db.execute(
        "UPDATE growth_capcounter c SET used = greatest(c.used - f.amount, 0)"
        " FROM unnest(%s::text[], %s::bigint[], %s::int[], %s::text[], %s::bigint[])"
        " AS f(code, resident, start, by, amount) JOIN rulebook_capcode k ON k.code = f.code"
        ' WHERE c.cap_id = k.id AND c.resident_id = f.resident AND c."window" = f.start AND c.by = f.by',
        (
            [key[0] for key in freed],
            [key[1] for key in freed],
            [key[2] for key in freed],
            [key[3] for key in freed],
            list(freed.values()),
        ),
    )


def _write(ready: Sequence[tuple[Fresh, Original]], undone: Mapping[int, list[Line]], moment: int) -> None:
    rows = []
    for entry, original in ready:
        why = _mismatch(entry, original) or ("" if entry.id in undone else "already_undone")
        lines = undone.get(entry.id, [])
        trace = {"undoes": original.entry, "why": why, "lines": [[line.rule, line.paid] for line in lines]}
        outcome = Decision.Outcome.NOTHING if why else Decision.Outcome.REVERSED
        rows.append((entry.id, original.book, outcome, moment, JSONB_VERSION + orjson.dumps(trace)))
    db.copy_rows("growth_decision", DECISION_COLUMNS, rows)
