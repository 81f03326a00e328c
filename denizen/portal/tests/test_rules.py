"""The rule book and the levels are readable by everybody, signed in or not (A-02)."""

from datetime import timedelta

import pytest

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.people.rulebook.commands import approve_book, propose_table_value
from denizen.people.rulebook.testing import WAIVED, checked
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.row("A-02")
@pytest.mark.parametrize(("language", "words"), [("en", "In force since"), ("zh-hans", "起生效")])
def test_a_guest_reads_the_rules_in_force_with_version_and_date(laws, language, words):
    page = text_of(browser_of(None, language).get("/rules/"))

    assert words in page
    assert 'id="check_in_points"' in page


@pytest.mark.row("A-02")
def test_a_guest_reads_the_published_levels_with_condition_and_rights(laws):
    page = text_of(browser_of(None).get("/levels/"))

    assert "Everybody who is registered and does not own a vehicle." in page
    assert "Invite friends with a code of one&#39;s own" in page


@pytest.mark.partial("A-35")
def test_a_rule_says_what_it_wants_gives_and_where_to_complain(laws):
    page = text_of(browser_of(None).get("/rules/"))

    assert "Come in and look around; no car is needed." in page
    assert "20 points once, the first you own here." in page
    assert "If you see it differently: Say so under any line of your history" in page
    assert "assumed by us" in page
    assert "stated" in page


def test_what_is_only_proposed_is_not_public_and_what_is_announced_is(odo, now):
    xu = a_staff("Xu", permissions=(Permission.RULES_PROPOSE,))
    checked(now)
    made = propose_table_value(
        actor=xu, table="cocreation", key="night_test", value=6, note="They give most", moment=now
    )
    guest = browser_of(None)
    assert guest.get(f"/rules/{made.number}/").status_code == 404

    approve_book(actor=odo, number=made.number, effective_from=now + timedelta(days=30), moment=now, **WAIVED)

    page = text_of(guest.get(f"/rules/{made.number}/"))
    assert "Announced; in force from" in page
    assert "signed by Xu and Odo" in page


def test_an_unknown_version_is_not_there(laws):
    assert browser_of(None).get("/rules/99/").status_code == 404


def test_a_city_without_a_book_says_so(db):
    assert "No rules are in force yet" in text_of(browser_of(None).get("/rules/"))
    assert "No levels have been published yet." in text_of(browser_of(None).get("/levels/"))


def test_a_link_to_a_rule_opens_its_group_alone(laws):
    page = text_of(browser_of(None).get("/rules/?open=check_in_points"))

    assert 'id="community" open>' in page
    assert page.count('group" id=') > page.count(" open>") == 1


def test_a_review_that_is_overdue_is_called_so(laws):
    assert "and that is overdue" in text_of(browser_of(None).get("/rules/"))
