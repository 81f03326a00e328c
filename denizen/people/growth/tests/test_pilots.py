"""A pilot pays where it is tried, is named on the receipt, and its result is the sum of rows one can look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from denizen.ground.chronicle.kinds import SHAPES, community
from denizen.ground.identity import testing as people
from denizen.ground.identity.commands import Particulars, erase, move
from denizen.ground.identity.constants import Permission
from denizen.kit import db
from denizen.people.growth.backtest.history import Span, present_watermark
from denizen.people.growth.backtest.proof import equal_to_live
from denizen.people.growth.pilots.result import forget_counted
from denizen.people.growth.queries import (
    Effect,
    TooFew,
    Window,
    acts_counted,
    history_for,
    pilot_called,
    pilot_result,
    pilots,
    ways_to_earn,
)
from denizen.people.growth.testing import behave, behave_all
from denizen.people.rulebook.commands import approve_book, propose_book, publish_first_book
from denizen.people.rulebook.queries import (
    Book,
    Pilot,
    Text,
    dump_book,
    reference_book_text,
    tried_version,
    version_in_force,
)
from denizen.people.rulebook.queries.language import load_book, parse
from denizen.people.rulebook.testing import WAIVED, checked

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
BEGINS, ENDS = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)
AFTER = ENDS + timedelta(days=1)
DAY = timedelta(days=1)
TRIED = Pilot(("Hefei", "Suzhou"), Text("Do people carry stories further?", "故事会传得更远吗？"))
OTHERS = ("Wuhan", "Xian", "Ningbo")


def book_with(pilot: Pilot | None = TRIED, ends: datetime = ENDS) -> Book:
    """The reference book and, with a pilot, one rule more: three points for passing something on."""
    book = load_book(reference_book_text(), SHAPES)
    if pilot is None:
        return book
    like = next(rule for rule in book.rules if rule.code == "repost_points")
    rule = replace(
        like, code="tried_points", title=Text("Carried further", "带得更远"), amount=parse("3"), caps=(),
        shared_caps=(), valid_from=BEGINS, valid_to=ends, pilot=pilot,
    )  # fmt: skip
    return replace(book, rules=(*book.rules, rule))


@pytest.fixture(autouse=True)
def _spoken() -> Iterator[None]:
    forget_counted()
    with translation.override("en"):
        yield
    forget_counted()


@pytest.fixture
def _pilot() -> None:
    publish_first_book(text=dump_book(book_with()), moment=START, effective_from=START)


def a_resident_of(city: str, name: str = "") -> int:
    told = Particulars(name=name or f"Of {city}", city=city, city_tier=2)
    return people.a_resident(particulars=told).resident_id


def passes_on(resident: int, at: datetime, key: str = "") -> Any:
    return behave(resident, community.Reposted(subject=f"s{at:%m%d%H%M%S}{key}", channel="wechat"), at)


def sentences(resident: int) -> list[str]:
    return [receipt.sentence + "".join(line.sentence for line in receipt.lines)
            for receipt in history_for(resident=resident).receipts]  # fmt: skip


def paid(resident: int) -> list[tuple[str, int]]:
    lines = [line for receipt in history_for(resident=resident).receipts for line in receipt.lines]
    return [(line.rule, line.paid) for line in lines if line.rule == "tried_points"]


@pytest.mark.usefixtures("_pilot")
@pytest.mark.partial("A-38")
def test_a_pilot_pays_who_lives_there_and_the_receipt_names_it() -> None:
    ada = a_resident_of("Hefei")

    passes_on(ada, BEGINS + DAY)

    assert paid(ada) == [("tried_points", 3)]
    assert "This is a pilot in Hefei, Suzhou until 2026-03-29." in sentences(ada)[0]


@pytest.mark.usefixtures("_pilot")
def test_elsewhere_it_says_nothing_on_the_receipt() -> None:
    ben = a_resident_of("Wuhan")

    passes_on(ben, BEGINS + DAY)

    assert paid(ben) == []
    assert "pilot" not in sentences(ben)[0]


def test_elsewhere_it_is_told_where_nothing_else_would_answer() -> None:
    book = book_with()
    alone = replace(book, rules=tuple(rule for rule in book.rules if rule.code != "repost_points"))
    publish_first_book(text=dump_book(alone), moment=START, effective_from=START)
    ben = a_resident_of("Wuhan")

    passes_on(ben, BEGINS + DAY)

    assert "Only a pilot pays for it, in Hefei, Suzhou" in sentences(ben)[0]


@pytest.mark.usefixtures("_pilot")
def test_what_counts_is_where_one_lived_when_it_happened() -> None:
    ada, ben = a_resident_of("Hefei"), a_resident_of("Wuhan")
    move(resident_id=ada, city="Wuhan", city_tier=2, moment=BEGINS + 3 * DAY)
    move(resident_id=ben, city="Hefei", city_tier=2, moment=BEGINS + 3 * DAY)

    for resident in (ada, ben):
        for day in (2, 4):
            passes_on(resident, BEGINS + day * DAY)

    assert len(paid(ada)) == len(paid(ben)) == 1


@pytest.mark.usefixtures("_pilot")
@pytest.mark.parametrize("at", [BEGINS - DAY, ENDS])
def test_outside_its_time_it_pays_nobody(at: datetime) -> None:
    ada = a_resident_of("Hefei")

    passes_on(ada, at)

    assert [amount for _, amount in paid(ada)] == [0]


@pytest.mark.usefixtures("_pilot")
def test_it_is_a_way_to_earn_only_for_who_lives_there() -> None:
    ada, ben, eva = a_resident_of("Hefei"), a_resident_of("Wuhan"), people.a_resident("Eva").resident_id

    found = {
        resident: [way.rule for way in ways_to_earn(resident=resident, moment=BEGINS) if way.pilot is not None]
        for resident in (ada, ben, eva)
    }

    assert found == {ada: ["tried_points"], ben: [], eva: []}


def queries_of_a_batch(kind: str, django_assert_max_num_queries: Any) -> list[str]:
    residents = [a_resident_of("Hefei") for _ in range(3)]
    what = {"reposted": community.Reposted(subject="s", channel="wechat"), "checked_in": community.CheckedIn()}[kind]
    behave_all([(resident, what, BEGINS, "") for resident in residents])
    with django_assert_max_num_queries(500) as seen:
        behave_all([(resident, what, BEGINS + DAY, "") for resident in residents])
    return [query["sql"] for query in seen.captured_queries]


def test_without_a_pilot_nobody_is_asked_where_he_lives(django_assert_max_num_queries: Any) -> None:
    publish_first_book(text=dump_book(book_with(None)), moment=START, effective_from=START)

    asked = queries_of_a_batch("reposted", django_assert_max_num_queries)

    assert not any("identity_residence" in query for query in asked)


@pytest.mark.usefixtures("_pilot")
def test_with_a_pilot_only_its_kind_costs_one_query_more(django_assert_max_num_queries: Any) -> None:
    other = queries_of_a_batch("checked_in", django_assert_max_num_queries)
    own = queries_of_a_batch("reposted", django_assert_max_num_queries)

    assert not any("identity_residence" in query for query in other)
    assert sum("identity_residence" in query for query in own) == 1


def a_lively_city(*, more: int = 3) -> dict[str, list[int]]:
    """Two cities of the pilot and three others, four residents each; in the pilot's cities each does ``more`` more."""
    lives = {city: [a_resident_of(city) for _ in range(4)] for city in (*TRIED.cities, *OTHERS)}
    for place, (city, residents) in enumerate(lives.items()):
        for number, resident in enumerate(residents):
            before = 2 + (place + number) % 2
            during = 2 + number % 2 + (more if city in TRIED.cities else 0)
            for day in range(before):
                passes_on(resident, BEGINS - (day + 1) * DAY, str(number))
            for day in range(during):
                passes_on(resident, BEGINS + (day + 1) * DAY, str(number))
    return lives


