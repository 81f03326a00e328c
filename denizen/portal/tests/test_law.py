"""The public rule book: announced changes, history, a feed, own limits; versions compared; notice kept by the page."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils.html import escape

from denizen.ground.chronicle.kinds import community
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.kit import clock
from denizen.people.growth.testing import behave
from denizen.people.rulebook.commands import approve_book, propose_book, start_draft
from denizen.people.rulebook.queries import book_of, dump_book, suspensions, version_in_force, versions
from denizen.people.rulebook.testing import WAIVED, checked, colleague, repriced
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
NOTICE = timedelta(days=30)
WAIVED_WORDS = {"untried": "Only a test.", "unheard": "Nobody speaks here."}


@pytest.fixture
def proposed(laws, now) -> int:
    """A version that pays 4 for the daily check-in instead of 5."""
    checked(now)
    author = colleague("Xu", Permission.RULES_PROPOSE)
    less = repriced(book_of(version_in_force(now)), "check_in_points", 4)
    return propose_book(actor=author, text=dump_book(less), note="Less of it", moment=now).number


@pytest.fixture
def announced(proposed, odo, now) -> int:
    approve_book(actor=odo, number=proposed, effective_from=now + NOTICE, moment=now, **WAIVED)
    return proposed


@pytest.mark.row("A-02")
@pytest.mark.parametrize(("language", "words"), [
    ("en", ["takes value away", "Daily check-in pays 4 instead of 5 from", "Announced 30 days beforehand."]),
    ("zh-hans", ["会减少所得", "“每日签到”改为给 4，原为 5。", "提前 30 天公告。"]),
])  # fmt: skip
def test_an_announced_change_stands_above_the_rules_in_force(announced, language, words):
    page = text_of(browser_of(None, language).get("/rules/"))

    assert all(each in page for each in words)
    assert page.index('id="announced-') < page.index('id="check_in_points"')


@pytest.mark.row("A-02")
def test_the_history_tells_what_changed_and_who_answers_for_it(announced, odo):
    page = text_of(browser_of(None).get("/rules/history/"))

    assert "Daily check-in pays 4 instead of 5 from" in page
    assert "Xu (" in page
    assert "Odo (" in page
    assert "Why it counts as taking value away" in page
    assert "The first rule book of the city." in page
    assert "@" not in page.split("<main")[1].split("</main>")[0]


def test_a_version_keeps_its_address_and_tells_its_change(announced):
    page = text_of(browser_of(None).get(f"/rules/{announced}/"))

    assert "Daily check-in pays 4 instead of 5 from" in page
    assert ">+4<" in page


def test_a_proposal_is_no_public_news(proposed):
    guest = browser_of(None)

    assert guest.get(f"/rules/{proposed}/").status_code == 404
    for address in ("/rules/", "/rules/history/", "/rules/changes.json", "/rules/changes.atom"):
        assert "pays 4 instead of 5" not in text_of(guest.get(address))


@pytest.mark.partial("A-02")
def test_anybody_subscribes_to_the_changes(announced):
    guest = browser_of(None)

    feed, news = guest.get("/rules/changes.atom"), json.loads(text_of(guest.get("/rules/changes.json")))

    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "Daily check-in pays 4 instead of 5 from" in text_of(feed)
    latest = news["versions"][0]
    assert (latest["number"], latest["state"], latest["takes_value"]) == (announced, "announced", True)
    assert latest["changes"][0]["zh"] == "“每日签到”改为给 4，原为 5。"
    assert latest["notice_seconds"] == NOTICE.total_seconds()


def test_a_resident_sees_what_is_left_of_his_limits_and_a_guest_does_not(ada, now):
    behave(ada.resident_id, community.CheckedIn(), now)

    own, public = (text_of(browser_of(person).get("/rules/")) for person in (ada, None))

    assert "95 of 100 left" in own
    assert "95 of 100 left" not in public
    assert 'class="meters"' not in public


def test_a_rule_is_told_in_words_not_in_formulas(laws):
    page = text_of(browser_of(None).get("/rules/"))

    assert "Only if: " in page
    assert "entry.length" not in page
    assert "tables." not in page


def test_a_paused_rule_says_so_in_the_book_and_stays_in_its_history(laws, odo):
    reasons = {"reason_en": "It paid twice", "reason_zh": "重复发放"}
    browser_of(odo).post("/desk/rules/stop/ask/", {"rule": "check_in_points", **reasons})
    assert "It paid twice" not in text_of(browser_of(None).get("/rules/"))
    number = suspensions(clock.now())[0].id
    ida = a_staff("Ida", email="ida@lakeside.example", permissions=tuple(Permission))
    browser_of(ida).post(f"/desk/rules/stop/{number}/answer/", {"answer": "confirm"})

    rules, history = (text_of(browser_of(None).get(address)) for address in ("/rules/", "/rules/history/"))

    assert "Paused: It paid twice" in rules
    assert "It paid twice" in history.split("Pauses of rules")[1]
    assert "Ida" not in history


@pytest.mark.partial("A-29", "A-37")
def test_the_book_says_what_its_rules_stand_for(laws):
    page = text_of(browser_of(None).get("/rules/"))
    book = book_of(version_in_force(clock.now()))

    assert page.index('id="stands-for"') > page.index('id="check_in_points"')
    assert all(escape(each.title.en) in page for each in (*book.guidelines, *book.values))


def test_all_groups_open_to_be_printed(laws):
    page = text_of(browser_of(None).get("/rules/?open=all"))

    assert page.count('<details class="fold group"') == page.count('<details class="fold group" id="') > 3
    assert all(" open>" in each.split("\n")[0] for each in page.split('<details class="fold group"')[1:])


def test_the_desk_tells_what_is_taken_and_offers_the_first_lawful_day(proposed, odo):
    page = text_of(browser_of(odo).get(f"/desk/rules/{proposed}/"))

    assert "Daily check-in pays 4 instead of 5." in page
    assert "Daily check-in may pay less" in page
    offered = page.split('name="effective_from"')[1].split('value="')[1].split('"')[0]
    assert offered.endswith("T00:00")
    form = WAIVED_WORDS | {"effective_from": offered}
    answer = browser_of(odo).post(f"/desk/rules/{proposed}/approve/", form, follow=True)
    assert "Two people have signed this version now." in text_of(answer)


def test_the_page_refuses_what_comes_too_soon_and_names_the_day(proposed, odo):
    soon = clock.now() + timedelta(days=29)

    answer = browser_of(odo).post(
        f"/desk/rules/{proposed}/approve/", WAIVED_WORDS | {"effective_from": f"{soon:%Y-%m-%dT%H:%M}"}, follow=True
    )

    assert "is announced 30 days" in text_of(answer)
    assert "at the earliest" in text_of(answer)
    assert versions(clock.now())[0].state == "proposed"


def test_versions_are_compared_side_by_side(proposed, odo):
    first = versions(clock.now())[1].number

    page = text_of(browser_of(odo).get(f"/desk/rules/compare/?a={first}&b={proposed}"))

    assert "Daily check-in pays 4 instead of 5." in page
    assert 'data-mark="-">amount: 5' in page
    assert 'data-mark="+">amount: 4' in page
    assert "it can be in force from" in page


def test_a_draft_is_compared_by_who_writes_rules_only(proposed, odo, fei):
    draft = start_draft(actor=odo, title="Winter", moment=clock.now(), based_on=proposed)

    page = text_of(browser_of(odo).get(f"/desk/rules/compare/?draft={draft.pk}"))

    assert "Draft: Winter" in page
    assert "Nothing differs." in page
    assert browser_of(fei).get(f"/desk/rules/compare/?draft={draft.pk}").status_code == 404


@pytest.mark.parametrize("asked", ["a=99", "b=99", "b=x", "draft=99", "draft=x", "b=" + "9" * 40])
def test_it_refuses_to_compare_what_is_not_there(proposed, odo, asked):
    assert browser_of(odo).get(f"/desk/rules/compare/?{asked}").status_code == 404


def test_a_guest_and_a_resident_do_not_compare(proposed, ada):
    assert browser_of(None).get("/desk/rules/compare/").status_code == 302
    assert browser_of(ada).get("/desk/rules/compare/").status_code in (302, 403, 404)


def test_the_pages_ask_few_queries(announced, ada, queries):
    assert queries(browser_of(None), "/rules/") < 45
    assert queries(browser_of(None), "/rules/history/") < 45
