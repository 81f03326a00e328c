"""What counts as taking value away, and what is proven to take nothing: one law at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from denizen.people.rulebook.rules import (
    Book,
    Cap,
    State,
    Text,
    check_book,
    compile_book,
    decide,
    load_book,
    parse,
    takings,
)
from denizen.people.rulebook.rules.taking_words import TAKINGS

from .language_samples import SHAPES, facts, us

BOOK = load_book((Path(__file__).parent / "language_book.yaml").read_text(), SHAPES)
DAILY = Cap(1, "times", "day")
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2026, 6, 1, tzinfo=UTC)


def book(*rules: dict[str, Any], **changes: Any) -> Book:
    """A book with rules about orders (or what they say), all from one unlimited budget."""
    model = replace(
        BOOK.rules[3], when=parse("true"), caps=(), shared_caps=(), budget="basic", beneficiary="resident", names=None,
        reversal_kind=None, valid_from=None, valid_to=None, amount=parse("1"),
    )  # fmt: skip
    made = tuple(replace(model, **({"code": f"rule_{number}"} | _parsed(rule))) for number, rule in enumerate(rules))
    found = replace(BOOK, rules=made, **changes)
    assert check_book(found, SHAPES) == ()
    return found


def _parsed(rule: dict[str, Any]) -> dict[str, Any]:
    return {name: parse(value) if name in ("when", "amount") else value for name, value in rule.items()}


def reasons(before: Book, after: Book, **given: Any) -> list[str]:
    return [each.reason for each in takings(before, after, shapes=SHAPES, **given)]


def amounts(old: str, new: str, **more: Any) -> list[str]:
    return reasons(book({"amount": old, **more}), book({"amount": new, **more}))


def conditions(old: str, new: str) -> list[str]:
    return reasons(book({"when": old}), book({"when": new}))


@pytest.mark.parametrize(("old", "new"), [
    ("1", "2"),
    ("entry.cents / 200", "entry.cents / 100"),
    ("min(entry.cents, 5)", "min(entry.cents, 9)"),
    ("min(entry.cents, 5)", "entry.cents"),
    ("max(entry.cents, 5)", "max(entry.cents, 5, 7)"),
    ("entry.gift ? 3 : 1", "entry.gift ? 3 : 2"),
    ("entry.gift ? 3 : 1", "3"),
    ("floor(ratio(entry.cents, 4))", "ceil(ratio(entry.cents, 4))"),
    ("floor(ratio(entry.cents, 4))", "round_half_up(ratio(entry.cents, 3))"),
    ("entry.cents * 2", "entry.cents * 3"),
    ("entry.cents", "entry.cents + 5"),
    ("entry.cents", "10 + entry.cents"),
    ("5000 - min(entry.cents, 50)", "5000 - min(entry.cents, 40)"),
    ("entry.bonus", "entry.bonus + 1"),
    ("has(entry.bonus) ? 2 : 1", "has(entry.bonus) ? 2 : 1"),
    ("max(0, -(3 - entry.cents))", "max(0, -(2 - entry.cents))"),
])  # fmt: skip
def test_an_amount_that_never_shrinks_takes_nothing(old: str, new: str) -> None:
    assert amounts(old, new) == []
    if old != new:
        assert amounts(new, old) == ["amount"]


@pytest.mark.parametrize(("old", "new"), [
    ("1", "entry.bonus + 1"),  # an order without a bonus would be paid nothing
    ("max(0, entry.balance) * 2", "max(0, entry.balance * 3)"),
    ("entry.cents % 7", "entry.cents % 9"),
    ("max(0, 2 - entry.cents * 1)", "max(0, 2 - entry.cents * 2)"),
    ("entry.gift ? 1 : 3", "entry.gift ? 3 : 1"),
    ("max(0, entry.balance * entry.balance)", "max(0, (entry.balance + 1) * (entry.balance + 1))"),
    ("ceil(ratio(entry.cents, 4))", "floor(ratio(entry.cents, 4))"),
])  # fmt: skip
def test_an_amount_that_may_shrink_is_a_taking(old: str, new: str) -> None:
    assert amounts(old, new) == ["amount"]


@pytest.mark.parametrize(("old", "new"), [
    ("entry.gift", "true"),
    ("entry.cents >= 5 && entry.gift", "entry.gift"),
    ("entry.gift", "entry.gift || entry.cents > 5"),
    ("entry.cents > 5", "entry.cents >= 6"),
    ("entry.cents >= 6", "entry.cents > 5"),
    ("entry.cents > 9", "entry.cents > 5"),
    ("entry.cents < 5", "entry.cents <= 9"),
    ("entry.cents == 7", "entry.cents >= 5"),
    ('entry.model == "van"', 'entry.model in ["van", "coupe"]'),
    ('entry.model in ["van"]', 'entry.model in ["van", "coupe"]'),
    ('entry.model in ["van"]', 'entry.model != "coupe"'),
    ("!(entry.gift || entry.cents > 5)", "!entry.gift"),
    ("!(entry.cents > 5)", "!(entry.cents > 9)"),
    ("(entry.gift && entry.cents > 9) || entry.cents > 50", "entry.cents > 5"),
    ("entry.bonus > 5", "has(entry.bonus)"),
    ("entry.gift", "entry.cents >= 0"),
    ("entry.model in tables.model_points", "true"),
])  # fmt: skip
def test_a_condition_that_leaves_nobody_out_takes_nothing(old: str, new: str) -> None:
    assert conditions(old, new) == []


@pytest.mark.parametrize(("old", "new"), [
    ("true", "entry.gift"),
    ("entry.gift", "entry.gift && entry.cents > 5"),
    ("entry.gift || entry.cents > 5", "entry.gift"),
    ("entry.cents > 5", "entry.cents > 6"),
    ("entry.cents >= 5", "entry.cents > 5"),
    ('entry.model in ["van", "coupe"]', 'entry.model in ["van"]'),
    ('entry.model != "van"', 'entry.model == "coupe"'),
    ('entry.model == "van"', 'entry.model != "van"'),
    ('entry.model in ["van", "coupe"]', 'entry.model != "van"'),
    ("!entry.gift", "!(entry.gift || entry.cents > 5)"),
    ("entry.gift", "entry.rushed || entry.gift"),  # an order may not say whether it was rushed
    ("entry.gift", "entry.bonus >= 0"),
    ("true", "has(entry.bonus)"),
])  # fmt: skip
def test_a_condition_that_may_leave_somebody_out_is_a_taking(old: str, new: str) -> None:
    assert conditions(old, new) == ["condition"]


def test_without_shapes_a_field_may_be_missing() -> None:
    before, after = book({"when": "true"}), book({"when": "entry.cents >= 0"})

    assert takings(before, after, shapes=SHAPES) == ()
    assert [each.reason for each in takings(before, after)] == ["condition"]


def test_a_table_is_compared_value_by_value() -> None:
    before = book({"amount": "tables.model_points[entry.model]"})

    def table(**values: int) -> list[str]:
        return reasons(before, replace(before, tables={"model_points": values}))

    assert table(sedan=100, coupe=250) == []
    assert table(sedan=100, coupe=200, van=1) == []
    assert table(sedan=99, coupe=250) == ["amount"]
    assert table(coupe=250) == ["amount"]


WEEKLY = Cap(2, "times", "week")
MONTHLY = Cap(9, "amount", "month")


@pytest.mark.parametrize(("old", "new"), [
    ({"caps": (DAILY,)}, {"caps": (replace(DAILY, limit=2),)}),
    ({"caps": (DAILY,)}, {"caps": ()}),
    ({"caps": (DAILY, WEEKLY)}, {"caps": (DAILY, replace(WEEKLY, limit=3))}),
    ({"caps": (MONTHLY,), "amount": "min(entry.cents, 5)"}, {"caps": (MONTHLY,), "amount": "entry.cents"}),
    ({"caps": (DAILY, MONTHLY), "amount": "1"}, {"caps": (DAILY, MONTHLY), "amount": "entry.cents + 1"}),
    ({"caps": (DAILY,), "when": "entry.gift"}, {"caps": (DAILY,)}),
    ({"caps": (DAILY,)}, {"caps": (replace(DAILY, when=parse('beneficiary.grade == "fan"')),)}),
])  # fmt: skip
def test_a_kinder_limit_or_a_larger_award_takes_nothing(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert reasons(book(old), book(new)) == []


@pytest.mark.parametrize(("old", "new", "why"), [
    ({}, {"caps": (DAILY,)}, "limit_new"),
    ({"caps": (WEEKLY,)}, {"caps": (DAILY,)}, "limit_new"),
    ({"caps": (WEEKLY,)}, {"caps": (replace(WEEKLY, limit=1),)}, "limit_lower"),
    ({"caps": (replace(DAILY, when=parse('beneficiary.grade == "fan"')),)}, {"caps": (DAILY,)}, "limit_binds_more"),
    ({"valid_to": END}, {"valid_to": START}, "validity"),
    ({}, {"valid_from": START}, "validity"),
    ({"lot_days": None}, {"lot_days": 30}, "lot_days"),
    ({"lot_days": 60}, {"lot_days": 30}, "lot_days"),
    ({"hold_days": 1}, {"hold_days": 2}, "hold_days"),
    ({"lot_priority": 1}, {"lot_priority": 0}, "lot_priority"),
    ({"reversal_kind": None}, {"reversal_kind": "refund"}, "reversal"),
    ({"beneficiary": "resident"}, {"beneficiary": "inviter"}, "beneficiary"),
    ({"names": None}, {"names": "inviter"}, "names"),
    ({"budget": "basic"}, {"budget": "launch"}, "budget_limited"),
    ({"kind": "order"}, {"kind": "check_in"}, "kind"),
])  # fmt: skip
def test_whatever_tightens_a_rule_is_a_taking(old: dict[str, Any], new: dict[str, Any], why: str) -> None:
    assert reasons(book(old), book(new)) == [why]


@pytest.mark.parametrize(("old", "new"), [
    ({"lot_days": 30}, {"lot_days": None}),
    ({"hold_days": 2}, {"hold_days": 1}),
    ({"reversal_kind": "refund"}, {"reversal_kind": None}),
    ({"valid_to": START}, {"valid_to": END}),
    ({"valid_from": START}, {}),
    ({"names": "inviter"}, {"names": None}),
    ({"budget": "launch"}, {"budget": "basic"}),
    ({"title": Text("A", "甲")}, {"title": Text("B", "乙")}),
    ({"guideline": "A"}, {"guideline": "B", "rows": ("B-19",), "assumed": True}),
])  # fmt: skip
def test_whatever_eases_a_rule_or_only_its_words_takes_nothing(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert reasons(book(old), book(new)) == []


def paid(content: Book, *entries: Any) -> int:
    compiled, state = compile_book(content, SHAPES), State(budgets={"launch": 1_000})
    return sum(line.paid for entry in entries for line in decide(compiled, entry, state))


def order(cents: int, day: int, hour: int = 4, **payload: Any) -> Any:
    given = {"cents": cents, "gift": False, "model": "van", **payload}
    return facts("order", us(2026, 3, day, hour), payload=given)


@pytest.mark.parametrize(("old", "new", "entries"), [
    # A small award paid early uses up the week that a large one would have had.
    (
        {"caps": (DAILY, WEEKLY), "amount": "entry.cents"},
        {"caps": (replace(DAILY, limit=2), WEEKLY), "amount": "entry.cents"},
        (order(1, 9, 1), order(1, 9, 2), order(100, 10)),
    ),
    # The rest of a larger daily amount counts as one of the week's awards.
    (
        {"caps": (Cap(10, "amount", "day"), WEEKLY), "amount": "10"},
        {"caps": (Cap(11, "amount", "day"), WEEKLY), "amount": "10"},
        (order(1, 9, 1), order(1, 9, 2), order(1, 10)),
    ),
    # Who qualifies now comes first, and the day pays once.
    (
        {"caps": (DAILY,), "amount": "entry.cents", "when": "entry.cents > 50"},
        {"caps": (DAILY,), "amount": "entry.cents"},
        (order(1, 9, 1), order(100, 9, 2)),
    ),
    # A week may lie in two months: what a larger award takes from the month is missing in the rest of the week.
    (
        {"caps": (Cap(1, "times", "week"), Cap(5, "amount", "month")), "amount": "entry.gift ? 5 : 1"},
        {"caps": (Cap(1, "times", "week"), Cap(5, "amount", "month")), "amount": "entry.gift ? 5 : 5"},
        None,
    ),
])  # fmt: skip
def test_limits_that_work_together_are_no_proof(
    old: dict[str, Any], new: dict[str, Any], entries: tuple[Any, ...] | None
) -> None:
    before, after = book(old), book(new)

    assert reasons(before, after) == ["limits_mixed"]
    if entries is not None:
        assert paid(after, *entries) < paid(before, *entries)


def test_an_award_that_may_ask_for_nothing_is_weighed_as_a_further_one() -> None:
    before = book({"caps": (WEEKLY,), "amount": "entry.cents > 50 ? entry.cents : 0"})
    after = book({"caps": (WEEKLY,), "amount": "entry.cents"})
    entries = order(1, 9), order(1, 10), order(100, 11)

    assert reasons(before, after) == ["limits_mixed"]
    assert paid(after, *entries) < paid(before, *entries)


def test_a_shared_limit_is_no_room_for_somebody_else() -> None:
    alone, other = {"shared_caps": ("basics",)}, {"amount": "2", "shared_caps": ("basics",)}

    assert reasons(book(alone), book(alone, other)) == ["shared_joined"]
    assert reasons(book(alone, other), book({**alone, "when": "entry.gift"}, other)) == ["condition"]
    assert reasons(book({**alone, "when": "entry.gift"}, other), book(alone, other)) == ["shared_crowded"]
    assert reasons(book({}, other), book(alone, other)) == ["limit_new"]
    assert reasons(book(alone, other), book({}, other)) == []
    assert reasons(book(alone, other), book(other | {"code": "rule_1"}, alone | {"code": "rule_0"})) == ["order"]


def test_a_shared_limit_that_rises_takes_nothing_where_all_others_lie_within() -> None:
    wider = (replace(BOOK.shared_caps[0], limit=200),)
    tighter = (replace(BOOK.shared_caps[0], limit=50),)
    two = {"shared_caps": ("basics",), "caps": (DAILY,)}, {"shared_caps": ("basics",), "amount": "2"}

    assert reasons(book(*two), book(*two, shared_caps=wider)) == []
    assert reasons(book(*two), book(*two, shared_caps=tighter)) == ["limit_lower", "limit_lower"]


def test_a_limited_budget_is_first_come_first_served() -> None:
    one = {"budget": "launch"}
    richer = tuple(replace(each, amount=2_000) if each.limited else each for each in BOOK.budgets)
    poorer = tuple(replace(each, amount=500) if each.limited else each for each in BOOK.budgets)

    assert reasons(book(one), book(one, budgets=richer)) == []
    assert reasons(book(one), book(one, budgets=poorer)) == ["budget_smaller"]
    assert reasons(book(one), book({**one, "amount": "2"})) == ["budget_drained"]
    assert reasons(book(one), book(one, one)) == ["budget_drained"]


def test_the_time_zone_and_the_notice_belong_to_the_promise() -> None:
    before = book({})

    assert reasons(before, replace(before, time_zone="Europe/Oslo")) == ["time_zone"]
    assert reasons(before, replace(before, notice_days=29)) == ["notice"]
    assert reasons(before, replace(before, notice_days=31, review_months=12)) == []


def test_a_rule_that_goes_takes_all_but_one_whose_time_is_over() -> None:
    campaign = book({}, {"valid_to": END})

    assert reasons(campaign, book({})) == ["rule_removed"]
    assert reasons(campaign, book({}), since=END) == []
    assert reasons(book({"valid_from": START}), book({"valid_from": END}), since=START) == ["validity"]
    assert reasons(book({}), book({"valid_from": START}), since=START) == []


@pytest.mark.parametrize("reason", TAKINGS)
def test_every_reason_has_words_in_both_languages(reason: str) -> None:
    english, chinese = TAKINGS[reason]

    assert (english[-1], chinese[-1]) == (".", "。")
    assert english != chinese


def test_a_larger_award_under_a_shared_limit_leaves_no_less_in_sum_where_all_pay_alike() -> None:
    one, other = {"shared_caps": ("basics",), "caps": (DAILY,)}, {"shared_caps": ("basics",), "amount": "2"}
    larger = {**one, "amount": "4"}

    assert reasons(book(one, other), book(larger, other)) == []
    assert reasons(book({**one, "lot_days": 30}, other), book({**larger, "lot_days": 30}, other)) == ["shared_crowded"]
    limited = {**other, "budget": "launch"}
    assert reasons(book(one, limited), book(larger, limited)) == ["shared_crowded"]
    apart = {**other, "caps": (Cap(5, "amount", "day"), Cap(3, "times", "week"))}
    assert reasons(book(one, apart), book(larger, apart)) == ["shared_crowded"]


def test_a_shared_limit_of_a_day_is_no_frame_for_what_is_counted_longer() -> None:
    daily = (replace(BOOK.shared_caps[0], per="day"),)
    shared, weekly = {"shared_caps": ("basics",)}, {"shared_caps": ("basics",), "caps": (WEEKLY,), "amount": "2"}
    lasting = {**shared, "caps": (Cap(50, "amount", "lifetime"),)}

    assert reasons(book(shared, weekly, shared_caps=daily), book({}, weekly, shared_caps=daily)) == ["limits_mixed"]
    assert reasons(
        book(shared, lasting, shared_caps=daily), book({**shared, "amount": "3"}, lasting, shared_caps=daily)
    ) == ["shared_crowded"]
