"""The rule book at the desk: a second person approves, values of tables become proposals (A-38, B-61)."""

from datetime import timedelta

import pytest

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.kit import clock
from denizen.people.rulebook.queries import book_of, version_in_force, versions
from denizen.people.rulebook.testing import checked
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
NIGHT = {"table": "cocreation", "key": "night_test", "value": "6", "note": "Night testers give most"}


WAIVED = {"untried": "One value, seen by both of us.", "unheard": "She is on the road until Monday."}


@pytest.fixture
def xu(laws):
    checked(clock.now())
    return a_staff("Xu", email="xu@lakeside.example", permissions=(Permission.RULES_PROPOSE, Permission.RULES_APPROVE))


def latest() -> int:
    return versions(clock.now())[0].number


@pytest.mark.row("B-61")
def test_a_new_act_becomes_a_proposal_without_touching_code(xu):
    page = text_of(browser_of(xu).post("/desk/acts/propose/", NIGHT, follow=True))

    assert "Somebody else approves it." in page
    assert "The table “co-creation” has a further line: “night test” = 6." in page
    assert "Night testers give most" in page
    assert "night_test" not in book_of(version_in_force(clock.now())).tables["cocreation"]


@pytest.mark.row("B-61", "A-38")
def test_a_second_person_puts_it_in_force(xu, odo):
    browser_of(xu).post("/desk/acts/propose/", NIGHT)

    page = text_of(browser_of(odo).post(f"/desk/rules/{latest()}/approve/", WAIVED, follow=True))

    assert "Two people have signed this version now." in page
    announced = versions(clock.now())[0]
    assert announced.effective_from - announced.approved_at == timedelta(days=30)
    assert "night_test" not in book_of(version_in_force(clock.now())).tables["cocreation"]
    assert book_of(version_in_force(announced.effective_from)).tables["cocreation"]["night_test"] == 6


@pytest.mark.row("A-38")
def test_the_review_date_stands_in_the_list(odo):
    page = text_of(browser_of(odo).get("/desk/rules/"))

    assert "Review by" in page
    assert "review overdue" in page  # in force since 2020, never looked at again


def test_the_proposer_sees_why_he_cannot_approve_and_is_refused(xu):
    browser = browser_of(xu)
    browser.post("/desk/acts/propose/", NIGHT)

    assert "You proposed this version, so somebody else" in text_of(browser.get(f"/desk/rules/{latest()}/"))
    answer = browser.post(f"/desk/rules/{latest()}/approve/", WAIVED, follow=True)

    assert "Somebody else has to approve what you proposed." in text_of(answer)
    assert version_in_force(clock.now()).number != latest()


def test_it_refuses_the_same_approval_twice(xu, odo):
    browser_of(xu).post("/desk/acts/propose/", NIGHT)
    browser_of(odo).post(f"/desk/rules/{latest()}/approve/", WAIVED)

    answer = browser_of(odo).post(f"/desk/rules/{latest()}/approve/", WAIVED, follow=True)

    assert "is already approved" in text_of(answer)


def test_a_version_can_be_announced_for_a_later_day_of_the_citys_clocks(xu, odo):
    browser_of(xu).post("/desk/acts/propose/", NIGHT)

    browser_of(odo).post(f"/desk/rules/{latest()}/approve/", WAIVED | {"effective_from": "2199-01-01T00:00"})

    announced = versions(clock.now())[0]
    assert announced.state == "announced"
    assert announced.effective_from.isoformat() == "2198-12-31T16:00:00+00:00"


@pytest.mark.parametrize("wrong", [{"key": "Night Test"}, {"value": "-1"}, {"table": "nothing"}, {"note": ""}])
def test_it_refuses_a_value_that_cannot_be(xu, wrong):
    answer = browser_of(xu).post("/desk/acts/propose/", NIGHT | wrong)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text_of(answer)


def test_it_refuses_a_proposal_that_changes_nothing(xu):
    answer = browser_of(xu).post("/desk/acts/propose/", NIGHT | {"key": "idea", "value": "2"})

    assert answer.status_code == 422
    assert "This proposal changes nothing" in text_of(answer)


def test_it_refuses_who_may_not_propose_or_approve(xu, fei):
    assert browser_of(fei).post("/desk/acts/propose/", NIGHT).status_code == 403
    browser_of(xu).post("/desk/acts/propose/", NIGHT)
    assert browser_of(fei).post(f"/desk/rules/{latest()}/approve/", WAIVED).status_code == 403
    assert "You need the permit rules.approve" in text_of(browser_of(fei).get(f"/desk/rules/{latest()}/"))


def test_a_version_shows_conditions_limits_and_tables_as_text(odo):
    page = text_of(browser_of(odo).get(f"/desk/rules/{latest()}/"))

    assert ">check_in_points</code>" in page
    assert "entry." in page
    assert "once a day" in page
    assert "<code>cocreation</code>" in page
