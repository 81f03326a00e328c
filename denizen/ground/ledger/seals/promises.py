"""What words and outside names commit to: hashes behind secrets, which can be thrown away with the words.

An entry's commitment is worked out from what stands in the chronicle, as long as its resident's secret is there; it
costs a posting nothing. It is stored only when the resident is erased. A reason's commitment is stored when it is
sealed, because such postings are few.
"""

from __future__ import annotations

from denizen.ground.ledger.seals.leaves import ENTRY_COMMITMENT, ENTRY_TABLES
from denizen.kit import db

SECRET = "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())"
"""32 bytes of the server's strong randomness, 244 bits of them free; a volatile call, so each row gets its own."""

ENTRIES_SQL = f"""
INSERT INTO ledger_entrysalt (resident_id, salt)
SELECT people.resident_id, {SECRET} FROM (
  SELECT DISTINCT entry.resident_id FROM ledger_posting AS posting
  JOIN chronicle_entry AS entry ON entry.id = posting.entry_id WHERE posting.id > %s AND posting.id <= %s) AS people
WHERE NOT EXISTS (SELECT FROM ledger_entrysalt AS known WHERE known.resident_id = people.resident_id)
ORDER BY people.resident_id
"""

REASONS_SQL = f"""
INSERT INTO ledger_reasoncommitment (posting_id, salt, commitment)
SELECT posting_id, salt, sha256(salt || convert_to(reason, 'UTF8')) FROM (
  SELECT reason.posting_id, reason.reason, {SECRET} AS salt FROM ledger_postingreason AS reason
  WHERE {{0}} AND NOT EXISTS (SELECT FROM ledger_reasoncommitment AS known WHERE known.posting_id = reason.posting_id)
  OFFSET 0) AS fresh
ORDER BY posting_id
"""

KEEP_SQL = f"""
INSERT INTO ledger_entrycommitment (entry_id, commitment)
SELECT entry.id, {ENTRY_COMMITMENT} FROM {ENTRY_TABLES}
WHERE entry.resident_id = %s AND salt.salt IS NOT NULL
  AND NOT EXISTS (SELECT FROM ledger_entrycommitment AS known WHERE known.entry_id = entry.id)
ORDER BY entry.id
"""


def promise_entries(*, after: int, up_to: int) -> None:
    """Make the secrets of residents whose entries have postings with ``after < id <= up_to`` and who have none."""
    db.execute(ENTRIES_SQL, (after, up_to))


def promise_reasons(*, after: int, up_to: int) -> None:
    """Commit to the reasons of the postings with ``after < id <= up_to``."""
    db.execute(REASONS_SQL.format("reason.posting_id > %s AND reason.posting_id <= %s"), (after, up_to))


def promise_reasons_of(postings: list[int]) -> None:
    """Commit to the reasons of these postings, sealed or not."""
    db.execute(REASONS_SQL.format("reason.posting_id = ANY(%s::bigint[])"), (postings,))


def keep_entries_of(resident: int) -> int:
    """Store what all entries of a resident commit to and throw the secret away; how many entries."""
    kept = db.execute(KEEP_SQL, (resident,))
    db.execute("DELETE FROM ledger_entrysalt WHERE resident_id = %s", (resident,))
    return kept
