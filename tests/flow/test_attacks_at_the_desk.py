"""Numbers and days beyond everything, words that are scripts: no page breaks, and none runs what somebody wrote."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from denizen.config.errands.deciding import drain
from denizen.ground.chronicle.commands import issue_service_key, receive_entries
from denizen.ground.chronicle.models import ExternalReference
from denizen.ground.chronicle.testing import make_source, raw_entry
from denizen.ground.identity import testing as identity
from denizen.ground.identity.commands import Particulars, end_permit, end_post, publish_reference_levels
from denizen.ground.identity.constants import HOUSE, Permission
from denizen.ground.identity.models import Permit, Post, Profile, Staff
from denizen.ground.ledger.commands import CorrectedLine, correct, grant
from denizen.kit import clock, db
from denizen.people.rulebook.commands import approve_book, propose_book, publish_first_book
from denizen.people.rulebook.queries import reference_book_text
from denizen.people.rulebook.testing import WAIVED, checked
from denizen.people.standing.commands import give_honour
from tests.flow.attackers import NUMBERS, SCRIPT, TAG, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_city_with_laws() -> None:
    cache.clear()
    with db.opening():
        publish_reference_levels(moment=identity.LONG_AGO)
    publish_first_book(text=reference_book_text(), moment=identity.LONG_AGO, effective_from=identity.LONG_AGO)


@pytest.fixture
def odo() -> Staff:
    return identity.odo()


@pytest.fixture
def xu() -> Staff:
    """A colleague who may everything, and whose name is a tag."""
    return identity.a_staff(TAG, email="xu@lakeside.example", permissions=tuple(Permission), department="tag")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "address",
    ["/desk/rules/{}/", "/rules/{}/", "/me/history/{}/", "/desk/residents/?before={}", "/desk/late/?after={}",
     "/me/moved/?before={}", "/desk/residents/{resident}/?entry={}", "/desk/residents/{resident}/entries/{}/",
     "/me/history/?older=2026-01-01T00:00:00Z~{}", "/me/history/?older=0001-01-01T00:00:00%2B14:00~{}",
     "/me/history/?older=9999-12-31T23:59:59-12:00~{}", "/me/points/?known={}", "/pulse/?known={}"],
)  # fmt: skip
def test_no_number_in_an_address_breaks_a_page(odo: Staff, address: str, number: int) -> None:
    ada = identity.ada()
    asked = address.replace("{resident}", str(ada.resident.public_id)).format(number)

    for email in ("ada@lakeside.example", "odo@lakeside.example"):
        assert signed_in(email).get(asked).status_code < 500


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "address",
    ["/desk/rules/{}/approve/", "/desk/second/{}/", "/desk/late/{}/admit/", "/desk/late/{}/dismiss/",
     "/desk/keys/{}/revoke/"],
)  # fmt: skip
def test_no_number_of_a_button_breaks_a_page(odo: Staff, address: str, number: int) -> None:
    told = {"answer": "yes", "reason": "for a good reason"}

    assert signed_in("odo@lakeside.example").post(address.format(number), told).status_code < 500


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59", "1900-01-01T00:00", "294277-01-01T00:00"])
def test_a_version_approved_for_an_impossible_day_stops_nothing(odo: Staff, xu: Staff, moment: str) -> None:
    changed = reference_book_text().replace("avatar: 10", "avatar: 11")
    checked(clock.now())
    version = propose_book(actor=xu, text=changed, note="A face counts more", moment=clock.now())
    browser = signed_in("odo@lakeside.example")
    told = {"effective_from": moment, "untried": "One value", "unheard": "One value"}

    answer = browser.post(f"/desk/rules/{version.number}/approve/", told)

    assert answer.status_code < 500
    for page in ("/desk/rules/", "/rules/", "/desk/", f"/desk/rules/{version.number}/"):
        assert browser.get(page).status_code == 200
    drain(tell=False)


@pytest.mark.parametrize(
    "wrong",
    [{"amount": "9" * 30}, {"amount": "1e9"}, {"amount": "NaN"}, {"amount": "１０"}, {"lot_days": "9" * 30},
     {"reason": "a\x00" * 20}, {"envelope": "points:surprises"}, {"kind": "correction"}, {"key": "\x00"}],
)  # fmt: skip
def test_a_forged_grant_gives_nothing_and_breaks_nothing(odo: Staff, wrong: dict[str, str]) -> None:
    ada = identity.ada()
    sound = {
        "kind": "goodwill",
        "amount": "10",
        "envelope": "surprises",
        "reason": "You waited in the rain",
        "key": "k",
    }
    told = {f"grant-{name}": value for name, value in (sound | wrong).items()}

    answer = signed_in("odo@lakeside.example").post(f"/desk/residents/{ada.resident.public_id}/grant/", told)

    assert answer.status_code in ((302, 422) if wrong == {"amount": "１０"} else (422,))


def test_nobody_gives_to_himself_or_names_another_giver_by_forged_fields() -> None:
    ada = identity.ada()
    identity.a_staff("Ada", email="work@lakeside.example", permissions=tuple(Permission), resident_id=ada.resident_id)
    told = {"grant-kind": "goodwill", "grant-amount": "10", "grant-envelope": "surprises", "grant-key": "k",
            "grant-reason": "I waited in the rain", "actor": "1", "grant-actor": "1", "staff": "1",
            "resident": "1", "grant-resident": "1"}  # fmt: skip
    browser = signed_in("work@lakeside.example")

    for what, more in (("grant", {}), ("correct", {}), ("honour", {})):
        spoken = {
            name.replace("grant-", {"correct": "correction-"}.get(what, f"{what}-")): v for name, v in told.items()
        }
        spoken |= {f"{what}-title_{lang}": "Best" for lang in ("en", "zh")} | more
        assert browser.post(f"/desk/residents/{ada.resident.public_id}/{what}/", spoken).status_code == 422

    own = signed_in("ada@lakeside.example")
    assert "I waited in the rain" not in own.get("/me/moved/").text
    assert "Best" not in own.get("/me/").text


@pytest.mark.parametrize("ended", ["permit", "post"])
def test_what_has_ended_opens_no_page_and_no_button(odo: Staff, ended: str) -> None:
    ada = identity.ada()
    browser = signed_in("odo@lakeside.example")
    with db.opening():
        if ended == "post":
            end_post(actor=HOUSE, post=Post.objects.get(staff=odo), moment=clock.now())
        for held in Permit.objects.filter(staff=odo) if ended == "permit" else ():
            end_permit(actor=HOUSE, permit=held, moment=clock.now())
    resident = f"/desk/residents/{ada.resident.public_id}/"
    buttons = [resident + what for what in ("grant/", "correct/", "honour/")]
    buttons += ["/desk/second/1/", "/desk/second/many/", "/desk/late/1/admit/", "/desk/late/1/dismiss/"]
    buttons += ["/desk/budgets/fund/", "/desk/keys/issue/", "/desk/keys/1/revoke/", "/desk/acts/propose/"]
    buttons += ["/desk/rules/1/approve/"]

    assert {browser.post(each, {"answer": "yes"}).status_code for each in buttons} <= {403, 404}
    pages = ("/desk/residents/", resident, "/desk/budgets/", "/desk/second/", "/desk/late/", "/desk/keys/")
    assert {browser.get(each).status_code for each in pages} == {403}


def test_words_of_people_and_sources_are_shown_and_never_run(odo: Staff, xu: Staff) -> None:
    ada, number = _hostile_city(odo, xu)
    desk, home = signed_in("odo@lakeside.example"), signed_in("ada@lakeside.example")
    resident = f"/desk/residents/{ada.resident.public_id}/"
    pages = [
        *((desk, page) for page in (
            "/desk/", "/desk/residents/", f"/desk/residents/?q={SCRIPT}", resident, "/desk/rules/",
            f"/desk/rules/{number}/", "/desk/acts/", "/desk/budgets/", "/desk/second/", "/desk/late/", "/desk/keys/",
            "/desk/health/", f"/nowhere/{SCRIPT}", f"/desk/residents/?before={SCRIPT}",
        )),
        *((home, page) for page in (
            "/", "/me/", "/me/history/", "/me/moved/", "/ways/", "/rules/", "/levels/", "/pulse/", "/me/points/",
            f"/me/history/?older={SCRIPT}", f"/accounts/login/?next={TAG}",
        )),
    ]  # fmt: skip

    seen = 0
    for browser, page in pages:
        text = browser.get(page).text
        assert "alert(1)</script>" not in text, page
        assert not re.search(r"<img[^>]+onerror", text), page
        seen += "&lt;script&gt;" in text or "onerror=alert(1)&gt;" in text
    assert seen > 10


def test_a_refused_form_comes_back_escaped(odo: Staff) -> None:
    ada = identity.ada()
    told = {"grant-kind": TAG, "grant-amount": TAG, "grant-envelope": TAG, "grant-reason": f"</textarea>{SCRIPT}",
            "grant-key": TAG}  # fmt: skip

    for answer in (
        signed_in("odo@lakeside.example").post(f"/desk/residents/{ada.resident.public_id}/grant/", told),
        Client().post("/accounts/login/", {"login": TAG, "password": SCRIPT, "next": TAG}),
        Client().post("/accounts/signup/", {"email": TAG, "name": f"{TAG}{SCRIPT}", "password1": SCRIPT}),
        Client().post("/accounts/password/reset/", {"email": TAG}),
    ):
        assert answer.status_code in (200, 422)
        assert SCRIPT not in answer.text
        assert TAG not in answer.text


def _hostile_city(odo: Staff, xu: Staff) -> tuple[Profile, int]:
    """Every text that a person, a colleague, a source or a rule book brings is a script; the book's number."""
    now = clock.now()
    ada = identity.a_resident(email="ada@lakeside.example", particulars=Particulars(name=SCRIPT, city=TAG, about=TAG))
    source = make_source("shop", lateness_seconds_max=60)
    ExternalReference.objects.create(source=source, reference=SCRIPT, resident_id=ada.resident_id)
    told = [
        raw_entry("checked_in", f"{TAG}-{days}", resident=SCRIPT, occurred_at=(now - timedelta(days=days)).isoformat())
        for days in (1, 30)
    ]
    receive_entries(source=source, raw=told, allowed=None, create_residents=False, now=now)
    titled = reference_book_text().replace("The reference rule book", SCRIPT, 1)
    titled = titled.replace("{en: Surprises, zh: 惊喜关怀}", f"{{en: '{SCRIPT}', zh: '{SCRIPT}'}}")
    checked(now)
    version = propose_book(actor=xu, text=titled, note=TAG, moment=now)
    approve_book(actor=odo, number=version.number, effective_from=now, moment=now, **WAIVED)
    drain(tell=False)
    with db.opening():
        grant(actor=xu, resident=ada.resident_id, amount=5, reason=SCRIPT, envelope="surprises", moment=now)
        lines = [CorrectedLine(ada.resident_id, 50_000)]
        correct(actor=xu, lines=lines, reason=TAG + SCRIPT, envelope="surprises", moment=now)
    give_honour(actor=xu, resident=ada.resident_id, title_en=SCRIPT, title_zh=SCRIPT, reason=TAG, moment=now)
    issue_service_key(
        actor=f"staff:{xu.pk}", source=source, kinds=["checked_in"], may_create_residents=False, title=TAG, now=now
    )
    return ada, version.number
