#!/usr/bin/env python3
"""Check a city's journal, or one line of it, against the roots the city has published. Python 3.11, nothing else.

    denizen export journal --format jsonl --output journal.jsonl      (whoever runs the city)
    python3 verify_journal.py journal.jsonl --roots roots.txt
    python3 verify_journal.py --inclusion proof.json --roots roots.txt   (a resident, for his own lines)

This file shares no code with the city and needs nothing but Python. Every hash is SHA-256 over one byte that says what
it is, and a text of fields with tabs between them in UTF-8:

    leaf   00  "denizen posting 1", the fields of POSTING in order
    node   01  the hash on the left, the hash on the right (32 bytes each)
    seal   02  "denizen seal 1", the fields of SEAL in order
    day    03  "denizen day 1", the fields of DAY in order

What is absent is "-", moments are microseconds since 1970-01-01 UTC, hashes stand in lower-case hex. The tree over a
row of hashes: neighbours are joined two by two, whoever stands alone at the end goes up as he is, until one is left.

Exit code 0: everything agrees. 1: something does not, each said in a line on standard error. 2: it could not be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, TextIO

POSTING = (
    "id", "debit", "credit", "amount", "code", "purpose", "effect_no", "effective_at", "recorded_at", "reverses",
    "named", "entry", "kind", "resident", "occurred_at", "entry_commitment", "staff", "approver", "department",
    "reason_commitment",
)  # fmt: skip
SEAL = (
    "number", "day", "first_id", "last_id", "count", "root", "total", "points", "contribution", "sealed_at", "previous",
)  # fmt: skip
DAY = (
    "day", "seals", "last_seal", "last_id", "total", "points", "contribution", "seals_root", "head", "previous",
)  # fmt: skip
GENESIS = "0" * 64
RESIDENTS_FROM, SLOTS, POINTS_SLOTS = 8_000, 8, 2
NAMED_MAX = 20


class Unreadable(Exception):
    """The file is not what it should be: nothing can be said about it."""


class Report:
    """What is wrong, told as it is found; the first lines of each sort, and how many there were."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.count = out, 0

    def wrong(self, sentence: str) -> None:
        self.count += 1
        if self.count <= NAMED_MAX:
            print(f"WRONG  {sentence}", file=self.out)

    def end(self) -> int:
        if self.count > NAMED_MAX:
            print(f"WRONG  and {self.count - NAMED_MAX} more", file=self.out)
        return 1 if self.count else 0


class Tree:
    """The root over hashes that come one by one; remembers one hash for each height."""

    def __init__(self) -> None:
        self.heights: list[bytes | None] = []
        self.count = 0

    def add(self, digest: bytes) -> None:
        self.count += 1
        for height, waiting in enumerate(self.heights):
            if waiting is None:
                self.heights[height] = digest
                return
            digest, self.heights[height] = node(waiting, digest), None
        self.heights.append(digest)

    def root(self) -> str:
        found: bytes | None = None
        for waiting in self.heights:
            if waiting is not None:
                found = waiting if found is None else node(waiting, found)
        return found.hex() if found else ""


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def hash_of(mark: bytes, form: str, names: Iterable[str], given: dict[str, Any]) -> bytes:
    """The hash over named fields. Raises Unreadable where one is missing or could be read in two ways."""
    parts = [form]
    for name in names:
        value = given.get(name, given)
        if value is given or isinstance(value, (dict, list, float, bool)):
            raise Unreadable(f"the field {name} is missing or is no plain value")
        part = "-" if value is None else str(value)
        if "\t" in part or "\n" in part:
            raise Unreadable(f"the field {name} contains a tab or the end of a line")
        parts.append(part)
    return sha256(mark + "\t".join(parts).encode()).digest()


def leaf_of(posting: dict[str, Any]) -> bytes:
    return hash_of(b"\x00", "denizen posting 1", POSTING, posting)


def seal_of(seal: dict[str, Any]) -> str:
    return hash_of(b"\x02", "denizen seal 1", SEAL, seal).hex()


def day_of(day: dict[str, Any]) -> str:
    return hash_of(b"\x03", "denizen day 1", DAY, day).hex()


