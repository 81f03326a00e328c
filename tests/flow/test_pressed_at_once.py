"""Buttons that two press at the same moment, or one twice: through the pages, with real threads and real commits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from denizen.config.errands.deciding import drain
from denizen.ground.chronicle.models import Entry, ServiceKey
from denizen.ground.chronicle.testing import make_key, make_source
from denizen.ground.identity import testing as identity
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import InviteCode, Profile, Staff, StaffAct
from denizen.ground.ledger.commands import CorrectedLine, correct
from denizen.ground.ledger.models import Posting
from denizen.ground.ledger.queries import balance, verify
from denizen.kit import clock, db
from denizen.people.rulebook.commands import propose_book, publish_first_book
from denizen.people.rulebook.models import Approval, ResultCheck, Words
from denizen.people.rulebook.queries import reference_book_text, version_in_force
from denizen.people.rulebook.testing import checked
from tests.flow.attackers import signed_in
from tests.flow.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PRESSES = 4


@pytest.fixture(autouse=True)
def _laws() -> None:
    cache.clear()
    publish_first_book(text=reference_book_text(), moment=identity.LONG_AGO, effective_from=identity.LONG_AGO)


@pytest.fixture
def ada() -> Profile:
    with db.opening():
        return identity.ada()


@pytest.fixture
def odo() -> Staff:
    with db.opening():
        return identity.odo()


def pressed(email: str, press: Callable[[Client], int]) -> list[int]:
    """The same button in several windows of one person, at once; the statuses."""
    browsers = [signed_in(email) for _ in range(PRESSES)]
    return at_once([lambda browser=browser: press(browser) for browser in browsers])  # type: ignore[misc]


def points(profile: Profile) -> int:
    return balance(profile.resident_id, clock.now()).available


def test_a_check_in_pressed_at_once_counts_once(ada: Profile) -> None:
    statuses = pressed("ada@lakeside.example", lambda browser: browser.post("/check-in/").status_code)

    drain(tell=False)
    assert statuses == [302] * PRESSES
    assert Entry.objects.filter(resident_id=ada.resident_id).count() == 1
    assert verify() == []


def test_a_grant_pressed_at_once_gives_once(ada: Profile, odo: Staff) -> None:
    told = {"grant-kind": "goodwill", "grant-amount": "10", "grant-envelope": "surprises", "grant-key": "desk:once",
            "grant-reason": "You waited in the rain"}  # fmt: skip
    address = f"/desk/residents/{ada.resident.public_id}/grant/"

    statuses = pressed("odo@lakeside.example", lambda browser: browser.post(address, told).status_code)

    assert statuses == [302] * PRESSES
    assert points(ada) == 10
    assert StaffAct.objects.filter(act="points.goodwill").count() == 1


def test_one_key_at_once_for_two_residents_gives_to_one(ada: Profile, odo: Staff) -> None:
    with db.opening():
        ben = identity.ben()
    told = {"grant-kind": "goodwill", "grant-amount": "10", "grant-envelope": "surprises", "grant-key": "desk:once",
            "grant-reason": "You waited in the rain"}  # fmt: skip
    windows = [(signed_in("odo@lakeside.example"), each.resident.public_id) for each in (ada, ben)]

    statuses = at_once(
        [lambda b=b, to=to: b.post(f"/desk/residents/{to}/grant/", told).status_code for b, to in windows]  # type: ignore[misc]
    )

    assert sorted(statuses) == [302, 422]
    assert points(ada) + points(ben) == 10


def test_a_correction_approved_at_once_is_applied_once(ada: Profile, odo: Staff) -> None:
    with db.opening():
        xu = identity.a_staff("Xu", permissions=[Permission.CORRECTIONS_PROPOSE])
        waiting = correct(
            actor=xu, lines=[CorrectedLine(ada.resident_id, 50_000)], reason="Counted twice by the shop",
            envelope="surprises", moment=clock.now(),
        )  # fmt: skip
    address = f"/desk/second/{waiting.pk}/"

    statuses = pressed("odo@lakeside.example", lambda browser: browser.post(address, {"answer": "yes"}).status_code)

    assert statuses == [302] * PRESSES
    assert points(ada) == 50_000
    assert Posting.objects.filter(credit_id=ada.resident_id * 8).count() == 1
    assert verify() == []


def test_a_version_approved_at_once_is_approved_once(odo: Staff) -> None:
    with db.opening():
        xu = identity.a_staff("Xu", permissions=[Permission.RULES_PROPOSE])
    changed = reference_book_text().replace("avatar: 10", "avatar: 11")
    checked(clock.now())
    version = propose_book(actor=xu, text=changed, note="A face counts more", moment=clock.now())
    address = f"/desk/rules/{version.number}/approve/"
    told = {"untried": "One value", "unheard": "One value"}

    statuses = pressed("odo@lakeside.example", lambda browser: browser.post(address, told).status_code)

    assert statuses == [302] * PRESSES
    assert Approval.objects.filter(book=version).count() == 1


def test_a_result_checked_at_once_is_on_record_once(odo: Staff) -> None:
    number = version_in_force(clock.now()).number
    told = {"verdict": "good", "words": "It does what it was made for."}
    address = f"/desk/rules/board/{number}/check/"

    statuses = pressed("odo@lakeside.example", lambda browser: browser.post(address, told).status_code)

    assert sorted(statuses) == [302] + [422] * (PRESSES - 1)
    assert ResultCheck.objects.count() == Words.objects.count() == 1


def test_a_code_asked_for_at_once_is_one_code(ada: Profile) -> None:
    statuses = pressed("ada@lakeside.example", lambda browser: browser.post("/me/invite/").status_code)

    assert statuses == [302] * PRESSES
    assert InviteCode.objects.count() <= 1


def test_a_key_revoked_at_once_is_revoked_once(odo: Staff) -> None:
    key = make_key(make_source()).key

    statuses = pressed("odo@lakeside.example", lambda b: b.post(f"/desk/keys/{key.pk}/revoke/").status_code)

    assert statuses == [302] * PRESSES
    assert ServiceKey.objects.get(pk=key.pk).revoked_by == f"staff:{odo.pk}"
    assert StaffAct.objects.filter(act__contains="revoke").count() <= 1


def test_one_address_signed_up_at_once_is_one_resident() -> None:
    told = {"name": "Ben", "email": "ben@lakeside.example", "password1": identity.PASSWORD}

    statuses = at_once([lambda: Client().post("/accounts/signup/", told).status_code] * PRESSES)

    assert max(statuses) < 500
    assert Profile.objects.filter(user__email="ben@lakeside.example").count() == 1


def test_a_correction_pressed_at_once_is_one(ada: Profile, odo: Staff) -> None:
    told = {"correction-amount": "10", "correction-envelope": "surprises", "correction-reason": "Counted once too few"}
    address = f"/desk/residents/{ada.resident.public_id}/correct/"

    statuses = pressed("odo@lakeside.example", lambda browser: browser.post(address, told).status_code)

    assert statuses == [302] * PRESSES
    assert points(ada) == 10
    assert signed_in("odo@lakeside.example").post(address, told | {"correction-amount": "11"}).status_code == 302
    assert points(ada) == 21
    assert verify() == []


def test_an_envelope_is_funded_once_by_one_press(odo: Staff) -> None:
    told = {"envelope": "surprises", "amount": "500", "reason": "Budget of the quarter"}

    statuses = pressed("odo@lakeside.example", lambda b: b.post("/desk/budgets/fund/", told).status_code)

    assert statuses == [302] * PRESSES
    assert StaffAct.objects.filter(act="envelope.funded").count() == 1


def test_goodwill_for_many_pressed_at_once_is_given_once(ada: Profile, odo: Staff) -> None:
    told = {"people": str(ada.resident.public_id), "amount": "10", "envelope": "surprises",
            "reason": "You all waited in the rain"}  # fmt: skip

    statuses = pressed("odo@lakeside.example", lambda b: b.post("/desk/second/many/", told).status_code)

    assert statuses == [302] * PRESSES
    assert points(ada) == 10
