"""Pilots are openly labelled, listed at the desk with their effect, and every number leads to its entries."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.utils import translation

from denizen.ground.chronicle.kinds import SHAPES, community
from denizen.ground.identity.commands import Particulars
from denizen.ground.identity.models import Profile
from denizen.ground.identity.testing import a_resident, ada, fei, odo
from denizen.people.growth.queries import pilots
from denizen.people.growth.testing import behave, forget_counted
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import Pilot, Text, dump_book, reference_book_text
from denizen.people.rulebook.queries.language import load_book, parse
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db

TRIED, OTHERS = ("Hefei", "Suzhou"), ("Wuhan", "Xian", "Ningbo")
QUESTION = Text("Do people carry stories further?", "故事会传得更远吗？")
DAYS = timedelta(days=1)


@pytest.fixture(autouse=True)
def _counted_anew() -> Iterator[None]:
    forget_counted()
    yield
    forget_counted()


def tried(now: datetime, *, begins: int, ends: int) -> str:
    """The reference book with a pilot that begins and ends so many days from now; answers its key."""
    book = load_book(reference_book_text(), SHAPES)
    like = next(rule for rule in book.rules if rule.code == "repost_points")
    rule = replace(
        like, code="tried_points", title=Text("Carried further", "带得更远"), amount=parse("3"), caps=(),
        shared_caps=(), valid_from=now + begins * DAYS, valid_to=now + ends * DAYS, pilot=Pilot(TRIED, QUESTION),
    )  # fmt: skip
    begun = now - 60 * DAYS
    text = dump_book(replace(book, rules=(*book.rules, rule)))
    publish_first_book(text=text, moment=begun, effective_from=begun)
    return pilots(now)[0].key


def of(city: str, name: str = "") -> int:
    return a_resident(email=f"{name}@lakeside.example" if name else "",
                      particulars=Particulars(name=name or city, city=city, city_tier=2)).resident_id  # fmt: skip


def lives(now: datetime, begins: int) -> None:
    """Two residents in each city; those of the pilot's cities pass on three times more while it runs."""
    for place, city in enumerate((*TRIED, *OTHERS)):
        for number in range(2):
            who = of(city)
            for day in range(2 + (place + number) % 2):
                passes_on(who, now + (begins - day - 1) * DAYS)
            for day in range(2 + number + (3 if city in TRIED else 0)):
                passes_on(who, now + (begins + day + 1) * DAYS)


def passes_on(resident: int, at: datetime) -> None:
    behave(resident, community.Reposted(subject=f"s{resident}{at:%m%d}", channel="wechat"), at)


@pytest.fixture
def ended(now: datetime) -> str:
    key = tried(now, begins=-20, ends=-2)
    lives(now, -20)
    return key


@pytest.mark.partial("A-38")
@pytest.mark.parametrize(("language", "words"), [
    ("en", ["Pilot in Hefei, Suzhou until", "Do people carry stories further?"]),
    ("zh-hans", ["在Hefei、Suzhou试点", "故事会传得更远吗？"]),
])  # fmt: skip
def test_the_public_book_says_where_until_when_and_why(now, language, words):
    tried(now, begins=-2, ends=9)

    book = text_of(browser_of(None, language).get("/rules/?open=all"))
    page = text_of(browser_of(None, language).get("/rules/pilots/"))

    assert all(each in book for each in words)
    assert words[1] in page


def test_a_running_pilot_has_no_public_result_yet(now):
    tried(now, begins=-20, ends=9)
    lives(now, -20)

    page = text_of(browser_of(None).get("/rules/pilots/"))

    assert "The result will stand here when the pilot has ended." in page
    assert "95% interval" not in page


@pytest.mark.partial("A-39")
@pytest.mark.parametrize(("language", "words"), [
    ("en", ["More than without the pilot", "points for each additional act", "Compared with: "]),
    ("zh-hans", ["比没有试点时多", "每多一次花", "对照："]),
])  # fmt: skip
def test_everybody_reads_the_result_when_it_has_ended(ended, language, words):
    page = text_of(browser_of(None, language).get("/rules/pilots/"))

    assert [each for each in words if each not in page] == []
    assert 'class="whisker"' in page


def test_the_ways_to_earn_label_it_for_who_lives_there_and_hide_it_elsewhere(now):
    tried(now, begins=-2, ends=9)
    of("Hefei", "hao")
    of("Wuhan", "wen")
    pages = {}
    for name in ("hao", "wen"):
        person = a_profile(name)
        pages[name] = text_of(browser_of(person).get("/ways/"))

    assert "Pilot in Hefei, Suzhou until" in pages["hao"]
    assert "Pilot in" not in pages["wen"]
    assert "Carried further" not in pages["wen"]


def a_profile(name):
    return Profile.objects.select_related("user").get(user__email=f"{name}@lakeside.example")


@pytest.mark.partial("A-39")
def test_the_desk_lists_it_with_effect_and_figures(ended):
    page = text_of(browser_of(odo()).get("/desk/rules/pilots/"))

    assert "Carried further" in page
    assert "More than without the pilot" in page
    assert 'class="whisker"' in page
    assert "<table" in page


def test_every_number_leads_to_as_many_entries(ended):
    browser = browser_of(odo())
    page = text_of(browser.get(f"/desk/rules/pilots/{ended}/"))
    linked = re.findall(r'href="(/desk/rules/pilots/[^"]+/rows/\?[^"]+)">([\d,]+)</a>', page)
    assert len(linked) == 10

    for address, number in linked:
        rows = browser.get(address.replace("&amp;", "&") + "&csv=1")
        told = list(csv.reader(StringIO(b"".join(rows.streaming_content).decode())))
        assert len(told) - 1 == int(number)
        shown = text_of(browser.get(address.replace("&amp;", "&")))
        assert shown.count("data-row>") == int(number)


def test_the_counts_are_there_as_csv(ended):
    answer = browser_of(odo()).get(f"/desk/rules/pilots/{ended}/?csv=1")
    told = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))

    assert [row["city"] for row in told][:2] == list(TRIED)
    assert {row["city"] for row in told} == {*TRIED, *OTHERS}
    assert all(int(row["acts_before"]) > 0 for row in told)


def test_without_a_pilot_both_pages_say_so(laws):
    with translation.override("en"):
        assert "No pilot yet" in text_of(browser_of(odo()).get("/desk/rules/pilots/"))
        assert "No pilot yet" in text_of(browser_of(None).get("/rules/pilots/"))


def test_it_refuses_the_desk_to_residents_and_the_rows_to_staff_without_a_part_in_rules(ended):
    address = f"/desk/rules/pilots/{ended}/rows/?city=Hefei&part=during"

    assert browser_of(ada()).get("/desk/rules/pilots/").status_code in (302, 403, 404)
    assert browser_of(fei()).get(address).status_code == 403
    assert browser_of(odo()).get(address).status_code == 200


@pytest.mark.parametrize("asked", ["city=Paris&part=during", "city=Hefei&part=later", "city=Hefei", ""])
def test_it_refuses_a_city_or_a_part_that_is_not_of_the_pilot(ended, asked):
    browser = browser_of(odo())

    assert browser.get(f"/desk/rules/pilots/{ended}/rows/?{asked}").status_code == 404
    assert browser.get("/desk/rules/pilots/nothing-20260101/").status_code == 404