def read_roots(lines: Iterable[str], report: Report) -> dict[str, dict[str, Any]]:
    """The lines of a roots file by day, each checked to follow the one before."""
    days: dict[str, dict[str, Any]] = {}
    previous, last = GENESIS, ""
    for number, line in enumerate(lines, start=1):
        if line.startswith("#") or not line.strip():
            continue
        parts = line.rstrip("\n").split("\t")
        if len(parts) != len(DAY):  # all fields but the hash of the line before, and the hash of this one
            raise Unreadable(f"line {number} of the roots file has {len(parts)} fields instead of {len(DAY)}")
        day: dict[str, Any] = dict(zip(DAY[:-1], parts[:-1], strict=True))
        day |= {"previous": previous, "hash": parts[-1], "line": number}
        if day_of(day) != day["hash"]:
            report.wrong(f"roots file, line {number} ({day['day']}): it was changed, or lines before it are missing")
        if day["day"] <= last:
            report.wrong(f"roots file, line {number} ({day['day']}): it does not come after {last}")
        days[day["day"]] = day
        previous, last = parts[-1], day["day"]
    return days


class Walk:
    """The journal from its beginning: postings fill a seal, seals fill a day, a day is compared with its line."""

    def __init__(self, roots: dict[str, dict[str, Any]], report: Report) -> None:
        self.roots, self.report = dict(roots), report
        self.leaves, self.seals = Tree(), Tree()
        self.first_id = self.last_id = self.total = self.points = self.contribution = 0
        self.before: dict[str, Any] = {"number": 0, "hash": GENESIS, "day": "", "last_id": 0}
        self.sealed = self.days = 0

    def posting(self, posting: dict[str, Any]) -> None:
        digest = leaf_of(posting)
        name = f"posting {posting['id']}"
        mark = posting.get("mark")
        if mark is not None and mark != digest.hex()[: len(mark)]:
            self.report.wrong(f"{name}: it says something else than when it was sealed")
        if not self.leaves.count:
            self.first_id = posting["id"]
        if posting["id"] <= self.last_id:
            self.report.wrong(f"{name}: it stands after posting {self.last_id}; postings are out of order or twice")
        self.last_id = posting["id"]
        self.leaves.add(digest)
        self.total += 1
        for account, sign in ((posting["debit"], -1), (posting["credit"], 1)):
            if account >= RESIDENTS_FROM and account % SLOTS < POINTS_SLOTS:
                self.points += sign * posting["amount"]
            elif account >= RESIDENTS_FROM:
                self.contribution += sign * posting["amount"]

    def seal(self, seal: dict[str, Any]) -> None:
        name = f"seal {seal['number']} (postings {seal['first_id']} to {seal['last_id']})"
        if seal_of(seal) != seal["hash"]:
            self.report.wrong(f"{name}: its hash is not that of its content")
        if seal["number"] != self.before["number"] + 1 or seal["previous"] != self.before["hash"]:
            self.report.wrong(f"{name}: it does not follow seal {self.before['number']}")
        if self.leaves.count != seal["count"]:
            self.report.wrong(f"{name}: {self.leaves.count} postings stand here instead of {seal['count']}")
        elif self.leaves.root() != seal["root"]:
            self.report.wrong(f"{name}: its postings are not those that were sealed")
        elif (self.first_id, self.last_id) != (seal["first_id"], seal["last_id"]):
            self.report.wrong(f"{name}: its postings have other numbers")
        counted = (self.total, self.points, self.contribution)
        if counted != (seal["total"], seal["points"], seal["contribution"]):
            self.report.wrong(f"{name}: its totals are {counted} when added up again")
            self.total, self.points, self.contribution = seal["total"], seal["points"], seal["contribution"]
        if seal["day"] != self.before["day"]:
            self._close_day()
        self.seals.add(bytes.fromhex(seal["hash"]))
        self.leaves = Tree()
        self.sealed += 1
        self.before, self.last_id = seal, max(self.last_id, seal["last_id"])

    def end(self) -> None:
        """The last day may still be open; every day of the roots file must have been met."""
        if self.before["day"] in self.roots:
            self._close_day()
        for day in self.roots.values():
            self.report.wrong(
                f"day {day['day']} (line {day['line']}): the journal has no such day; it is older than the roots file,"
                " or was cut off"
            )

    def _close_day(self) -> None:
        last, root = self.before, self.seals.root()
        count, self.seals = self.seals.count, Tree()
        line = self.roots.pop(last["day"], None)
        if line is None:
            return
        self.days += 1
        here = {
            "seals": count, "last_seal": last["number"], "last_id": last["last_id"], "total": last["total"],
            "points": last["points"], "contribution": last["contribution"], "seals_root": root, "head": last["hash"],
        }  # fmt: skip
        differing = [name for name, value in here.items() if str(value) != line[name]]
        if differing:
            self.report.wrong(
                f"day {last['day']} (line {line['line']}): the journal tells another history than the roots file"
                f" ({', '.join(differing)})"
            )


