"""The proof of growth: what the decisions say, compared with what was posted, counted and left undecided.

Reads all decisions once, in order, through a cursor in the server; what caps should have used is summed by the
database. Run it in a REPEATABLE READ transaction while others write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection

from denizen.ground.ledger.constants import SLOTS, Code
from denizen.kit import db
from denizen.people.growth.models import Decision
from denizen.people.rulebook.queries import Line, award_purpose, book_numbers, lines_from_json

DECISIONS_AT_ONCE = 5_000
ROWS_NAMED_MAX = 10

Grant = tuple[int, str, int | None, int]
"""entry, purpose, resident, amount"""

UNTOLD_SQL = """
SELECT entry.id FROM chronicle_entry AS entry
LEFT JOIN growth_decision AS decision ON decision.entry_id = entry.id
LEFT JOIN chronicle_undecided AS undecided ON undecided.entry_id = entry.id
WHERE (decision.entry_id IS NULL) = (undecided.entry_id IS NULL) ORDER BY entry.id
"""
STRANDED_SQL = """
SELECT undecided.entry_id FROM chronicle_undecided AS undecided
JOIN growth_holding AS holding ON holding.entry_id = undecided.entry_id
JOIN rulebook_suspension AS first ON first.id = holding.suspension_id
WHERE undecided.state = 'held' AND NOT EXISTS (
  SELECT FROM rulebook_suspension AS pause JOIN rulebook_confirmation AS confirmed ON confirmed.suspension_id = pause.id
  WHERE pause.kind = first.kind
    AND NOT EXISTS (SELECT FROM rulebook_release AS release WHERE release.suspension_id = pause.id))
  AND NOT EXISTS (SELECT FROM risk_waitingentry AS watched JOIN risk_case AS held ON held.id = watched.case_id
    WHERE watched.entry_id = undecided.entry_id AND held.state = 'open')
ORDER BY undecided.entry_id
"""
ORPHANED_SQL = """
SELECT posting.entry_id FROM ledger_posting AS posting
WHERE posting.code = %s AND posting.entry_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM growth_decision AS decision WHERE decision.entry_id = posting.entry_id)
ORDER BY posting.entry_id
"""
FORGOTTEN_SQL = """
SELECT waiting.entry_id FROM risk_waitingentry AS waiting
JOIN chronicle_undecided AS undecided ON undecided.entry_id = waiting.entry_id AND undecided.state = 'held'
WHERE NOT EXISTS (SELECT FROM risk_waitingentry AS other JOIN risk_case AS held ON held.id = other.case_id
    WHERE other.entry_id = waiting.entry_id AND held.state = 'open')
  AND NOT EXISTS (SELECT FROM growth_holding AS paused WHERE paused.entry_id = waiting.entry_id)
ORDER BY 1
"""
COUNTED_SQL = """
SELECT coalesce(stored.code, due.code), coalesce(stored.resident_id, due.resident_id),
  coalesce(stored."window", due."window"), coalesce(stored.used, 0), coalesce(due.used, 0)
FROM (SELECT cap.code, counter.resident_id, counter."window", counter.by, counter.used
      FROM growth_capcounter AS counter JOIN rulebook_capcode AS cap ON cap.id = counter.cap_id) AS stored
FULL JOIN (SELECT code, resident_id, "window", by, sum(amount)::bigint AS used FROM growth_uses_due
           GROUP BY code, resident_id, "window", by) AS due
  USING (code, resident_id, "window", by)
WHERE coalesce(stored.used, 0) <> coalesce(due.used, 0) ORDER BY 1, 2, 3
"""
USES_TABLE = (
    'CREATE TEMP TABLE growth_uses_due (code text, resident_id bigint, "window" int, by text, amount bigint)'
    " ON COMMIT DROP"
)
USES_COLUMNS = (
    ("code", "text"), ("resident_id", "int8"), ('"window"', "int4"), ("by", "text"), ("amount", "int8"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Something recorded about growth that is not what it should be, as a sentence in English and in Chinese."""

    code: str
    en: str
    zh: str


@dataclass(slots=True)
class _Seen:
    """What is wrong with the decisions themselves: entries by what is wrong with them."""

    without_book: list[int] = field(default_factory=list)
    unposted: list[int] = field(default_factory=list)
    unsaid: list[int] = field(default_factory=list)


def verify() -> list[Finding]:
    """What is wrong with growth; empty when all is well. Needs an open transaction; changes nothing that stays."""
    db.required()
    db.execute(USES_TABLE)
    seen = _Seen()
    for chunk in _decisions():
        _examine(chunk, seen)
    return [*_said(seen), *_untold(), *_miscounted()]


def _decisions() -> Iterator[list[Decision]]:
    decisions = Decision.objects.order_by("entry_id").iterator(chunk_size=DECISIONS_AT_ONCE)
    while chunk := list(islice(decisions, DECISIONS_AT_ONCE)):
        yield chunk


def _examine(chunk: Sequence[Decision], seen: _Seen) -> None:
    books = book_numbers({decision.book_id for decision in chunk if decision.book_id is not None})
    lines = {decision.entry_id: _lines_of(decision, books) for decision in chunk}
    seen.without_book += [decision.entry_id for decision in chunk if _lacks_book(decision, books)]
    _compare(lines, seen)
    used = [(line, 1) for said in lines.values() for line in said]
    _note_uses([*used, *((line, -1) for line in _freed(chunk))])


