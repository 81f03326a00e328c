"""The journal with its seals, as ``tools/verify_journal.py`` reads it; and the way from one posting up to its day.

Postings appear as what was hashed: keys, numbers, moments and commitments. No words and no outside names are in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from struct import iter_unpack
from typing import Any

from denizen.ground.ledger.queries.seals import fields_of
from denizen.ground.ledger.seal_models import DayRoot, Seal, SealMarks
from denizen.ground.ledger.seals.hashes import POSTING_FIELDS, Step, micros_of, path_to
from denizen.ground.ledger.seals.leaves import Leaf, leaves

PAGE = 10_000
MARK = ">q8s"
TEXTS = {"purpose", "kind", "entry_commitment", "department", "reason_commitment"}
JOURNAL_FORM = {"denizen": "journal 1"}
INCLUSION_FORM = "inclusion 1"

Row = dict[str, Any]


class UnableToProve(LookupError):
    """The posting is not sealed yet, or its day is not over."""


def sealed_journal() -> Iterator[Row]:
    """The rows of the export: postings in order, each seal after its postings, what is not sealed yet at the end.

    Needs a transaction with one sight of the database.
    """
    yield JOURNAL_FORM
    after = 0
    for seal in Seal.objects.order_by("number").iterator(chunk_size=2_000):
        marks = _marks_of(seal)
        for leaf in _leaves(after, seal.last_id):
            yield {"posting": posting_of(leaf) | {"mark": marks.get(leaf.id)}}
        yield {"seal": seal_of(seal)}
        after = seal.last_id
    for leaf in _leaves(after, 2**62):
        yield {"posting": posting_of(leaf)}


def inclusion_of(posting: int) -> Row:
    """The proof that a posting is part of the day it was sealed on. Raises UnableToProve while there is none."""
    seal = Seal.objects.filter(last_id__gte=posting).order_by("last_id").first()
    closed = DayRoot.objects.filter(day=seal.day).first() if seal else None
    if seal is None or closed is None:
        raise UnableToProve(posting)
    before = Seal.objects.filter(number=seal.number - 1).values_list("last_id", flat=True).first() or 0
    block = list(_leaves(before, seal.last_id))
    place = next((place for place, leaf in enumerate(block) if leaf.id == posting), None)
    if place is None:
        raise UnableToProve(posting)
    first = closed.last_seal_id - closed.seals + 1
    numbers = range(first, closed.last_seal_id + 1)
    hashes = Seal.objects.filter(number__in=numbers).order_by("number").values_list("hash", flat=True)
    digests = [bytes(digest) for digest in hashes]
    return {
        "posting": posting_of(block[place]),
        "to_seal": _told(path_to([leaf.hash for leaf in block], place)),
        "seal": seal_of(seal),
        "to_day": _told(path_to(digests, seal.number - first)),
        "day": seal.day.isoformat(),
    }


def posting_of(leaf: Leaf) -> Row:
    """The fields of a leaf by name."""
    parts = leaf.text.split("\t")[1:]
    return {name: _value(name, part) for name, part in zip(POSTING_FIELDS, parts, strict=True)}


def seal_of(seal: Seal) -> Row:
    row = fields_of(seal)._asdict() | {"hash": bytes(seal.hash)}
    return {name: _written(value) for name, value in row.items()}


def _leaves(after: int, up_to: int) -> Iterator[Leaf]:
    while page := leaves(after=after, up_to=up_to, limit=PAGE):
        yield from page
        after = page[-1].id


def _marks_of(seal: Seal) -> dict[int, str]:
    row = SealMarks.objects.filter(seal=seal.number).first()
    return {} if row is None else {number: mark.hex() for number, mark in iter_unpack(MARK, bytes(row.marks))}


def _told(steps: list[Step]) -> list[list[str]]:
    return [["left" if step.left else "right", step.hash.hex()] for step in steps]


def _value(name: str, part: str) -> str | int | None:
    if part == "-":
        return None
    return part if name in TEXTS else int(part)


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return micros_of(value)
    return value if isinstance(value, int) else value.isoformat()