def result(key: str = "tried_points-20260301", moment: datetime = AFTER) -> Any:
    view = pilot_called(key, moment)
    assert view is not None
    return pilot_result(view, moment)


@pytest.mark.usefixtures("_pilot")
def test_its_result_compares_with_the_other_cities_of_the_same_size() -> None:
    a_lively_city()

    found = result()

    assert [each.city for each in found.cities if each.pilot] == ["Hefei", "Suzhou"]
    assert {each.city for each in found.cities if not each.pilot} == set(OTHERS)
    assert isinstance(found.acts, Effect)
    assert found.acts.shows_more
    assert found.acts.extra_low <= 8 * 3 <= found.acts.extra_high
    assert found.paid == 3 * sum(each.acts_during for each in found.cities if each.pilot)
    assert found.per_act_low <= found.per_act <= found.per_act_high
    assert found.window == Window(BEGINS - (ENDS - BEGINS), BEGINS, ENDS)


@pytest.mark.usefixtures("_pilot")
def test_every_count_is_the_sum_of_its_rows() -> None:
    lives = a_lively_city()
    move(resident_id=lives["Hefei"][0], city="Wuhan", city_tier=2, moment=BEGINS + 2 * DAY)

    found = result()

    for each in found.cities:
        for during, count, doers in (
            (False, each.acts_before, each.doers_before), (True, each.acts_during, each.doers_during),
        ):  # fmt: skip
            rows = acts_counted(kind="reposted", city=each.city, window=found.window, during=during)
            assert (len(rows), len({row.resident for row in rows})) == (count, doers)
            again, after = [], 0
            while more := acts_counted(
                kind="reposted", city=each.city, window=found.window, during=during, after=after, limit=3
            ):
                again, after = [*again, *more], more[-1].entry
            assert again == rows


