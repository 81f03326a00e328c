"""The dry run at the desk: chosen by form, told as a receipt, and nothing is changed."""

from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from denizen.ground.chronicle.models import Entry
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.ground.ledger.queries import balance
from denizen.kit import clock
from denizen.people.rulebook.queries import version_in_force
from denizen.portal.desk.rehearsal import pages
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
PAGE = "/desk/rehearsal/"


@pytest.fixture(autouse=True)
def _fresh_budget(monkeypatch):
    monkeypatch.setattr(pages, "trial_budget", pages.CallBudget(pages.TRIALS_PER_MINUTE, pages.TRIALS_PER_MINUTE))


def asked(resident, **more):
    local = clock.now().astimezone(ZoneInfo(settings.CITY_TIME_ZONE))
    told = {"kind": "checked_in", "occurred_at": f"{local:%Y-%m-%dT%H:%M}", "book": "", "source": "app"}
    return told | ({"resident": str(resident.resident.public_id)} if resident else {}) | more


def test_what_would_happen_is_told_with_balances_before_and_after_and_does_not_happen(odo, ada):
    page = text_of(browser_of(odo).post(PAGE, asked(ada)))

    assert "What would happen" in page
    assert "Ada" in page
    assert "<strong>5</strong>" in page
    assert balance(ada.resident_id, clock.now()).available == 0
    assert not Entry.objects.filter(resident=ada.resident_id, kind__code="checked_in").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_form_has_the_fields_of_the_kind(odo, language):
    page = text_of(browser_of(odo, language).get(PAGE + "?kind=purchase_made"))

    assert 'name="part_amount"' in page


def test_a_resident_is_found_by_his_name(odo, ada):
    page = text_of(browser_of(odo).get(PAGE + "?q=Ada"))

    assert f"resident={ada.resident.public_id}" in page


def test_a_version_can_be_named_and_faults_stand_at_their_fields(odo, ada):
    by_version = text_of(browser_of(odo).post(PAGE, asked(ada, book=str(version_in_force(clock.now()).number))))
    broken = browser_of(odo).post(PAGE, asked(ada, kind="purchase_made", part_amount="-4"))

    assert "What would happen" in by_version
    assert broken.status_code == 422


def test_staff_read_which_condition_was_missing_and_need_to_know_no_ids(odo, ada):
    form = text_of(browser_of(odo).get(f"{PAGE}?kind=commented&resident={ada.resident.public_id}"))
    parts = {"part_comment": "c-1", "part_subject": "s-1", "part_fingerprint": "f-1", "part_length": "3"}
    page = text_of(browser_of(odo).post(PAGE, asked(ada, kind="commented", **parts)))

    assert form.count('value="try-') == 3
    assert "It asks that" in page
    assert "at least 5" in page


def test_who_may_not_read_residents_tries_with_a_newcomer(odo, ada):
    drafter = a_staff("Dee", email="dee@lakeside.example", permissions=(Permission.RULES_PROPOSE,))

    page = text_of(browser_of(drafter).post(PAGE, asked(ada)))

    assert "A new resident" in page
    assert "Ada" not in page


def test_it_refuses_too_many_trials_in_a_minute_and_who_may_not(odo, ada, monkeypatch):
    monkeypatch.setattr(pages, "trial_budget", pages.CallBudget(1, 1))
    newcomer = a_staff("Nia", email="nia@lakeside.example")
    browser = browser_of(odo)
    browser.post(PAGE, asked(ada))

    assert "Too many trials in a minute" in text_of(browser.post(PAGE, asked(ada)))
    assert browser_of(newcomer).get(PAGE).status_code == 403
    assert browser_of(ada).get(PAGE).status_code == 404
