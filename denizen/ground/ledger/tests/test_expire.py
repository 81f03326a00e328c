"""Expiry: at the lot's own moment, whenever the sweep comes by, once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from denizen.ground.ledger.commands import expire_due, place
from denizen.ground.ledger.constants import Code
from denizen.ground.ledger.models import Posting
from denizen.ground.ledger.queries import balance, balances_as_of, verify
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn

pytestmark = pytest.mark.django_db


def test_it_posts_at_the_lots_own_moment_one_posting_for_wallet_and_moment() -> None:
    ada, ben = a_resident(), a_resident()
    for amount, end in ((10, 5), (20, 5), (40, 6), (80, 50)):
        earn(ada, amount, expires_at=day(end))
    earn(ben, 7, expires_at=day(5))

    result = expire_due(moment=day(8))

    rows = Posting.objects.filter(code=Code.EXPIRE).order_by("debit_id", "effective_at")
    assert [(row.debit_id // 8, row.amount, row.effective_at) for row in rows] == [
        (ada, 30, day(5)),
        (ada, 40, day(6)),
        (ben, 7, day(5)),
    ]
    assert result == (4, 77)
    assert balance(ada, day(8)).available == 80


def test_a_second_sweep_finds_nothing() -> None:
    earn(a_resident(), 10, expires_at=day(5))
    expire_due(moment=day(6))

    assert expire_due(moment=day(6)) == (0, 0)


def test_it_spares_reserved_points_and_takes_what_is_beside_them() -> None:
    ada = a_resident()
    earn(ada, 10, expires_at=day(5))
    place(resident=ada, amount=4, purpose="spend:mall", key="a", moment=day(1))

    assert expire_due(moment=day(6)) == (1, 6)
    assert expire_due(moment=day(7)) == (0, 0)


def test_a_limit_leaves_the_rest_for_the_next_sweep() -> None:
    for _ in range(5):
        earn(a_resident(), 10, expires_at=day(5))

    counts = []
    while (swept := expire_due(moment=day(6), limit=2).lots) > 0:
        counts.append(swept)

    assert counts == [2, 2, 1]


@pytest.mark.parametrize(
    "end",
    [
        datetime(2028, 2, 29, 16, tzinfo=UTC),  # midnight after the leap day in Shanghai is 16:00 UTC
        datetime(2026, 1, 31, tzinfo=ZoneInfo("Asia/Shanghai")),
        datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")),  # inside the hour that is skipped
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),  # the second 02:30 of that night
        datetime(2027, 1, 1, tzinfo=UTC),
    ],
)
def test_the_last_microsecond_counts_and_the_next_does_not(end: datetime) -> None:
    ada = a_resident()
    earn(ada, 10, expires_at=end)
    end = end.astimezone(UTC)
    just_before = end - timedelta(microseconds=1)

    assert balance(ada, just_before).available == 10
    assert expire_due(moment=just_before).lots == 0
    assert [row.balance for row in balances_as_of(just_before)] == [10]
    assert balance(ada, end).available == 0
    assert list(balances_as_of(end)) == []
    assert expire_due(moment=end).lots == 1


def test_balances_as_of_any_moment_are_the_same_before_and_after_the_sweep() -> None:
    people = [a_resident() for _ in range(4)]
    for number, person in enumerate(people):
        earn(person, 10 + number, expires_at=day(5 + number))
        earn(person, 3)
    before = [list(balances_as_of(day(at))) for at in range(12)]

    expire_due(moment=day(7))

    assert [list(balances_as_of(day(at))) for at in range(12)] == before
    assert verify() == []


def test_what_expires_soon_is_told_earliest_first() -> None:
    ada = a_resident()
    earn(ada, 5, expires_at=day(20))
    earn(ada, 10, expires_at=day(10))
    earn(ada, 7, expires_at=day(10))
    earn(ada, 9, expires_at=day(200))
    an_entry(ada)

    assert balance(ada, day(1), soon_days=30).expiring == ((day(10), 17), (day(20), 5))
