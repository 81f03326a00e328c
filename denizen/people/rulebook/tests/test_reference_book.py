"""The reference book pays what the specification states, row by row, and everything else is marked as assumed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from denizen.ground.chronicle.kinds import REVERSALS, SHAPES
from denizen.people.rulebook.rules import (
    CLAUSES,
    Book,
    Facts,
    Person,
    State,
    compile_book,
    decide,
    dump_book,
    from_json,
    load_book,
    moment_us,
    parse,
    to_json,
)

from .reference_cases import (
    ADA,
    BEN,
    BOOK,
    CAPPED,
    COMPILED,
    DAY_US,
    FAN,
    FORMER,
    FOUNDER,
    HAPPY,
    INVITED,
    NOON,
    OWNER,
    REFUSED,
    SELECTED,
    Caps,
    Pays,
    Refuses,
    comment,
    delivery,
    evaluation,
    paid_in_a_row,
    purse,
    rule,
    said,
)

EARNING_ROWS = [f"B-{number:02}" for number in (*range(5, 36), *range(50, 62))]
MECHANISMS = {"B-20": "issuing codes belongs to identity; what an invitation earns is B-19, B-21 and B-22"}

STAGES = {
    "register": ["registered"],
    "interact": ["commented", "checked_in"],
    "test drive": ["test_drive_taken"],
    "buy": ["vehicle_delivered"],
    "use": ["own_pile_used", "in_car_task_completed"],
    "service": ["loaner_declined", "loaner_unavailable"],
    "renew": ["service_plan_renewed"],
    "repurchase": ["vehicle_delivered"],
    "refer": ["test_drive_taken", "vehicle_delivered"],
    "resell": ["vehicle_bought_back"],
}


def cases(table: list[Any]) -> list[Any]:
    return [pytest.param(case, id=f"{case.row}-{case.code}", marks=pytest.mark.partial(case.row)) for case in table]


@pytest.mark.parametrize("case", cases(HAPPY))
def test_a_row_pays(case: Pays) -> None:
    line = said(case.code, case.payload, case.who)

    assert (line.outcome, line.paid, line.beneficiary_id) == ("paid", case.paid, case.to)
    assert case.row in rule(case.code).rows


@pytest.mark.parametrize("case", cases(REFUSED))
def test_it_refuses_what_a_row_does_not_mean(case: Refuses) -> None:
    line = said(case.code, case.payload, case.who)

    assert (line.outcome, line.paid) == (case.outcome, 0)


@pytest.mark.parametrize("case", cases(CAPPED))
def test_a_repeat_pays_no_more_than_its_cap(case: Caps) -> None:
    assert paid_in_a_row(case.code, case.payloads, case.who, case.step_us) == case.paid


def test_every_earning_row_has_a_rule_a_happy_path_and_a_cap() -> None:
    ruled = {row for each in BOOK.rules for row in each.rows}
    expected = set(EARNING_ROWS) - MECHANISMS.keys()

    assert expected <= ruled
    assert expected - {"B-13"} == {case.row for case in HAPPY}
    assert expected - {"B-13"} == {case.row for case in CAPPED}
    assert {each.code for each in BOOK.rules} == {case.code for case in HAPPY}


@pytest.mark.partial("B-13")
def test_basic_acts_of_who_owns_no_car_pay_100_in_all_and_the_last_one_pays_what_is_left() -> None:
    state = purse()
    acts: list[tuple[str, dict[str, Any]]] = [("register_points", {}), ("wechat_points", {})]
    acts += [("profile_points", {"item": item}) for item in BOOK.tables["profile_items"]]
    acts += [
        ("check_in_points", {}),
        ("comment_points", comment(1)),
        ("evaluation_purchase_points", evaluation("purchase")),
    ]

    lines = [said(code, payload, FAN, state) for code, payload in acts]

    assert sum(line.paid for line in lines) == 100
    assert lines[-1].outcome == "capped_part"
    assert lines[-1].detail.name == "basic_acts"
    assert said("check_in_points", {}, FAN, state, DAY_US).outcome == "capped"
    assert said("check_in_points", {}, FORMER, state, DAY_US).outcome == "capped"
    assert said("check_in_points", {}, OWNER, state, DAY_US).paid == 5
    assert said("check_in_points", {}, FOUNDER, state, 2 * DAY_US).paid == 5
    assert said("quality_post_points", SELECTED, FAN, state).paid == 50


@pytest.mark.partial("B-13")
def test_who_bought_a_car_starts_the_basic_acts_without_what_he_earned_as_an_owner() -> None:
    state = purse()

    for day in range(40):
        assert said("check_in_points", {}, OWNER, state, day * DAY_US).paid == 5
    assert said("check_in_points", {}, FORMER, state, 41 * DAY_US).paid == 5


@pytest.mark.partial("B-19")
def test_an_invited_buyer_gets_12000_in_two_lines_and_the_second_names_the_inviter() -> None:
    facts = Facts("vehicle_delivered", NOON, delivery(), ADA, INVITED, {"inviter": Person(BEN, OWNER)})

    lines = {line.code: line for line in decide(COMPILED, facts, purse())}

    buyers = [line for line in lines.values() if line.beneficiary_id == ADA and BOOK.rules[line.rule].asset == "points"]
    assert sum(line.paid for line in buyers) == 12_000
    assert lines["purchase_points"].named_id is None
    assert lines["purchase_invited_points"].named_id == BEN


@pytest.mark.partial("B-06")
def test_unbinding_wechat_is_no_reversal_so_binding_again_pays_nothing() -> None:
    assert rule("wechat_points").reversal_kind == "wechat_binding_withdrawn"
    assert SHAPES["wechat_unbound"].reverses is None


@pytest.mark.partial("B-35")
def test_a_prize_fund_pays_whole_prizes_until_one_is_larger_than_what_is_left() -> None:
    state = State(budgets={"contest_prizes": 1_200, "surprises": 0})

    lines = [said("contest_week_points", {"contest": f"c{n}", "week": 1}, FAN, state) for n in range(3)]

    assert [line.outcome for line in lines] == ["paid", "paid", "budget_exhausted"]
    assert state.budgets["contest_prizes"] == 200


STATED = {
    "loaner_declined_points": "3000 * entry.full_days",
    "purchase_points": "10000",
    "purchase_invited_points": "2000",
    "service_renewal_points": "20000",
    "attendance_value": "1",
}


def test_exactly_the_stated_amounts_stand_unmarked() -> None:
    assert {each.code: each.amount for each in BOOK.rules if not each.assumed} == {
        code: parse(text) for code, text in STATED.items()
    }
    cap = next(cap for cap in BOOK.shared_caps if cap.code == "basic_acts")
    assert (cap.limit, cap.unit, cap.per) == (100, "amount", "lifetime")


@pytest.mark.partial("B-04")
def test_every_points_rule_stands_in_one_of_the_four_systems_and_each_has_some() -> None:
    points = [each for each in BOOK.rules if each.asset == "points"]

    assert {each.system for each in points} == {"community", "car_use", "owner_care", "purchase_invitation"}
    assert all(each.system is None for each in BOOK.rules if each.asset == "contribution")


@pytest.mark.partial("B-49")
def test_every_contribution_rule_stands_in_one_of_the_four_classes_and_each_has_some() -> None:
    classes = {each.contribution_class for each in BOOK.rules if each.asset == "contribution"}

    assert classes == {"interaction", "development", "efficiency", "special"}


@pytest.mark.partial("B-03")
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_of_life_has_a_points_rule(stage: str) -> None:
    paying = {each.kind for each in BOOK.rules if each.asset == "points"}

    assert paying & set(STAGES[stage])


@pytest.mark.partial("B-61")
def test_the_table_of_acts_holds_the_six_named_types() -> None:
    assert set(BOOK.tables["cocreation"]) == {"idea", "trial", "feedback", "adopted", "media_work", "organisation"}


def test_every_rule_can_be_undone_has_a_cap_and_a_life() -> None:
    assert [each.code for each in BOOK.rules if each.reversal_kind != REVERSALS[each.kind]] == []
    assert [each.code for each in BOOK.rules if not each.caps] == []
    assert [each.code for each in BOOK.rules if (each.asset == "points") != (each.lot_days is not None)] == []


@pytest.mark.partial("A-35", "A-37")
def test_every_rule_answers_in_both_languages_with_words_of_its_own() -> None:
    behaviours: list[str] = []
    for each in BOOK.rules:
        for text in (each.title, each.behaviour, each.incentive, each.feedback, each.complaint_path):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh), each.code
            assert text.en.isascii(), each.code
            assert text.en != text.zh
        behaviours.append(each.incentive.zh)
    assert len(set(behaviours)) == len(behaviours)


@pytest.mark.partial("A-03", "A-29", "A-37")
def test_every_rule_names_its_guideline_its_value_and_the_clauses_it_serves() -> None:
    for each in BOOK.rules:
        assert BOOK.guideline(each.guideline), each.code
        assert BOOK.value(each.value), each.code
        assert each.clauses, each.code
    assert {each.guideline for each in BOOK.rules} == {each.code for each in BOOK.guidelines}
    assert {each.value for each in BOOK.rules} == {each.code for each in BOOK.values}
    assert {clause for each in BOOK.rules for clause in each.clauses} == set(CLAUSES)
    assert all(each.assumed for each in (*BOOK.guidelines, *BOOK.values))


def test_the_written_forms_give_the_same_book_back() -> None:
    assert load_book(dump_book(BOOK), SHAPES) == BOOK
    assert from_json(to_json(BOOK)) == BOOK
    assert len(BOOK.rules) >= 50
    assert BOOK.time_zone == "Asia/Shanghai"


HOW_TO = Path(__file__).parents[4] / "docs" / "how-to"


def outside_book(name: str) -> Book:
    return load_book((HOW_TO / f"{name}.rules.yaml").read_text(encoding="utf-8"), SHAPES)


def test_the_shop_pays_full_dollars_up_to_200_a_day_and_100_once() -> None:
    book, state = compile_book(outside_book("cdnow"), SHAPES), State()
    at = moment_us(datetime(1997, 1, 1, 12, tzinfo=UTC))

    def buys(cents: int, day: int) -> list[int]:
        facts = Facts("purchase_made", at + day * DAY_US, {"amount": cents, "items": 1}, ADA, FAN)
        return [line.paid for line in decide(book, facts, state)]

    assert [buys(1_199, 0), buys(30_000, 0), buys(500, 0), buys(99, 1), buys(25_000, 1)] == [
        [11, 100], [189, 0], [0, 0], [0, 0], [200, 0],
    ]  # fmt: skip
    assert {each.lot_days for each in book.book.rules} == {365}


def test_the_college_pays_ten_messages_a_day_1n_a_day_and_5_once() -> None:
    book, state = compile_book(outside_book("college"), SHAPES), State()
    at = moment_us(datetime(2004, 4, 15, 0, tzinfo=UTC))

    days = []
    for day in range(2):
        facts = [Facts("message_sent", at + day * DAY_US + n, {"receiver": "r"}, ADA, FAN) for n in range(12)]
        days.append(
            [sum(paid) for paid in zip(*[[line.paid for line in decide(book, f, state)] for f in facts], strict=True)]
        )

    assert days == [[10, 1, 5], [10, 1, 0]]
    assert {each.lot_days for each in book.book.rules} == {None}
