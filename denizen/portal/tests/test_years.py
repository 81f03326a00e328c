"""The yearly list at the desk: frozen once by who may, proven, and never changed by what comes later (B-64)."""

from datetime import timedelta

import pytest

from denizen.ground.chronicle.kinds import activities
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.kit import clock
from denizen.people.growth.testing import behave
from denizen.people.standing.queries import frozen_years
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(laws):
    return a_staff(
        name="Kim", email="kim@example.org", permissions=[Permission.YEARS_FREEZE, Permission.RESIDENTS_READ]
    )


def attended(resident, moment, key):
    behave(resident, activities.ActivityAttended(activity=key, direction="inward"), moment, key=key)


def freeze(staff, year, **more):
    return browser_of(staff).post(
        "/desk/years/freeze/", {"year": year, "basis": "year", "limit": 120, **more}, follow=True
    )


@pytest.mark.row("B-64")
def test_a_year_is_frozen_and_proven_and_later_news_stands_beside_it(keeper, ada, ben, now):
    year = now.year - 1
    then = now.replace(year=year, month=6, day=1)
    attended(ada.resident_id, then, "lake")

    page = text_of(freeze(keeper, year))
    attended(ben.resident_id, then + timedelta(days=1), "late-news")
    later = text_of(browser_of(keeper).get(f"/desk/years/{year}/"))

    assert "proven from the journal" in page
    assert "Known differently today" not in page
    assert "Known differently today" in later
    assert later.count(ben.name) == 1, "beside the list, not in it"


def test_a_second_freezing_is_refused_with_a_sentence(keeper, now):
    freeze(keeper, now.year - 1)

    again = freeze(keeper, now.year - 1)

    assert again.status_code == 422
    assert "is frozen already" in text_of(again)


def test_a_year_that_is_not_over_is_frozen_only_on_purpose(keeper, now):
    refused = freeze(keeper, now.year)

    assert "has not come yet" in text_of(refused)
    assert frozen_years() == []
    freeze(keeper, now.year, until_now="on")
    assert frozen_years() == [clock.now().year]


def test_nobody_else_comes_in(ada, odo, now):
    assert browser_of(ada).get("/desk/years/").status_code in {302, 403, 404}
    stranger = a_staff(name="Sol", email="sol@example.org", permissions=[Permission.RESIDENTS_READ])

    assert browser_of(stranger).get("/desk/years/").status_code == 403
    assert freeze(stranger, now.year - 1).status_code == 403
    assert frozen_years() == []