@pytest.mark.usefixtures("_pilot")
def test_what_was_taken_back_counts_for_nothing() -> None:
    ada = a_resident_of("Hefei")
    what = community.Reposted(subject="s", channel="wechat")
    behave(ada, what, BEGINS + DAY, key="told")
    behave(ada, community.RepostDeleted(original="told"), BEGINS + DAY + timedelta(hours=1))

    found = result()

    assert (sum(each.acts_during for each in found.cities), found.paid) == (0, 0)


@pytest.mark.usefixtures("_pilot")
def test_resident_time_ends_and_begins_with_a_move() -> None:
    ada = a_resident_of("Hefei")
    move(resident_id=ada, city="Wuhan", city_tier=2, moment=BEGINS + 7 * DAY)
    a_resident_of("Wuhan")

    found = {each.city: each for each in result().cities}

    assert (found["Hefei"].seconds_before, found["Hefei"].seconds_during) == (28 * 86_400, 7 * 86_400)
    assert (found["Wuhan"].seconds_before, found["Wuhan"].seconds_during) == (28 * 86_400, (28 + 21) * 86_400)


@pytest.mark.usefixtures("_pilot")
def test_too_few_cities_are_called_so() -> None:
    passes_on(a_resident_of("Hefei"), BEGINS + DAY)

    assert result().acts == TooFew("pilot_cities", 1, 2)
    assert result().per_act is None


@pytest.mark.usefixtures("_pilot")
def test_a_pilot_is_announced_then_runs_then_has_ended() -> None:
    states = [pilots(moment)[0].state for moment in (BEGINS - DAY, BEGINS, ENDS - DAY, ENDS)]

    assert states == ["announced", "running", "running", "ended"]
    assert result(moment=BEGINS - DAY) is None
    assert result(moment=BEGINS + DAY).window == Window(BEGINS - DAY, BEGINS, BEGINS + DAY)
    assert pilot_called("nothing-20260301", BEGINS) is None


@pytest.mark.usefixtures("_pilot")
def test_a_pilot_that_a_later_version_drops_stays_readable_and_says_when_it_ended() -> None:
    gone, odo = BEGINS + 14 * DAY, people.odo()
    fei = people.a_staff("Fei", permissions=tuple(Permission))
    asked = BEGINS - 40 * DAY
    checked(asked)
    proposed = propose_book(actor=odo, text=dump_book(book_with(None)), note="It hurts", moment=asked)
    approve_book(actor=fei, number=proposed.number, effective_from=gone, moment=asked, **WAIVED)

    view = pilots(AFTER)[0]

    assert (view.state, view.ends_at, view.cut_short) == ("ended", gone, True)


@pytest.mark.usefixtures("_pilot")
def test_a_pilot_tells_of_the_version_it_ran_under_and_of_an_end_that_is_announced() -> None:
    began = pilots(BEGINS)[0].number
    sooner, odo = ENDS - 7 * DAY, people.odo()
    fei = people.a_staff("Fei", permissions=tuple(Permission))
    checked(BEGINS - 40 * DAY)
    shorter = dump_book(book_with(ends=sooner))
    proposed = propose_book(actor=odo, text=shorter, note="Sooner", moment=BEGINS - 40 * DAY)
    approve_book(actor=fei, number=proposed.number, effective_from=BEGINS + 7 * DAY, moment=BEGINS - 40 * DAY, **WAIVED)

    running, later = pilots(BEGINS)[0], pilots(AFTER)[0]

    assert (running.number, running.ends_at, running.cut_short) == (began, sooner, True)
    assert (later.number, later.ends_at, later.cut_short) == (proposed.number, sooner, True)


@pytest.mark.usefixtures("_pilot")
def test_a_replay_pays_exactly_what_was_paid() -> None:
    a_lively_city()
    present = version_in_force(AFTER)
    assert present is not None
    with db.opening():
        watermark = present_watermark()

    told = equal_to_live(book=tried_version(present.number), span=Span(None, None, watermark))

    assert told.payments >= 8 * 5
    assert told.differences == ()


@pytest.mark.usefixtures("_pilot")
def test_erasing_somebody_of_a_small_city_leaves_what_was_paid() -> None:
    ada = a_resident_of("Hefei")
    passes_on(ada, BEGINS + DAY)

    erase(resident_id=ada)

    assert paid(ada) == [("tried_points", 3)]