def check_journal(lines: Iterable[str], roots: dict[str, dict[str, Any]], report: Report) -> Walk:
    walk = Walk(roots, report)
    for number, row in _rows(lines):
        try:
            if len(row) == 1 and "seal" in row:
                walk.seal(row["seal"])
            elif len(row) == 1 and "posting" in row:
                walk.posting(row["posting"])
            elif row.get("denizen") != "journal 1":
                raise Unreadable("it is neither a posting nor a seal")
        except (KeyError, TypeError, ValueError, Unreadable) as refusal:
            raise Unreadable(f"line {number} of the journal: {refusal}") from refusal
    walk.end()
    return walk


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line, object_pairs_hook=_named_once)
        except (ValueError, RecursionError) as refusal:
            raise Unreadable(f"line {number} of the journal is no JSON: {refusal}") from refusal
        if not isinstance(row, dict):
            raise Unreadable(f"line {number} of the journal is no object")
        yield number, row


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice: another reader might take the other one."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def check_inclusion(proof: dict[str, Any], roots: dict[str, dict[str, Any]], report: Report) -> None:
    """A proof leads from a posting up to its seal, and from the seal up to its day."""
    posting, seal, day = proof["posting"], proof["seal"], proof["day"]
    name = f"posting {posting['id']}"
    if _climb(leaf_of(posting), proof["to_seal"]).hex() != seal["root"]:
        report.wrong(f"{name}: it does not lead to seal {seal['number']}")
    line = roots.get(day)
    if line is None:
        report.wrong(f"{name}: the roots file has no line for {day}")
    elif _climb(bytes.fromhex(seal_of(seal)), proof["to_day"]).hex() != line["seals_root"]:
        report.wrong(f"{name}: seal {seal['number']} is not part of {day} as the roots file tells it")


def _climb(digest: bytes, steps: list[list[str]]) -> bytes:
    for side, other in steps:
        neighbour = bytes.fromhex(other)
        digest = node(neighbour, digest) if side == "left" else node(digest, neighbour)
    return digest


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Check a city's journal, or one line of it, against published roots.")
    parser.add_argument("journal", nargs="?", help="what `denizen export journal` wrote")
    parser.add_argument("--roots", required=True, help="the roots file, best a copy that was kept elsewhere")
    parser.add_argument("--inclusion", metavar="PROOF", help="a proof of one's own lines, as the city hands it out")
    given = parser.parse_args(arguments)
    if (given.journal is None) == (given.inclusion is None):
        parser.error("name a journal, or a proof with --inclusion")
    report = Report(sys.stderr)
    try:
        with open(given.roots, encoding="utf-8") as lines:
            roots = read_roots(lines, report)
        said = _checked_proof(given.inclusion, roots, report) if given.inclusion else _checked(given, roots, report)
    except (OSError, Unreadable, UnicodeDecodeError, KeyError, TypeError, ValueError, RecursionError) as refusal:
        print(f"UNREADABLE  {refusal}", file=sys.stderr)
        return 2
    code = report.end()
    if code == 0:
        print(said)
    return code


def _checked(given: argparse.Namespace, roots: dict[str, dict[str, Any]], report: Report) -> str:
    with open(given.journal, encoding="utf-8") as lines:
        walk = check_journal(lines, roots, report)
    open_postings = walk.leaves.count
    return (
        f"OK  {walk.total - open_postings} postings in {walk.sealed} seals agree with {walk.days} days of the roots"
        f" file; {open_postings} are not sealed yet."
    )


def _checked_proof(path: str, roots: dict[str, dict[str, Any]], report: Report) -> str:
    with open(path, encoding="utf-8") as file:
        told = json.load(file, object_pairs_hook=_named_once)
    proofs = told["proofs"]
    if told.get("denizen") != "inclusion 1" or not proofs:
        raise Unreadable("this is no proof of inclusion")
    for proof in proofs:
        check_inclusion(proof, roots, report)
    numbers = ", ".join(str(proof["posting"]["id"]) for proof in proofs)
    return f"OK  posting {numbers}: exactly as sealed on {', '.join(sorted({proof['day'] for proof in proofs}))}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
