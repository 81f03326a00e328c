"""``denizen rules try``: what an entry would do, told line by line or as JSON. Nothing is written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from denizen.config.speech import either, language, tell, warn
from denizen.ground.chronicle.api import answer_body, read_document
from denizen.ground.chronicle.commands import APP
from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.chronicle.queries import source_that_knows
from denizen.ground.identity.queries import names_of, public_ids_of
from denizen.ground.ledger.queries import Moved, Side
from denizen.kit.clock import now
from denizen.kit.explained import Explained
from denizen.kit.problem_details import Problematic
from denizen.people.growth.commands.rehearse import Holdings, Person, Rehearsal, Tried, rehearse
from denizen.people.growth.queries import Receipt
from denizen.people.rulebook.queries import Book
from denizen.people.rulebook.rules import load_book


class UnableToTry(Explained):
    sentences = {
        "no_file": {"en": "The file {path} cannot be read ({reason}).", "zh": "无法读取文件 {path}（{reason}）。"},
        "not_entries": {"en": "{path} holds no entry: {said}", "zh": "{path} 中没有记录：{said}"},
    }


def try_entries(
    *, path: Path, book: str | None, source: str | None, moment: datetime | None, known_only: bool, as_json: bool
) -> int:
    """Try the entries of a file; 1 when one of them is invalid, 0 otherwise.

    Raises UnableToTry, UnableToLoadBook and UnableToRehearse.
    """
    raw = _entries(path)
    rehearsal = rehearse(
        source=source or _source_for(raw),
        raw=raw,
        moment=moment or now(),
        under=_book(book),
        newcomers=not known_only,
    )
    if as_json:
        tell(told := orjson.dumps(as_data(rehearsal), option=orjson.OPT_INDENT_2).decode(), told)
    else:
        _tell(rehearsal)
    return 1 if any(each.answer.status == "invalid" for each in rehearsal.tried) else 0


def _entries(path: Path) -> list[object]:
    try:
        return read_document(path.read_bytes()).entries
    except OSError as refusal:
        raise UnableToTry("no_file", path=path, reason=refusal) from refusal
    except Problematic as refusal:
        raise UnableToTry("not_entries", path=path, said=refusal) from refusal


def _source_for(raw: list[object]) -> str:
    """The system that knows the residents by these references; the city's own pages where none does."""
    told = [each.get("resident") for each in raw if isinstance(each, dict)]
    return source_that_knows([each for each in told if isinstance(each, str)]) or APP


def _book(book: str | None) -> Book | int | None:
    """A number is a version, anything else a file."""
    if book is None:
        return None
    if book.isdecimal():
        return int(book)
    try:
        return load_book(Path(book).read_text(encoding="utf-8"), SHAPES)
    except (OSError, UnicodeDecodeError) as refusal:
        raise UnableToTry("no_file", path=book, reason=refusal) from refusal


def as_data(rehearsal: Rehearsal) -> dict[str, Any]:
    """The rehearsal for machines. Entries and postings have no numbers: they were never kept."""
    people = [person.resident for person in rehearsal.people]
    public_ids, names = public_ids_of(people), names_of(people)
    return {
        "decided_at": rehearsal.decided_at.isoformat(),
        "entries": [_entry_data(each) for each in rehearsal.tried],
        "followed": [_receipt_data(receipt) for receipt in rehearsal.followed],
        "postings": [_posting_data(moved, public_ids) for moved in rehearsal.moved],
        "residents": [
            {
                "resident": _public(public_ids, person.resident), "name": names.get(person.resident, ""),
                "before": _holdings_data(person.before), "after": _holdings_data(person.after),
            }
            for person in rehearsal.people
        ],
    }  # fmt: skip


def _entry_data(tried: Tried) -> dict[str, Any]:
    body = answer_body(tried.answer, language())
    if tried.answer.status == "accepted":
        body.pop("entry", None)
    receipt = _receipt_data(tried.receipt) if tried.receipt is not None else None
    return {**body, "state": tried.state, "receipt": receipt}


