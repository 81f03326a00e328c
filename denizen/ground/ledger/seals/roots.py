"""The roots file: one line for each day that was closed, each chained to the line before. Pure.

    # denizen roots 1
    2026-03-01 <tab> seals <tab> last seal <tab> last posting <tab> total <tab> points <tab> contribution
               <tab> root of the seals <tab> hash of the last seal <tab> hash of the day

The hash of a day covers the line and the hash of the line before (``hashes.day_hash``), so that a line can neither be
changed nor left out without changing all that follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from denizen.ground.ledger.seals.hashes import GENESIS, DayFields, day_hash

HEAD = "# denizen roots 1\n"
INTEGERS = 6


class RootLine(NamedTuple):
    """A day as the file tells it. ``fields.previous`` is the hash of the line before."""

    number: int
    fields: DayFields
    hash: bytes


class UnableToReadRoots(ValueError):
    """The file says something that no roots file says. ``line``: where; ``why``: ``form``, ``order`` or ``chain``."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why = line, why


def line_of(fields: DayFields, digest: bytes) -> str:
    """The line of a day, with its end."""
    numbers = map(str, fields[1 : 1 + INTEGERS])
    hashes = (fields.seals_root.hex(), fields.head.hex(), digest.hex())
    return "\t".join([fields.day.isoformat(), *numbers, *hashes]) + "\n"


def read_roots(lines: Iterable[str]) -> Iterator[RootLine]:
    """The days of a file in order, each proven to follow the one before. Raises UnableToReadRoots."""
    previous, last_day = GENESIS, date.min
    for number, line in enumerate(lines, start=1):
        if line.startswith("#") or not line.strip():
            continue
        fields, digest = _parsed(number, line, previous)
        if fields.day <= last_day:
            raise UnableToReadRoots(number, "order")
        if day_hash(fields) != digest:
            raise UnableToReadRoots(number, "chain")
        yield RootLine(number, fields, digest)
        previous, last_day = digest, fields.day


def _parsed(number: int, line: str, previous: bytes) -> tuple[DayFields, bytes]:
    parts = line.rstrip("\n").split("\t")
    try:
        day, *rest = parts
        seals, last_seal, last_id, total, points, contribution = (int(part) for part in rest[:INTEGERS])
        seals_root, head, digest = (bytes.fromhex(part) for part in rest[INTEGERS:])
        fields = DayFields(
            date.fromisoformat(day), seals, last_seal, last_id, total, points, contribution, seals_root, head, previous
        )
    except (ValueError, TypeError) as refusal:
        raise UnableToReadRoots(number, "form") from refusal
    if line_of(fields, digest).rstrip("\n") != line.rstrip("\n"):
        raise UnableToReadRoots(number, "form")
    return fields, digest
