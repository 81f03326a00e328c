"""Me: points, contribution over the four classes, levels with their reasons, labels, honours, the invitation code."""

import re
from datetime import timedelta

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.ground.identity.models import InviteCode
from denizen.ground.ledger.commands import grant
from denizen.kit import db
from denizen.people.growth.testing import behave
from denizen.people.standing.commands import give_honour
from denizen.portal.tests.conftest import becomes_owner, browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.row("B-49")
def test_contribution_stands_there_over_the_four_classes_in_n(ada, now):
    behave(ada.resident_id, community.CheckedIn(), now)

    page = text_of(browser_of(ada).get("/me/"))

    named = re.findall(r'<li class="ring-\d"><i></i><span>([^<]+)</span><span class="num">(\d+) n</span>', page)
    assert named == [
        ("Community interaction", "1"),
        ("Community development", "0"),
        ("Efficiency gain", "0"),
        ("Special contribution", "0"),
    ]
    assert "You hold place 1" in page


@pytest.mark.row("A-02", "B-70")
def test_the_levels_that_apply_to_me_stand_there_with_reason_rights_and_version(ada):
    fan = text_of(browser_of(ada).get("/me/"))
    becomes_owner(ada)
    owner = text_of(browser_of(ada).get("/me/"))

    assert "You belong to the community." in fan
    assert "Invite friends with a code" not in fan
    assert "You took delivery of a vehicle." in owner
    assert "Invite friends with a code of one&#39;s own" in owner
    assert "version 1, in force from the beginning" in owner


@pytest.mark.row("D-13")
def test_a_label_wears_the_crown_and_names_its_ground_and_date(ada, now):
    becomes_owner(ada, days_ago=30)

    page = text_of(browser_of(ada).get("/me/"))

    assert 'class="icon crown"' in page
    since = (now - timedelta(days=30)).astimezone().strftime("%Y")
    assert re.search(rf"<b>Owner</b>.*since \d+ \w+ {since}.*You took delivery", page, re.S)


def test_points_say_what_ends_when(ada, odo, now):
    with db.opening():
        grant(
            actor=odo, resident=ada.resident_id, amount=320, reason="Thank you for the lanterns", envelope="surprises",
            moment=now, lot_days=10,
        )  # fmt: skip

    page = text_of(browser_of(ada).get("/me/"))

    assert re.search(r"320 of them end on \d+ \w+ \d{4}\.", page)
    assert "What ends when" in page


@pytest.mark.row("D-20")
def test_an_honour_says_who_for_what_and_when(ada, odo, now):
    give_honour(
        actor=odo, resident=ada.resident_id, title_en="Lantern keeper", title_zh="守灯人",
        reason="Forty evenings at the lake", moment=now,
    )  # fmt: skip

    page = text_of(browser_of(ada).get("/me/"))

    assert "Lantern keeper" in page
    assert "Forty evenings at the lake" in page
    assert "Odo, User-Operation" in page
    assert "signed by the city" in page


@pytest.mark.row("B-20")
def test_an_owner_asks_for_his_code_and_it_stays_the_same(ada):
    becomes_owner(ada)
    browser = browser_of(ada)

    browser.post("/me/invite/")
    page = text_of(browser.post("/me/invite/", follow=True))

    assert InviteCode.objects.get().code in page


@pytest.mark.partial("B-67")
def test_the_path_shows_every_grade_with_its_time(ada, now):
    becomes_owner(ada, days_ago=30)

    page = text_of(browser_of(ada, "zh-hans").get("/me/"))

    path = page[page.index("你的足迹") :]
    assert path.index("车主") < path.index("成为居民")
    assert f"{(now - timedelta(days=30)).year}年" in path


def test_it_refuses_a_code_to_who_owns_nothing(ada):
    browser = browser_of(ada)
    assert "/me/invite/" not in text_of(browser.get("/me/"))

    page = text_of(browser.post("/me/invite/", follow=True))

    assert "Only owners can invite friends" in page
    assert not InviteCode.objects.exists()


def test_a_stranger_signs_in_first_and_comes_back(laws):
    assert browser_of(None).get("/me/").url == "/accounts/login/?next=/me/"


def test_the_page_speaks_chinese(ada):
    page = text_of(browser_of(ada, "zh-hans").get("/me/"))

    assert "可用积分" in page
    assert "你现在的级别" in page
    assert "社区互动" in page


def test_nobody_keeps_a_copy_of_the_page(ada):
    assert "no-store" in browser_of(ada).get("/me/").headers["Cache-Control"]
