"""Bytes and hashes of the proof. Pure, versioned: what is written here never changes, a new form gets a new number.

Every hash is SHA-256 over one byte that says what it is and a text of fields with tabs between, UTF-8:

    leaf   00  denizen posting 1 <tab> fields of the posting
    node   01  the hash on the left, the hash on the right
    seal   02  denizen seal 1 <tab> number, day, first id, last id, count, root, total, points, contribution, moment,
               hash of the seal before
    day    03  denizen day 1 <tab> day, seals, last seal, last posting, total, points, contribution, root of the seals,
               hash of the last seal, hash of the day before

Moments are microseconds since 1970-01-01 UTC, hashes stand in lower-case hex, and what is absent is ``-``. Trees are
those of RFC 6962: whoever stands alone at the end of a row goes up as he is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import NamedTuple

LEAF, NODE, SEAL, DAY = b"\x00", b"\x01", b"\x02", b"\x03"
GENESIS = bytes(32)
UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

POSTING_FIELDS = (
    "id", "debit", "credit", "amount", "code", "purpose", "effect_no", "effective_at", "recorded_at", "reverses",
    "named", "entry", "kind", "resident", "occurred_at", "entry_commitment", "staff", "approver", "department",
    "reason_commitment",
)  # fmt: skip
POSTING_FORM = "denizen posting 1"


class SealFields(NamedTuple):
    """What a seal's hash covers, in order."""

    number: int
    day: date
    first_id: int
    last_id: int
    count: int  # type: ignore[assignment] # hides a method of tuples that nobody asks for
    root: bytes
    total: int
    points: int
    contribution: int
    sealed_at: datetime
    previous: bytes


class DayFields(NamedTuple):
    """What the hash of a day covers, in order."""

    day: date
    seals: int
    last_seal: int
    last_id: int
    total: int
    points: int
    contribution: int
    seals_root: bytes
    head: bytes
    previous: bytes


class Step(NamedTuple):
    """One step up a tree: the neighbour's hash, and whether he stands on the left."""

    left: bool
    hash: bytes


def leaf_hash(text: str) -> bytes:
    return sha256(LEAF + text.encode()).digest()


def seal_hash(fields: SealFields) -> bytes:
    return sha256(SEAL + _text("denizen seal 1", fields)).digest()


def day_hash(fields: DayFields) -> bytes:
    return sha256(DAY + _text("denizen day 1", fields)).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over at least one leaf."""
    row = list(leaves)
    while len(row) > 1:
        row = _above(row)
    return row[0]


def path_to(leaves: Sequence[bytes], place: int) -> list[Step]:
    """The way from one leaf up to the root; empty where it is the only one."""
    row, steps = list(leaves), []
    while len(row) > 1:
        neighbour = place ^ 1
        if neighbour < len(row):
            steps.append(Step(neighbour < place, row[neighbour]))
        row, place = _above(row), place // 2
    return steps


def root_by(leaf: bytes, steps: Iterable[Step]) -> bytes:
    for step in steps:
        pair = step.hash + leaf if step.left else leaf + step.hash
        leaf = sha256(NODE + pair).digest()
    return leaf


def micros_of(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, without a float."""
    delta = moment - UNIX_EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def _above(row: list[bytes]) -> list[bytes]:
    pairs = [sha256(NODE + row[place] + row[place + 1]).digest() for place in range(0, len(row) - 1, 2)]
    return pairs + row[len(row) - len(row) % 2 :]


def _text(form: str, fields: Iterable[object]) -> bytes:
    return "\t".join([form, *map(_written, fields)]).encode()


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return str(micros_of(value))
    return value.hex() if isinstance(value, bytes) else str(value)
