"""Pure decisions of standing: shares, label spans, and the canonical lines under digests and signatures."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from denizen.people.standing.constants import SHARES_WHOLE


class DeedDone(NamedTuple):
    """One deed of a resident: it stands from ``occurred_at`` until before ``undone_at``."""

    occurred_at: datetime
    entry: int
    subject: str
    undone_at: datetime | None


class LabelSpan(NamedTuple):
    """A label held from ``earned_at`` until before ``withdrawn_at``; ``entry`` is the deed that completed it."""

    entry: int
    earned_at: datetime
    withdrawn_at: datetime | None


class YearLine(NamedTuple):
    """A line of the yearly list. ``contribution`` in n."""

    position: int
    resident: int
    public_id: UUID
    contribution: int
    reached_at: datetime


def label_spans(deeds: Iterable[DeedDone], threshold: int) -> list[LabelSpan]:
    """When a label was held, folded in order of occurring: the order in which deeds were learnt does not matter.

    What happens in one moment counts together, so a label is not lost and found within it.
    """
    happenings = []
    for deed in deeds:
        if deed.undone_at is None or deed.undone_at > deed.occurred_at:
            happenings.append((deed.occurred_at, 1, deed.entry, deed.subject))
            if deed.undone_at is not None:
                happenings.append((deed.undone_at, -1, deed.entry, deed.subject))
    spans: list[LabelSpan] = []
    standing: Counter[str] = Counter()
    held = False
    for moment, group in groupby(sorted(happenings), key=lambda happening: happening[0]):
        ground = _count(standing, group, threshold)
        if len(standing) >= threshold and not held:
            spans.append(LabelSpan(ground, moment, None))
        elif len(standing) < threshold and held:
            spans[-1] = spans[-1]._replace(withdrawn_at=moment)
        held = len(standing) >= threshold
    return spans


def _count(standing: Counter[str], group: Iterable[tuple[datetime, int, int, str]], threshold: int) -> int:
    """Count one moment's happenings, undoings first; the entry that completed the threshold, or 0."""
    ground = 0
    for _, step, entry, subject in group:
        before = len(standing)
        standing[subject] += step
        if not standing[subject]:
            del standing[subject]
        if before < threshold <= len(standing):
            ground = entry
    return ground


def shares(amounts: Sequence[int]) -> list[int]:
    """Shares in permille that sum to exactly 1,000: what rounding leaves goes to the largest remainders."""
    total = sum(amounts)
    if not total:
        return [0] * len(amounts)
    floors = [amount * SHARES_WHOLE // total for amount in amounts]
    by_remainder = sorted(range(len(amounts)), key=lambda n: (-(amounts[n] * SHARES_WHOLE % total), n))
    for n in by_remainder[: SHARES_WHOLE - sum(floors)]:
        floors[n] += 1
    return floors


def needed_to_pass(own_total: int, holder_total: int) -> int:
    """How much n leads past the holder of a place: with as much as he has, whoever reached it earlier stays ahead."""
    return holder_total - own_total + 1


def year_bounds(year: int, time_zone: str) -> tuple[datetime, datetime]:
    """The first moment of ``year`` and of the next one in the city, in UTC."""
    city = ZoneInfo(time_zone)
    return datetime(year, 1, 1, tzinfo=city).astimezone(UTC), datetime(year + 1, 1, 1, tzinfo=city).astimezone(UTC)


def moment_text(moment: datetime) -> str:
    """A moment as it stands in digests and signatures: ISO 8601, UTC, microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def year_text(lines: Iterable[YearLine]) -> str:
    """The list as text: one line ``position,public id,contribution,reached_at`` per place, each ended by a newline."""
    return "".join(
        f"{line.position},{line.public_id},{line.contribution},{moment_text(line.reached_at)}\n" for line in lines
    )


def year_digest(lines: Iterable[YearLine]) -> str:
    """SHA-256 over ``year_text`` in UTF-8, in hexadecimal."""
    return hashlib.sha256(year_text(lines).encode()).hexdigest()


def reason_digest(salt: str, reason: str) -> str:
    """What an honour keeps of its reason under the signature, also after the words were erased."""
    return hashlib.sha256(f"{salt}\n{reason}".encode()).hexdigest()


def honour_text(
    *,
    public_id: UUID,
    resident: UUID,
    titles: tuple[str, str],
    reason: str,
    giver: tuple[UUID, str],
    given_at: datetime,
) -> str:
    """The lines an honour's signature is made over: which, to whom, what, for what, by whom for which department, when.

    Every line is a JSON string, so that no free text can imitate another line. ``reason`` is its digest.
    """
    staff, department = giver
    values = (str(public_id), str(resident), *titles, reason, str(staff), department, moment_text(given_at))
    return "".join(json.dumps(value, ensure_ascii=True) + "\n" for value in ("honour 1", *values))
