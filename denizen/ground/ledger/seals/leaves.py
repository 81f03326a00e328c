"""Postings as leaves: the text of each, made by the database in the order of their ids."""

from __future__ import annotations

from typing import NamedTuple

from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, SLOTS, Slot
from denizen.ground.ledger.seals.hashes import POSTING_FORM, leaf_hash
from denizen.kit import db

MICROS = "(extract(epoch FROM {0}) * 1000000)::bigint"

ENTRY_COMMITMENT = (
    "sha256(sha256(salt.salt || convert_to('entry ' || entry.id, 'UTF8')) || convert_to(concat_ws(E'\\x1f',"
    " source.code, key.external_id, encode(key.payload_hash, 'hex'), entry.payload::text), 'UTF8'))"
)
"""The source, its own name of the entry, the hash of what it sent and what was kept, behind a secret of the resident.

The secret differs for each entry, so that the same content twice does not show as the same commitment."""

ENTRY_TABLES = """
chronicle_entry AS entry
JOIN chronicle_source AS source ON source.id = entry.source_id
LEFT JOIN chronicle_entrykey AS key ON key.entry_id = entry.id
LEFT JOIN ledger_entrysalt AS salt ON salt.resident_id = entry.resident_id
"""

LEAVES_SQL = f"""
SELECT posting.id, posting.debit_id, posting.credit_id, posting.amount, concat_ws(E'\\t', '{POSTING_FORM}',
  posting.id, posting.debit_id, posting.credit_id, posting.amount, posting.code, purpose.code, posting.effect_no,
  {MICROS.format("posting.effective_at")}, {MICROS.format("posting.recorded_at")},
  coalesce(posting.reverses_id::text, '-'), coalesce(posting.named_id::text, '-'),
  coalesce(posting.entry_id::text, '-'), coalesce(kind.code, '-'), coalesce(entry.resident_id::text, '-'),
  coalesce({MICROS.format("entry.occurred_at")}::text, '-'),
  coalesce(encode(coalesce(kept.commitment, {ENTRY_COMMITMENT}), 'hex'), '-'),
  coalesce(reason.staff_id::text, '-'), coalesce(reason.approver_id::text, '-'), coalesce(department.code, '-'),
  coalesce(encode(promise.commitment, 'hex'), '-'))
FROM ledger_posting AS posting
LEFT JOIN ledger_purpose AS purpose ON purpose.id = posting.purpose_id
LEFT JOIN ({ENTRY_TABLES}) ON entry.id = posting.entry_id
LEFT JOIN chronicle_kindcode AS kind ON kind.id = entry.kind_id
LEFT JOIN ledger_entrycommitment AS kept ON kept.entry_id = posting.entry_id
LEFT JOIN ledger_postingreason AS reason ON reason.posting_id = posting.id
LEFT JOIN identity_department AS department ON department.id = reason.department_id
LEFT JOIN ledger_reasoncommitment AS promise ON promise.posting_id = posting.id
WHERE posting.id > %s AND posting.id <= %s ORDER BY posting.id LIMIT %s
"""


class Leaf(NamedTuple):
    """A posting as it is sealed. ``points`` and ``contribution``: by how much residents together hold more."""

    id: int
    text: str
    hash: bytes
    points: int
    contribution: int


def leaves(*, after: int, up_to: int, limit: int) -> list[Leaf]:
    """The leaves of the postings with ``after < id <= up_to``, at most ``limit``, in the order of their ids."""
    return [
        Leaf(number, text, leaf_hash(text), *moved(debit, credit, amount))
        for number, debit, credit, amount, text in db.fetch(LEAVES_SQL, (after, up_to, limit))
    ]


def moved(debit: int, credit: int, amount: int) -> tuple[int, int]:
    """By how much residents together hold more points, and more contribution, after this posting."""
    points = contribution = 0
    for account, sign in ((debit, -1), (credit, 1)):
        if account >= RESIDENT_ACCOUNT_MIN:
            if account % SLOTS <= Slot.DEBT:
                points += sign * amount
            else:
                contribution += sign * amount
    return points, contribution
