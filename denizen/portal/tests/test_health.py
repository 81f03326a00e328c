"""Health: what is undecided, since when, who reports, and how the books are proven."""

from datetime import timedelta

import pytest

from denizen.people.growth.commands import check_in
from denizen.portal.tests.conftest import browser_of, text_of, the_worker_decides

pytestmark = pytest.mark.django_db


def test_a_worker_that_is_behind_is_seen(ada, odo, now):
    check_in(resident=ada.resident_id, moment=now - timedelta(hours=2))

    behind = text_of(browser_of(odo).get("/desk/health/"))
    the_worker_decides()
    calm = text_of(browser_of(odo).get("/desk/health/"))

    assert "the worker is behind" in behind
    assert "2 hours ago" in behind
    assert "the worker is behind" not in calm
    assert "denizen verify" in calm
    assert "<code>app</code>" in calm
