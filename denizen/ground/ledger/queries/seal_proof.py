"""The proof of the seals: every leaf, tree, seal and day worked out again from the journal, and compared.

Reads the journal once in the order of ids, in pages, so that memory does not grow with it. What is wrong is named as
narrowly as it can be: the posting where the marks tell it, else the seal or the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from struct import iter_unpack

from denizen.ground.ledger.queries.seals import closed_days, fields_of
from denizen.ground.ledger.queries.verification import Check, Finding
from denizen.ground.ledger.queries.verification.proof import ROWS_NAMED_MAX, verify_with
from denizen.ground.ledger.seal_models import Seal, SealMarks
from denizen.ground.ledger.seals.hashes import GENESIS, DayFields, day_hash, merkle_root, seal_hash
from denizen.ground.ledger.seals.horizon import last_id_given
from denizen.ground.ledger.seals.leaves import Leaf, leaves
from denizen.ground.ledger.seals.roots import RootLine, UnableToReadRoots, read_roots

PAGE = 10_000
MARK, MARK_BYTES = ">q8s", 16

SENTENCES = {
    "posting_changed": ("A sealed posting says something else than when it was sealed", "已封存的流水与封存时不一致"),
    "posting_deleted": ("A sealed posting is gone", "已封存的流水不见了"),
    "posting_inserted": ("A posting was put among sealed ones", "已封存的流水中插入了新的流水"),
    "seal_root": ("The postings of a seal are not those that were sealed", "某个封印下的流水不是当初封存的那些"),
    "seal_chain": ("The chain of seals is broken", "封印链已断裂"),
    "day_root": ("A day's root is not that of its seals", "某日的根与当日封印不符"),
    "day_missing": (
        "A day that is over has no root, or one that its seals do not give",
        "已结束的某日没有根，或根无出处",
    ),
    "id_unknown": ("A posting has a number that was never given out", "流水使用了从未分配过的编号"),
    "reason_changed": ("The words of a reason are not those it committed to", "理由文字与其承诺不符"),
    "roots_form": ("The roots file has a line that no roots file has", "根文件中有格式不对的行"),
    "roots_chain": (
        "The roots file was changed: a line does not follow the one before",
        "根文件被改动：某行与前一行不衔接",
    ),
    "roots_missing": (
        "The roots file knows days that the database does not: it is older than the file, or its end was cut off",
        "根文件中有数据库没有的日期：数据库比文件旧，或末尾被截断",
    ),
    "roots_differ": (
        "The database tells another history than the roots file; it was rebuilt after the file was written",
        "数据库的历史与根文件不同：它在根文件写成之后被重建过",
    ),
}  # fmt: skip

CHECKS = (
    Check(
        "reason_changed",
        *SENTENCES["reason_changed"],
        """
        SELECT 'posting ' || reason.posting_id FROM ledger_postingreason AS reason
        JOIN ledger_reasoncommitment AS promise ON promise.posting_id = reason.posting_id
        WHERE CASE WHEN promise.salt IS NULL THEN reason.reason <> ''
          ELSE sha256(promise.salt || convert_to(reason.reason, 'UTF8')) <> promise.commitment END
        """,
    ),
)


class Gathered:
    """What was found so far: rows by sentence, only the first of them named, all of them counted."""

    def __init__(self) -> None:
        self.rows: dict[str, list[str]] = {}

    def add(self, code: str, row: str) -> None:
        self.rows.setdefault(code, []).append(row)

    def findings(self) -> list[Finding]:
        return [_finding(code, rows) for code, rows in self.rows.items()]


def verify_seals() -> list[Finding]:
    """What is wrong with the seals and days, from the journal. Needs a transaction with one sight of the database."""
    found = Gathered()
    _verify_chain(found)
    return [*verify_with(CHECKS), *found.findings()]


def verify_roots(path: Path) -> list[Finding]:
    """What is wrong between the database's days and those of a roots file that was kept elsewhere."""
    found = Gathered()
    known = {day.fields.day: day.hash for day in closed_days()}
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in read_roots(lines):
                _compare(line, known, found)
    except UnableToReadRoots as refusal:
        found.add("roots_form" if refusal.why == "form" else "roots_chain", f"line {refusal.line}")
    return found.findings()


def _compare(line: RootLine, known: dict[date, bytes], found: Gathered) -> None:
    ours = known.get(line.fields.day)
    if ours is None:
        found.add("roots_missing", f"{line.fields.day} (line {line.number}, seal {line.fields.last_seal})")
    elif ours != line.hash:
        found.add(
            "roots_differ", f"{line.fields.day} (line {line.number}: {line.hash.hex()[:12]}…, here {ours.hex()[:12]}…)"
        )