def _receipt_data(receipt: Receipt) -> dict[str, Any]:
    return {
        "kind": receipt.kind, "outcome": receipt.outcome, "book": receipt.book, "points": receipt.points,
        "contribution": receipt.contribution, "sentence": receipt.sentence,
        "lines": [
            {
                "rule": line.rule, "title": line.title, "outcome": line.outcome, "asked": line.asked,
                "paid": line.paid, "unit": line.contribution_class or "points", "to_resident": line.mine,
                "why": line.sentence,
            }
            for line in receipt.lines
        ],
    }  # fmt: skip


def _posting_data(moved: Moved, public_ids: Any) -> dict[str, Any]:
    return {
        "what": moved.code.name.lower(), "purpose": moved.purpose, "amount": moved.amount,
        "from": _side(moved.debit, public_ids), "to": _side(moved.credit, public_ids),
        "effective_at": moved.effective_at.isoformat(),
        "spendable_from": moved.spendable_from.isoformat() if moved.spendable_from else None,
        "expires_at": moved.expires_at.isoformat() if moved.expires_at else None,
    }  # fmt: skip


def _side(side: Side, public_ids: Any) -> str:
    if side.resident is None or side.slot is None:
        return side.code
    return f"{_public(public_ids, side.resident)}:{side.slot.name.lower()}"


def _public(public_ids: Any, resident: int) -> str:
    """A newcomer of the trial has no public id: he was never kept."""
    return str(public_ids.get(resident, "new"))


def _holdings_data(held: Holdings) -> dict[str, Any]:
    return {
        "available": held.available, "waiting": held.waiting, "reserved": held.reserved, "debt": held.debt,
        "contribution": dict(held.contribution), "rank": held.rank, "grade": held.grade,
    }  # fmt: skip


STATES = {
    "decided": ("decided", "已裁定"),
    "held": ("held: a rule is paused", "暂挂：规则已暂停"),
    "waiting": ("waits for what it undoes", "等待其所撤销的记录"),
    "review": ("late: waits for a person", "迟到：待人工审核"),
}


def _tell(rehearsal: Rehearsal) -> None:
    for place, each in enumerate(rehearsal.tried, start=1):
        _tell_entry(place, each)
    for receipt in rehearsal.followed:
        tell(f"Then also: {receipt.title}", f"随后还有：{receipt.title}")
        _tell_lines(receipt)
    names = names_of([person.resident for person in rehearsal.people])
    for person in rehearsal.people:
        _tell_person(person, names.get(person.resident, "") or either("a new resident", "新居民"))
    tell("Nothing was changed.", "未做任何更改。")


def _tell_entry(place: int, tried: Tried) -> None:
    head = f"{place}. {tried.answer.external_id or '-'}"
    if tried.receipt is None:
        tell(f"{head}  {tried.answer.status}", f"{head}  {tried.answer.status}")
        for problem in answer_body(tried.answer, language()).get("problems", ()):
            warn(line := f"   {problem['field']}: {problem['message']}", line)
        return
    en, zh = STATES[tried.state]
    tell(f"{head}  {tried.receipt.title}  ({en})", f"{head}  {tried.receipt.title}（{zh}）")
    _tell_lines(tried.receipt)


def _tell_lines(receipt: Receipt) -> None:
    for line in receipt.lines:
        unit = " n" if line.contribution_class else ""
        text = f"   {line.paid:+d}{unit}  {line.title} [{line.rule}: {line.outcome}]  {line.sentence}"
        tell(text, text)
    if receipt.sentence:
        tell(f"   {receipt.sentence}", f"   {receipt.sentence}")


def _tell_person(person: Person, name: str) -> None:
    was, then = person.before, person.after
    en = (
        f"{name}: points {was.available} -> {then.available}, later {was.waiting} -> {then.waiting},"
        f" debt {was.debt} -> {then.debt}, contribution {was.total} -> {then.total}"
    )
    zh = (
        f"{name}：积分 {was.available} → {then.available}，稍后可用 {was.waiting} → {then.waiting}，"
        f"欠账 {was.debt} → {then.debt}，贡献值 {was.total} → {then.total}"
    )
    tell(en, zh)