def _lacks_book(decision: Decision, books: dict[int, Any]) -> bool:
    if decision.book_id is None:
        return isinstance(decision.trace, list) and bool(decision.trace)
    return decision.book_id not in books


def _lines_of(decision: Decision, books: dict[int, Any]) -> tuple[Line, ...]:
    """The lines of a decision by rules; none for an undoing or a dismissal."""
    if decision.book_id not in books or not isinstance(decision.trace, list):
        return ()
    return lines_from_json(decision.trace, books[decision.book_id])


def _compare(lines: dict[int, tuple[Line, ...]], seen: _Seen) -> None:
    """Every paid line has its posting, and every posting its line."""
    said = Counter(
        (entry, award_purpose(line.code), line.beneficiary_id, line.paid)
        for entry, told in lines.items()
        for line in told
        if line.paid
    )
    posted = Counter(_posted(list(lines)))
    seen.unposted += [entry for entry, *_ in said - posted]
    seen.unsaid += [entry for entry, *_ in posted - said]


def _posted(entries: list[int]) -> Iterable[Grant]:
    rows = db.fetch(
        "SELECT posting.entry_id, purpose.code, posting.credit_id / %s, posting.amount FROM ledger_posting AS posting"
        " JOIN ledger_purpose AS purpose ON purpose.id = posting.purpose_id"
        " WHERE posting.entry_id = ANY(%s) AND posting.code = %s",
        (SLOTS, entries, Code.AWARD.value),
    )
    return [(entry, purpose, resident, amount) for entry, purpose, resident, amount in rows]


def _freed(chunk: Sequence[Decision]) -> Iterator[Line]:
    """The lines that this chunk's undoings took back, as their originals had recorded them."""
    undoings = {
        decision.trace["undoes"]: {number for number, _ in decision.trace["lines"]}
        for decision in chunk
        if isinstance(decision.trace, dict) and decision.trace.get("lines")
    }
    originals = list(Decision.objects.filter(entry_id__in=list(undoings)))
    books = book_numbers({original.book_id for original in originals if original.book_id is not None})
    for original in originals:
        for line in _lines_of(original, books):
            if line.rule in undoings[original.entry_id] and line.paid:
                yield line


def _note_uses(lines: Iterable[tuple[Line, int]]) -> None:
    rows = [
        (use.key.code, use.key.resident_id, use.key.window_start, use.key.by_value, sign * use.amount)
        for line, sign in lines
        for use in line.consumed
    ]
    if rows:
        db.copy_rows("growth_uses_due", USES_COLUMNS, rows)


def _said(seen: _Seen) -> Iterator[Finding]:
    sentences = (
        ("book", seen.without_book, "Decisions name rules of an absent book: entries", "裁定引用的规则书不存在：记录"),
        ("unposted", seen.unposted, "Decisions grant what was never posted: entries", "裁定授予却没有入账：记录"),
        ("unsaid", seen.unsaid, "Awards were posted that no decision grants: entries", "入账奖励没有对应裁定：记录"),
    )  # fmt: skip
    for code, entries, en, zh in sentences:
        if entries:
            yield _finding(code, en, zh, entries)


def _untold() -> Iterator[Finding]:
    """Every entry is decided or waits, never both; every award stands on a decision."""
    untold = [entry for (entry,) in db.fetch(UNTOLD_SQL)]
    if untold:
        yield _finding(
            "undecided",
            "Entries are neither decided nor waiting, or both:",
            "记录既未裁定也未等待，或两者皆是：",
            untold,
        )
    stranded = [entry for (entry,) in db.fetch(STRANDED_SQL)]
    if stranded:
        yield _finding(
            "stranded",
            "Entries are held although no rule for them is paused:",
            "规则并未暂停，记录却被暂挂：",
            stranded,
        )
    orphaned = [entry for (entry,) in db.fetch(ORPHANED_SQL, (Code.AWARD.value,))]
    if orphaned:
        yield _finding(
            "unsaid", "Awards were posted for entries never decided:", "尚未裁定的记录已有奖励入账：", orphaned
        )

    forgotten = [entry for (entry,) in db.fetch(FORGOTTEN_SQL)]
    if forgotten:
        yield _finding("forgotten", "Entries wait for a case that is decided:", "记录仍在等待已了结的案件：", forgotten)


def _miscounted() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTED_SQL)
        for code, resident, window, stored, due in cursor.fetchmany(ROWS_NAMED_MAX):
            yield Finding(
                "cap",
                f"Cap {code} of resident {resident} (window {window}) counts {stored}; the decisions say {due}.",
                f"居民 {resident} 的上限 {code}（窗口 {window}）计为 {stored}，按裁定应为 {due}。",
            )


def _finding(code: str, en: str, zh: str, entries: Sequence[int]) -> Finding:
    named = sorted(set(entries))
    more = len(named) - ROWS_NAMED_MAX
    shown = ", ".join(map(str, named[:ROWS_NAMED_MAX]))
    return Finding(
        code,
        f"{en} {shown}" + (f" and {more} more." if more > 0 else "."),
        f"{zh} {shown}" + (f" 等共 {len(named)} 条。" if more > 0 else "。"),
    )
