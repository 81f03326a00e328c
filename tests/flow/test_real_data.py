"""Two real logs nobody here wrote, ingested as the how-to says, against a plain recomputation that knows no Denizen."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from denizen.config.testing import empty_city
from denizen.ground.chronicle.commands import sync_kinds
from denizen.ground.chronicle.ingestion import Report, ingest_file, load_mapping
from denizen.ground.ledger.queries import balances_as_of, verify
from denizen.kit import db
from denizen.kit.clock import now
from denizen.people.growth.pipeline import advance
from denizen.people.rulebook.commands import publish_first_book

DATA = Path(os.environ.get("DENIZEN_DATA", ""))
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
BALANCES = dict[tuple[str, str], int]

pytestmark = [
    pytest.mark.data,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("DENIZEN_DATA" not in os.environ, reason="DENIZEN_DATA names no folder with the real logs"),
]


def cdnow_lines() -> list[str]:
    return (DATA / "behaviour" / "cdnow_purchases.txt").read_text().splitlines()[1:]


def college_lines() -> list[str]:
    return (DATA / "behaviour" / "college_messages.txt").read_text().splitlines()


def cdnow_expected(lines: list[str], moment: datetime) -> BALANCES:
    """A point a full dollar, 200 a day; 100 once; each lot dies 365 days after its purchase."""
    expected: BALANCES = defaultdict(int)
    of_day: dict[tuple[str, date], int] = defaultdict(int)
    seen: set[str] = set()
    for line in lines:
        customer, day_text, _, dollars = line.split()
        day = datetime.strptime(day_text, "%Y%m%d").replace(tzinfo=UTC)
        paid = min(int(Decimal(dollars)), 200 - of_day[customer, day.date()])
        of_day[customer, day.date()] += paid
        if customer not in seen:
            paid += 100
            seen.add(customer)
        if day <= moment < day + timedelta(days=365):
            expected[customer, "points"] += paid
    return {key: amount for key, amount in expected.items() if amount}


def college_expected(lines: list[str]) -> BALANCES:
    """A point a message, 10 a day; 1n for the first of a day; 5 points for the first ever."""
    expected: BALANCES = defaultdict(int)
    of_day: dict[tuple[str, date], int] = defaultdict(int)
    seen: set[str] = set()
    for line in lines:
        sender, _, seconds = line.split()
        day = datetime.fromtimestamp(int(seconds), tz=UTC).date()
        of_day[sender, day] += 1
        if of_day[sender, day] <= 10:
            expected[sender, "points"] += 1
        if of_day[sender, day] == 1:
            expected[sender, "contribution"] += 1
        if sender not in seen:
            expected[sender, "points"] += 5
            seen.add(sender)
    return dict(expected)


def ingest(path: Path, name: str, rejected: Path) -> Report:
    """As ``denizen ingest`` does it, which leaves the database with statistics of what it brought."""
    report = ingest_file(
        path=path,
        mapping=load_mapping(HOW_TO / f"{name}.map.yaml"),
        advance=lambda entries, moment: advance(entries, moment=moment, tell=False),
        clock=now,
        rejected_path=rejected,
    )
    db.execute("ANALYZE")
    return report


def publish(name: str) -> None:
    publish_first_book(text=(HOW_TO / f"{name}.rules.yaml").read_text(), moment=now())


def balances(moment: datetime) -> BALANCES:
    names = dict(db.fetch("SELECT resident_id, reference FROM chronicle_externalreference"))
    return {(names[each.resident], each.asset): each.balance for each in balances_as_of(moment)}


def granted_points() -> dict[str, int]:
    return dict(
        db.fetch(
            "SELECT r.reference, sum(p.amount)::bigint FROM ledger_posting p"
            " JOIN chronicle_externalreference r ON r.resident_id = p.credit_id / 8"
            " WHERE p.code = 2 AND p.credit_id %% 8 = 0 GROUP BY 1"
        )
    )


def shuffled_within_days(lines: list[str], day_of: Callable[[str], str]) -> Iterator[str]:
    days: dict[str, list[str]] = {}
    for line in lines:
        days.setdefault(day_of(line), []).append(line)
    for day in sorted(days):
        yield from random.Random(day).sample(days[day], len(days[day]))


MOMENT = datetime(1998, 7, 1, tzinfo=UTC)
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def test_purchases_end_in_the_balances_of_a_plain_recomputation_and_a_second_time_changes_nothing(
    tmp_path: Path,
) -> None:
    publish("cdnow")
    log = DATA / "behaviour" / "cdnow_purchases.txt"

    report = ingest(log, "cdnow", tmp_path / "rejected")
    first = balances(MOMENT)
    again = ingest(log, "cdnow", tmp_path / "rejected")

    assert first == cdnow_expected(cdnow_lines(), MOMENT)
    assert (report.accepted, report.rejected) == (69_659, 0)
    assert (again.accepted, again.existing) == (0, 69_659)
    assert balances(MOMENT) == first
    assert verify() == []


def test_messages_end_in_the_balances_of_a_plain_recomputation_and_a_second_time_changes_nothing(
    tmp_path: Path,
) -> None:
    publish("college")
    log = DATA / "behaviour" / "college_messages.txt"

    report = ingest(log, "college", tmp_path / "rejected")
    first = balances(LATER)
    again = ingest(log, "college", tmp_path / "rejected")

    assert first == college_expected(college_lines())
    assert (report.accepted, report.rejected) == (59_835, 0)
    assert (again.accepted, again.existing) == (0, 59_835)
    assert balances(LATER) == first
    assert verify() == []


@pytest.mark.parametrize("name", ["cdnow", "college"])
def test_the_order_of_lines_within_a_day_and_of_the_whole_file_does_not_matter(name: str, tmp_path: Path) -> None:
    header = ["customer_id date number_of_cds dollar_value"] if name == "cdnow" else []
    lines = (cdnow_lines() if name == "cdnow" else college_lines())[:9_000]

    def day_of(line: str) -> str:
        moment = line.split()[1] if name == "cdnow" else line.split()[2]
        return moment if name == "cdnow" else datetime.fromtimestamp(int(moment), tz=UTC).date().isoformat()

    results = []
    for order in (lines, list(shuffled_within_days(lines, day_of)), random.Random(3).sample(lines, len(lines))):
        empty_city()
        sync_kinds()
        publish(name)
        (tmp_path / "log.txt").write_text("\n".join([*header, *order]) + "\n")
        ingest(tmp_path / "log.txt", name, tmp_path / "rejected")
        results.append((balances(MOMENT if name == "cdnow" else LATER), granted_points()))

    (plain, granted), (within_days, _), (_, granted_anyhow) = results
    assert within_days == plain
    assert granted_anyhow == granted
