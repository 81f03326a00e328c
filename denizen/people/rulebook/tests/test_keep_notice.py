"""What takes value away is announced as many days ahead as the promise says; nothing goes around it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import translation

from denizen.ground.chronicle.commands import declare_source, new_entry, record
from denizen.ground.chronicle.kinds import SHAPES, community
from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.rulebook.commands import (
    UnableToApprove,
    UnableToTakeSoSoon,
    approve_book,
    propose_book,
    publish_first_book,
)
from denizen.people.rulebook.models import BookVersion, Force
from denizen.people.rulebook.queries import book_of, lawfulness, successions, version_in_force
from denizen.people.rulebook.rules import load_book
from denizen.people.rulebook.testing import WAIVED, checked, colleague
from denizen.people.rulebook.tests.conftest import book_text

pytestmark = pytest.mark.django_db

NOW = people.NOW
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
NOTICE = 30 * DAY


@pytest.fixture
def city() -> BookVersion:
    """A city whose check-in pays 5, and whose result is checked."""
    version = publish_first_book(text=book_text(5), moment=NOW - 400 * DAY)
    checked(NOW)
    return version


def proposed(amount: int, text: str = "") -> BookVersion:
    author = colleague("Zhou", Permission.RULES_PROPOSE)
    return propose_book(actor=author, text=text or book_text(amount), note="", moment=NOW)


def approve(version: BookVersion, effective_from: datetime, moment: datetime = NOW, actor: Staff | None = None) -> None:
    actor = actor or colleague("Qin", Permission.RULES_APPROVE)
    approve_book(actor=actor, number=version.number, effective_from=effective_from, moment=moment, **WAIVED)


def refused(version: BookVersion, effective_from: datetime, moment: datetime = NOW) -> UnableToTakeSoSoon:
    with pytest.raises(UnableToTakeSoSoon) as caught:
        approve(version, effective_from, moment)
    return caught.value


@pytest.mark.partial("A-02", "A-38")
def test_a_cut_is_refused_until_thirty_days_ahead_to_the_instant(city: BookVersion) -> None:
    less = proposed(4)

    for soon in (NOW - DAY, NOW, NOW + DAY, NOW + NOTICE - INSTANT):
        assert refused(less, soon).law.lawful_from == NOW + NOTICE
    assert not Force.objects.filter(book=less).exists()
    approve(less, NOW + NOTICE)

    assert version_in_force(NOW + NOTICE - INSTANT) == city
    assert version_in_force(NOW + NOTICE) == less


def test_the_refusal_says_what_is_taken_and_the_first_day_in_both_languages(city: BookVersion) -> None:
    refusal = refused(proposed(4), NOW)

    assert "30 days ahead: it can be in force from 2026-03-31 17:00 (Asia/Shanghai)" in refusal.message("en")
    assert "Check-in may pay less" in refusal.message("en")
    assert "须提前 30 天公告：最早可于 2026-03-31 17:00 (Asia/Shanghai) 生效" in refusal.message("zh-hans")
    assert "“签到”可能给得更少" in refusal.message("zh-hans")


def test_a_raise_may_be_in_force_at_once(city: BookVersion) -> None:
    more = proposed(6)

    approve(more, NOW)

    assert version_in_force(NOW) == more


@pytest.mark.usefixtures("city")
def test_an_announced_raise_is_not_withdrawn_at_short_notice() -> None:
    approve(proposed(9), NOW + 10 * DAY)
    back = proposed(5)
    later = NOW + 5 * DAY

    assert refused(back, NOW + 10 * DAY, later).law.lawful_from == later + NOTICE
    assert refused(back, NOW + 12 * DAY, later).law.objections[0].number == back.number - 1
    approve(back, later + NOTICE, later)

    assert book_of(version_in_force(NOW + 20 * DAY)).rules[0].amount.value == 9


@pytest.mark.usefixtures("city")
def test_before_an_announced_raise_takes_force_the_old_promise_holds() -> None:
    approve(proposed(9), NOW + 10 * DAY)
    between = proposed(5, book_text(5).replace("Come as you are", "Come"))

    approve(between, NOW + 3 * DAY)

    assert version_in_force(NOW + 5 * DAY) == between
    assert book_of(version_in_force(NOW + 10 * DAY)).rules[0].amount.value == 9


@pytest.mark.usefixtures("city")
def test_a_raise_and_its_withdrawal_are_weighed_against_every_promise_for_the_day() -> None:
    approve(proposed(4), NOW + NOTICE)
    again = proposed(4, book_text(4).replace("Come as you are", "Come"))
    later = NOW + 20 * DAY

    assert refused(again, NOW + 25 * DAY, later).law.lawful_from == NOW + NOTICE
    approve(again, NOW + NOTICE, later)  # the cut was announced for that day long ago; only words are new

    assert version_in_force(NOW + NOTICE) == again


def test_a_shorter_notice_needs_the_longer_one(city: BookVersion) -> None:
    text = book_text(5).replace("time_zone:", "notice_days: 3\ntime_zone:")
    shorter = proposed(5, text)

    assert refused(shorter, NOW + 4 * DAY).law.takings[0].reason == "notice"
    approve(shorter, NOW + NOTICE)
    checked(NOW + NOTICE)
    moment = NOW + NOTICE + DAY
    author = colleague("Zhou", Permission.RULES_PROPOSE)
    less = propose_book(actor=author, text=text.replace('amount: "5"', 'amount: "4"'), note="", moment=moment)

    assert refused(less, moment + 3 * DAY - INSTANT, moment).law.notice_days == 3
    approve(less, moment + 3 * DAY, moment)


@pytest.mark.usefixtures("city")
def test_a_campaign_that_ends_by_itself_needs_no_notice() -> None:
    rules = book_text(5).split("rules:\n")[1]
    spring = rules.replace("code: check_in", "code: spring").rstrip()
    campaign = f'{spring}\n    valid_to: "2026-03-20T00:00:00+08:00"\n'
    approve(proposed(5, book_text(5, campaign)), NOW)
    checked(NOW)

    without = proposed(5, book_text(5).replace("Come as you are", "Come"))

    assert [each.reason for each in refused(without, NOW + DAY).law.takings] == ["rule_removed"]
    approve(without, NOW + 25 * DAY)


def test_the_first_book_needs_no_notice_and_sources_without_decisions_are_not_concerned(city: BookVersion) -> None:
    source = declare_source(code="app", lateness_seconds_max=None)
    declare_source(code="archive", lateness_seconds_max=None)
    entry = new_entry(community.CheckedIn(), resident=people.ada().resident_id, occurred_at=NOW, external_id="e-1")
    with db.opening():
        record(source=source, entries=[entry], recorded_at=NOW, queue=False)
    more, less = proposed(6), proposed(4)

    approve(more, NOW - 50 * DAY)

    assert Force.objects.filter(book=more, source__isnull=False).count() == 1
    checked(NOW)
    assert refused(less, NOW - 50 * DAY).law.lawful_from == NOW + NOTICE  # for everybody else it would begin now


@pytest.mark.usefixtures("city")
def test_successions_name_what_changed_what_it_took_and_how_long_it_was_announced() -> None:
    less = proposed(4)
    approve(less, NOW + 31 * DAY)

    last, first = successions()

    assert (last.number, last.before, last.notice) == (less.number, first.number, 31 * DAY)
    assert [each.field for each in last.differences] == ["amount"]
    assert [each.reason for each in last.takings] == ["amount"]
    assert (first.before, first.differences, first.takings) == (0, (), ())


def test_a_city_without_a_book_has_promised_nothing() -> None:
    book = load_book(book_text(5), SHAPES)

    law = lawfulness(book, effective_from=NOW, moment=NOW)

    assert successions() == []
    assert (law.takings, law.objections, law.lawful_from) == ((), (), NOW)


@pytest.mark.usefixtures("city")
def test_it_refuses_a_version_that_would_never_rule() -> None:
    raised, equal = proposed(9), proposed(5, book_text(5).replace("Come as you are", "Come"))
    approve(equal, NOW + DAY)

    with translation.override("en"), pytest.raises(UnableToApprove, match="choose another moment"):
        approve(raised, NOW + DAY)


@pytest.mark.django_db(transaction=True)
def test_of_a_raise_and_its_opposite_approved_at_once_one_wins() -> None:
    publish_first_book(text=book_text(5), moment=NOW - 400 * DAY)
    checked(NOW)
    raised, equal = proposed(9), proposed(5, book_text(5).replace("Come as you are", "Come"))
    actors = {
        version.number: colleague(name, Permission.RULES_APPROVE) for version, name in ((raised, "Qin"), (equal, "Wu"))
    }

    def run(version: BookVersion) -> bool:
        try:
            approve(version, NOW + DAY, actor=actors[version.number])
        except UnableToApprove:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        outcome = list(threads.map(run, (raised, equal)))

    assert sorted(outcome) == [False, True]
    assert version_in_force(NOW + 2 * DAY) == (raised if outcome[0] else equal)
