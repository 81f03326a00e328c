"""Late entries: a person admits or dismisses them, with a reason, once."""

from datetime import timedelta

import pytest

from denizen.ground.chronicle.commands import declare_source, record_one
from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.queries import late_entry_count
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import StaffAct
from denizen.ground.identity.testing import a_staff
from denizen.ground.ledger.queries import balance
from denizen.kit import clock, db
from denizen.portal.tests.conftest import browser_of, text_of, the_worker_decides

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(ada, now):
    """A check-in that a slow system told three days too late."""
    declare_source(code="slow", lateness_seconds_max=3600)
    told = []
    for days in (0, 3):
        with db.opening():
            source = declare_source(code="slow", lateness_seconds_max=3600)
            told.append(
                record_one(
                    kind_object=community.CheckedIn(), resident=ada.resident_id, occurred_at=now - timedelta(days=days),
                    external_id=f"slow-{days}", source=source, now=now,
                )
            )  # fmt: skip
    the_worker_decides()
    assert told[1].late
    return told[1].entry_id


def test_admitted_it_is_decided_by_the_rules_of_its_day(ada, odo, late):
    page = text_of(browser_of(odo).post(f"/desk/late/{late}/admit/", follow=True))
    the_worker_decides()

    assert "Admitted." in page
    assert late_entry_count() == 0
    assert balance(ada.resident_id, clock.now()).available == 10
    assert StaffAct.objects.filter(act="entries.admit", subject_id=str(late)).count() == 1


def test_dismissed_it_stays_on_record_and_moves_nothing(ada, odo, late):
    browser_of(odo).post(f"/desk/late/{late}/dismiss/", {"reason": "The clock of that system was wrong"})
    the_worker_decides()

    assert balance(ada.resident_id, clock.now()).available == 5
    assert "a person looked at it and did not admit it" in text_of(browser_of(ada).get(f"/me/history/{late}/"))


def test_meanwhile_the_resident_reads_that_a_person_looks_at_it(ada, late):
    assert "A person looks at it" in text_of(browser_of(ada).get("/me/history/"))


def test_it_refuses_to_dismiss_without_a_reason(odo, late):
    answer = browser_of(odo).post(f"/desk/late/{late}/dismiss/", {"reason": ""}, follow=True)

    assert "Say why, in a sentence the resident may read." in text_of(answer)
    assert late_entry_count() == 1


def test_it_refuses_the_second_answer(odo, late):
    browser = browser_of(odo)
    browser.post(f"/desk/late/{late}/admit/")

    assert "does not wait for a review" in text_of(browser.post(f"/desk/late/{late}/admit/", follow=True))
    assert StaffAct.objects.filter(act="entries.admit").count() == 1


def test_it_refuses_who_may_not(fei, late):
    assert browser_of(fei).post(f"/desk/late/{late}/admit/").status_code == 403
    assert late_entry_count() == 1


def test_it_refuses_who_would_decide_about_himself(ada, late):
    own = a_staff(
        "Su", email="su@lakeside.example", resident_id=ada.resident_id, permissions=(Permission.ENTRIES_REVIEW,)
    )

    answer = browser_of(own).post(f"/desk/late/{late}/admit/", follow=True)

    assert "another person decides" in text_of(answer)
    assert late_entry_count() == 1