def _verify_chain(found: Gathered) -> None:
    """Walk seals, postings and days side by side."""
    last = Seal.objects.order_by("-number").values_list("last_id", flat=True).first() or 0
    stream = _Stream(last)
    days = _Days(found)
    before: Seal | None = None
    for seal in Seal.objects.order_by("number").iterator(chunk_size=2_000):
        block = list(stream.until(seal.last_id))
        _verify_link(seal, before, found)
        _verify_block(seal, before, block, found)
        days.take(seal, before)
        before = seal
    days.end(before)
    given = last_id_given()
    for leaf in leaves(after=max(last, given), up_to=2**62, limit=ROWS_NAMED_MAX):
        found.add("id_unknown", f"posting {leaf.id}")


class _Stream:
    """The leaves of the journal in order, taken block by block."""

    def __init__(self, up_to: int) -> None:
        self._leaves = self._all(up_to)
        self._next = next(self._leaves, None)

    def until(self, last_id: int) -> Iterator[Leaf]:
        while self._next is not None and self._next.id <= last_id:
            yield self._next
            self._next = next(self._leaves, None)

    @staticmethod
    def _all(up_to: int) -> Iterator[Leaf]:
        after = 0
        while page := leaves(after=after, up_to=up_to, limit=PAGE):
            yield from page
            after = page[-1].id


class _Days:
    """The roots of days from their seals, as they pass: every day but the last must be closed, by that root."""

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self._known = {day.fields.day: day for day in closed_days()}
        self._previous = GENESIS
        self._digests: list[bytes] = []

    def take(self, seal: Seal, before: Seal | None) -> None:
        if before and seal.day != before.day:
            self._close(before)
        self._digests.append(bytes(seal.hash))

    def end(self, last: Seal | None) -> None:
        if last and last.day in self._known:
            self._close(last)
        for day in self._known:
            self._found.add("day_missing", str(day))

    def _close(self, last: Seal) -> None:
        expected = _day_fields(last, self._digests, self._previous)
        self._digests = []
        closed = self._known.pop(last.day, None)
        if closed is None:
            self._found.add("day_missing", str(last.day))
            return
        if closed.fields != expected or closed.hash != day_hash(expected):
            self._found.add("day_root", str(last.day))
        self._previous = closed.hash


def _day_fields(last: Seal, digests: list[bytes], previous: bytes) -> DayFields:
    return DayFields(
        last.day, len(digests), last.number, last.last_id, last.total, last.points, last.contribution,
        merkle_root(digests), bytes(last.hash), previous,
    )  # fmt: skip


def _verify_link(seal: Seal, before: Seal | None, found: Gathered) -> None:
    fields = fields_of(seal)
    if seal_hash(fields) != bytes(seal.hash):
        found.add("seal_chain", f"seal {seal.number} (its hash is not that of its content)")
    follows = before.number + 1 if before else 1
    if seal.number != follows or fields.previous != (bytes(before.hash) if before else GENESIS):
        found.add("seal_chain", f"seal {seal.number} (it does not follow seal {follows - 1})")
    if before and (seal.first_id <= before.last_id or seal.day < before.day):
        found.add("seal_chain", f"seal {seal.number} (it begins before seal {before.number} ends)")


def _verify_block(seal: Seal, before: Seal | None, block: list[Leaf], found: Gathered) -> None:
    total, points, contribution = (before.total, before.points, before.contribution) if before else (0, 0, 0)
    counted = (
        len(block),
        total + len(block),
        points + sum(leaf.points for leaf in block),
        contribution + sum(leaf.contribution for leaf in block),
    )
    sound = (
        block
        and merkle_root([leaf.hash for leaf in block]) == bytes(seal.root)
        and counted == (seal.count, seal.total, seal.points, seal.contribution)
        and (block[0].id, block[-1].id) == (seal.first_id, seal.last_id)
    )
    if not sound and not _named(seal, block, found):
        found.add("seal_root", f"seal {seal.number} (postings {seal.first_id} to {seal.last_id})")


def _named(seal: Seal, block: list[Leaf], found: Gathered) -> bool:
    """Whether the marks of a seal tell which of its postings are wrong."""
    row = SealMarks.objects.filter(seal=seal.number).first()
    if row is None or len(row.marks) != MARK_BYTES * seal.count:
        return False
    marks = dict(iter_unpack(MARK, bytes(row.marks)))
    here = {leaf.id: leaf.hash[:8] for leaf in block}
    wrong = [
        *(("posting_deleted", number) for number in marks if number not in here),
        *(("posting_inserted", number) for number in here if number not in marks),
        *(("posting_changed", number) for number, mark in here.items() if marks.get(number, mark) != mark),
    ]
    for code, number in wrong:
        found.add(code, f"posting {number} (seal {seal.number})")
    return bool(wrong)


def _finding(code: str, rows: Iterable[str]) -> Finding:
    named = tuple(rows)
    en, zh = SENTENCES[code]
    shown, more = named[:ROWS_NAMED_MAX], len(named) - ROWS_NAMED_MAX
    more_en, more_zh = (f" and {more} more", f"等共 {len(named)} 处") if more > 0 else ("", "")
    return Finding(
        code, f"{en}: {', '.join(shown)}{more_en}.", f"{zh}：{'、'.join(shown)}{more_zh}。", shown, len(named)
    )
