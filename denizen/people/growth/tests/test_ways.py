"""Ways to earn show what is left of each limit, as it binds this resident today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from denizen.ground.chronicle.kinds import community, purchase
from denizen.ground.identity import testing as people
from denizen.people.growth.queries import Way, ways_to_earn
from denizen.people.growth.testing import behave
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _reference_book() -> None:
    publish_first_book(text=reference_book_text(), moment=START, effective_from=START)


def way(resident: int, kind: str, moment: datetime = NOON) -> Way:
    found = [each for each in ways_to_earn(resident=resident, moment=moment) if each.kind == kind]
    return next(each for each in found if each.contribution_class is None)


def test_a_check_in_uses_up_today_and_is_there_again_tomorrow() -> None:
    ada = people.ada().resident_id
    assert not way(ada, "checked_in").done

    behave(ada, community.CheckedIn(), NOON)

    assert way(ada, "checked_in", NOON + timedelta(hours=1)).done
    assert not way(ada, "checked_in", NOON + DAY).done


@pytest.mark.partial("B-13")
def test_the_hundred_of_a_fan_is_shown_and_falls_away_with_the_car() -> None:
    ada = people.ada().resident_id
    behave(ada, community.CheckedIn(), NOON)
    shared = [limit for limit in way(ada, "checked_in").limits if limit.shared]
    assert [(limit.limit, limit.used > 0, limit.ends_at) for limit in shared] == [(100, True, None)]

    car = purchase.VehicleDelivered(model="m1", vehicle="v0", founder_edition=False, channel="new")
    behave(ada, car, NOON + DAY)

    assert [limit for limit in way(ada, "checked_in", NOON + 2 * DAY).limits if limit.shared] == []


def test_others_do_not_use_up_mine() -> None:
    ada, ben = people.ada().resident_id, people.ben().resident_id

    behave(ben, community.CheckedIn(), NOON)

    assert not way(ada, "checked_in").done


def test_it_asks_a_handful_of_queries(query_count: Callable[[], int]) -> None:
    ada = people.ada().resident_id
    ways_to_earn(resident=ada, moment=NOON)
    before = query_count()

    ways_to_earn(resident=ada, moment=NOON)

    assert query_count() - before <= 7
