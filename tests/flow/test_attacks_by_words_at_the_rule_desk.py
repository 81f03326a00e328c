"""Every word of a change, a review, a pilot and a grant is a script: the pages of the desk show it, none runs it."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from denizen.ground.chronicle.kinds import SHAPES, community
from denizen.ground.identity import testing as identity
from denizen.ground.identity.commands import Particulars, publish_reference_levels
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Profile, Staff
from denizen.ground.ledger.commands import grant
from denizen.insight.central_bank.commands import Values, set_assumption
from denizen.kit import clock, db, queue
from denizen.people.growth.commands import ask_backtest, run_backtest
from denizen.people.growth.testing import behave
from denizen.people.risk.commands import say
from denizen.people.risk.testing import a_case
from denizen.people.rulebook.commands import (
    Said,
    ask_suspension,
    confirm_suspension,
    propose_book,
    publish_first_book,
    report_feedback,
    start_draft,
    state_position,
)
from denizen.people.rulebook.queries import reference_book_text, tried_text
from denizen.people.rulebook.rules import Book, Pilot, Text, dump_book, load_book
from denizen.people.rulebook.testing import checked
from tests.flow.attackers import SCRIPT, TAG, signed_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BOTH = Text(SCRIPT, f"{TAG}{SCRIPT}")
SAID = Said(SCRIPT + TAG, "en")


def hostile(item: Any) -> Any:
    """The same with every text a script."""
    return replace(item, **{each.name: BOTH for each in fields(item) if isinstance(getattr(item, each.name), Text)})


def hostile_book() -> Book:
    book = hostile(load_book(reference_book_text(), SHAPES))
    now = clock.now()
    rules = [hostile(rule) for rule in book.rules]
    tried = replace(
        rules[0], code="tried", shared_caps=(), valid_from=now - 5 * DAY, valid_to=now + 50 * DAY,
        pilot=Pilot(cities=(TAG,), question=BOTH, compare_with=(SCRIPT,)),
    )  # fmt: skip
    names = ("shared_caps", "budgets", "guidelines", "values")
    parts = {name: tuple(map(hostile, getattr(book, name))) for name in names}
    return replace(book, rules=(*rules, tried), **parts)


@pytest.fixture
def hostile_city() -> list[str]:
    cache.clear()
    now = clock.now()
    with db.opening():
        publish_reference_levels(moment=identity.LONG_AGO)
    text = dump_book(hostile_book())
    publish_first_book(text=text, moment=identity.LONG_AGO, effective_from=identity.LONG_AGO)
    odo = identity.odo()
    xu = identity.a_staff(TAG, email="xu@lakeside.example", permissions=tuple(Permission), department="tag")
    ada = identity.a_resident(email="ada@lakeside.example", particulars=Particulars(name=SCRIPT, city=TAG, about=TAG))
    entry = behave(ada.resident_id, community.CheckedIn(), now - DAY).entry_id
    places = _rules(odo, xu, text) + _stopped(odo, xu) + _bank(xu, ada)
    twin = identity.a_resident(email="twin@lakeside.example", particulars=Particulars(name=TAG, city=SCRIPT))
    pair = (ada.resident_id, twin.resident_id)
    case = a_case(*pair, entries=[entry], moment=now, code="mutual_invitation")
    say(resident=ada.resident_id, case=case.pk, words=SCRIPT + TAG, moment=now)
    return [*places, "/desk/risk/", f"/desk/risk/{case.public_id}/", "/desk/risk/fairness/?by=city_tier"]


def _rules(odo: Staff, xu: Staff, text: str) -> list[str]:
    now = clock.now()
    dearer = text.replace("avatar: 10", "avatar: 11")
    draft = start_draft(actor=xu, title=SCRIPT, text=dearer, moment=now)
    run = ask_backtest(actor=xu, book=tried_text(dearer.replace("amount: '5'", "amount: '8'")), moment=now)
    run_backtest(key=str(run.key), clock=clock.now, leaving=lambda: False, left=queue.Leaving)
    checked(now)
    version = propose_book(actor=xu, text=dearer, note=TAG + SCRIPT, moment=now).number
    state_position(actor=odo, number=version, stand="against", said=SAID, moment=now)
    report_feedback(actor=xu, number=version, origin="residents", said=SAID, moment=now)
    paper = f"/desk/rules/drafts/{draft.pk}/"
    return [
        "/desk/rules/", "/desk/rules/board/", f"/desk/rules/board/{version}/", f"/desk/rules/{version}/",
        "/desk/rules/drafts/", paper, f"{paper}text/", f"{paper}rules/check_in_points/", f"{paper}rules/tried/",
        f"{paper}new-rule/", *(f"{paper}{part}/" for part in ("budgets", "caps", "tables", "guidelines", "values")),
        f"{paper}budgets/surprises/", f"/desk/rules/compare/?before={version - 1}&after={version}",
        "/desk/rules/backtests/", f"/desk/rules/backtests/{run.key}/", "/desk/rehearsal/", "/desk/rules/pilots/",
        "/desk/rehearsal/?q=%3Cscript", "/rules/", "/rules/history/", f"/rules/{version - 1}/", "/rules/pilots/",
    ]  # fmt: skip


def _stopped(odo: Staff, xu: Staff) -> list[str]:
    now = clock.now()
    asked = ask_suspension(actor=xu, rule="tried", reason_en=SCRIPT, reason_zh=TAG, moment=now)
    confirm_suspension(actor=odo, suspension=asked.pk, moment=now)
    return ["/desk/rules/stop/", f"/desk/rules/stop/{asked.pk}/"]


def _bank(xu: Staff, ada: Profile) -> list[str]:
    now = clock.now()
    with db.opening():
        grant(actor=xu, resident=ada.resident_id, amount=5, reason=SCRIPT + TAG, envelope="surprises", moment=now)
        values = Values(
            currency="CNY", value_per_thousand=10_000, sold_per_thousand=0, redeemed_permille=900,
            month_points_max=None, quiet_months=12, outlier_times=3,
        )  # fmt: skip
        set_assumption(actor=xu, values=values, reason=SCRIPT + TAG, moment=now)
    codes = ("circulation", "use", "cohorts", "liability", "concentration", "stages", "envelopes", "grants", "closes")
    return ["/desk/bank/", *(f"/desk/bank/{code}/" for code in codes), "/desk/bank/rows/issued/"]


def runs(text: str) -> bool:
    return "alert(1)</script>" in text or re.search(r"<img[^>]+onerror", text) is not None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_words_of_the_rule_desk_are_shown_and_never_run(hostile_city: list[str], language: str) -> None:
    desk = signed_in("odo@lakeside.example", **{"accept-language": language})
    home = signed_in("ada@lakeside.example", **{"accept-language": language})
    desk.cookies["django_language"] = home.cookies["django_language"] = language

    own = ("/me/", "/ways/", "/rules/", "/proof/", "/proof/mine/")
    shown = 0
    for browser, place in [*((desk, each) for each in hostile_city), *((home, each) for each in own)]:
        answer = browser.get(place)
        assert answer.status_code == 200, place
        assert not runs(answer.text), place
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, place
        shown += "&lt;script&gt;" in answer.text or "onerror=alert(1)&gt;" in answer.text
    assert shown > 15


@pytest.mark.usefixtures("hostile_city")
def test_a_guest_reads_the_hostile_book_unharmed() -> None:
    for place in ("/rules/", "/rules/history/", "/rules/pilots/", "/rules/changes.atom", "/rules/changes.json"):
        answer = Client().get(place)
        assert answer.status_code == 200
        assert place.endswith(".json") or not runs(answer.text), place
