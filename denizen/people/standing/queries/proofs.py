"""The proof of standing: everything stored, compared with what the journal, the deeds and the signatures say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from denizen.kit import db
from denizen.people.standing.constants import CONTRIBUTION_CLASSES, FINDINGS_MAX
from denizen.people.standing.queries import journal
from denizen.people.standing.queries.honours import unsigned_honours
from denizen.people.standing.queries.labels import labels_due, labels_stored
from denizen.people.standing.queries.years import frozen_years, recompute_year

COLUMNS = (*CONTRIBUTION_CLASSES, "total", "reached_at")
DIFFERING = (
    "SELECT coalesce(stored.resident_id, rebuilt.resident_id),"
    + ", ".join(f" stored.{name}, rebuilt.{name}" for name in COLUMNS)
    + f" FROM standing_standing AS stored FULL JOIN ({journal.REBUILT}) AS rebuilt USING (resident_id) WHERE "
    + " OR ".join(f"stored.{name} IS DISTINCT FROM rebuilt.{name}" for name in COLUMNS)
    + " ORDER BY 1 LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something stored that is not what it should be, as a sentence in English and in Chinese.

    ``code``: ``standing``, ``label``, ``year`` or ``honour``.
    """

    code: str
    en: str
    zh: str


def verify() -> list[Finding]:
    """What is wrong with standing; empty when all is as it should be. Changes nothing.

    Compares every standing with the journal's postings, every label with its deeds, every frozen list with its digest
    and with the journal of then, and every honour with its signature. At most 100 findings of each sort. Run it in a
    REPEATABLE READ transaction while others write.
    """
    sorts = (_standings(), _labels(), _years(), _honours())
    return [finding for sort in sorts for finding in islice(sort, FINDINGS_MAX)]


def _standings() -> Iterator[Finding]:
    for resident, *values in db.fetch(DIFFERING, (FINDINGS_MAX,)):
        pairs = zip(COLUMNS, values[::2], values[1::2], strict=True)
        name, stored, rebuilt = next(pair for pair in pairs if pair[1] != pair[2])
        yield Finding(
            "standing",
            f"Standing of resident {resident}: {name} is stored as {_said(stored)}, the journal says {_said(rebuilt)}.",
            f"居民 {resident} 的贡献：{name} 存为 {_said(stored)}，账本应为 {_said(rebuilt)}。",
        )


def _said(value: object) -> str:
    return "—" if value is None else str(value)


def _labels() -> Iterator[Finding]:
    due, stored = labels_due(), labels_stored()
    for key in sorted(due.keys() | stored.keys()):
        if due.get(key) != stored.get(key):
            resident, code, occurrence = key
            yield Finding(
                "label",
                f"Label {code} ({occurrence}) of resident {resident} is not what the recorded deeds amount to.",
                f"居民 {resident} 的标签 {code}（第 {occurrence} 次）与已记录的行为不符。",
            )


def _years() -> Iterator[Finding]:
    for year in frozen_years():
        check = recompute_year(year)
        if check is not None and not check.matches:
            yield Finding(
                "year",
                f"The list of {year} has digest {check.frozen}; its lines give {check.stored},"
                f" the journal {check.recomputed}.",
                f"{year} 年榜单的摘要为 {check.frozen}；"
                f"按榜单行计算为 {check.stored}，按账本计算为 {check.recomputed}。",
            )


def _honours() -> Iterator[Finding]:
    for honour in unsigned_honours(FINDINGS_MAX):
        yield Finding("honour", f"Honour {honour} is not as it was signed.", f"荣誉 {honour} 与签名时的记录不符。")
