"""The proof of risk: what open cases say, compared with what is kept apart, who is watched and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from denizen.kit import db

FINDINGS_MAX = 100

WATCHED_SQL = """
WITH named AS (SELECT DISTINCT party.resident_id FROM risk_caseparty AS party
  JOIN risk_case AS held ON held.id = party.case_id AND held.state = 'open')
SELECT coalesce(named.resident_id, account.resident_id) FROM named
FULL JOIN (SELECT resident_id FROM ledger_account WHERE watched) AS account ON account.resident_id = named.resident_id
WHERE named.resident_id IS NULL OR account.resident_id IS NULL ORDER BY 1 LIMIT %s
"""
APART_SQL = """
SELECT id FROM (
  SELECT split_part(substr(key, 6), ':', 1) AS number FROM ledger_hold AS hold
    JOIN ledger_purpose AS purpose ON purpose.id = hold.purpose_id AND purpose.code = 'quarantine'
    WHERE hold.state = 'pending'
  UNION SELECT substr(key, 6) FROM ledger_contributionhold WHERE state = 'pending') AS kept
JOIN risk_case AS held ON held.id = kept.number::bigint WHERE held.state <> 'open' ORDER BY 1 LIMIT %s
"""
ENDED_SQL = """
SELECT held.id FROM risk_case AS held LEFT JOIN risk_verdict AS verdict ON verdict.case_id = held.id
WHERE (held.state = 'open') <> (verdict.case_id IS NULL) OR verdict.outcome <> held.state ORDER BY 1 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something recorded about cases that is not what it should be, in English and in Chinese."""

    code: str
    en: str
    zh: str


def verify() -> list[Finding]:
    """What is wrong with risk; empty when all is well. Changes nothing."""
    return [
        *_findings("watched", WATCHED_SQL, "Resident {} is watched without an open case, or not watched with one.",
                   "居民 {} 的关注状态与未结案件不符。"),
        *_findings("apart", APART_SQL, "Case {} is decided, yet something is still kept apart.",
                   "案件 {} 已了结，却仍有待核实部分。"),
        *_findings("ended", ENDED_SQL, "Case {} and its verdict disagree.", "案件 {} 与其裁定不一致。"),
    ]  # fmt: skip


def _findings(code: str, sql: str, en: str, zh: str) -> Iterator[Finding]:
    for (number,) in db.fetch(sql, (FINDINGS_MAX,)):
        yield Finding(code, en.format(number), zh.format(number))
