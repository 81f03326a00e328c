"""What differs between two books is found whole, in a stable order, and said in both languages."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from denizen.people.rulebook.rules import (
    Book,
    Cap,
    Difference,
    Guideline,
    Pilot,
    Rule,
    Text,
    differences,
    load_book,
    parse,
    sentence,
    takings,
)
from denizen.people.rulebook.rules.change_patterns import FIELDS, PILOTS

from .language_samples import SHAPES, STEADY
from .worth_samples import a_book, a_change, is_sound

BOOK = load_book((Path(__file__).parent / "language_book.yaml").read_text(), SHAPES)
MARCH = Text("1 March", "自3月1日")


def changed(code: str, **values: Any) -> Book:
    return replace(BOOK, rules=tuple(replace(rule, **values) if rule.code == code else rule for rule in BOOK.rules))


def told(after: Book, before: Book = BOOK) -> list[str]:
    return [sentence(each, shapes=SHAPES).en for each in differences(before, after)]


@pytest.mark.row("A-38")
def test_a_changed_amount_is_said_as_people_say_it() -> None:
    (found,) = differences(changed("check_in_points", amount=parse("1")), changed("check_in_points", amount=parse("2")))

    assert sentence(found, since=MARCH) == Text(
        "Daily check-in pays 2 instead of 1 from 1 March.", "自3月1日起，“每日签到”改为给 2，原为 1。"
    )
    assert (found.part, found.code, found.field, found.change, found.rules) == (
        "rule", "check_in_points", "amount", "changed", ("check_in_points",),
    )  # fmt: skip


@pytest.mark.parametrize(("values", "words"), [
    ({"when": parse("entry.streak >= 5")}, "Daily check-in asks for something now: only if streak is at least 5."),
    ({"caps": (Cap(3, "times", "day"),)}, "Daily check-in: 3 times a day instead of once a day."),
    ({"caps": ()}, "Daily check-in has a limit less (it was once a day)."),
    ({"shared_caps": ()}, "Daily check-in no longer counts against the shared limit basics."),
    ({"lot_days": None}, "What Daily check-in pays lasts for ever instead of 730 days."),
    ({"hold_days": 7}, "What Daily check-in pays can be spent after 7 days instead of 0."),
    ({"amount": parse("1200")}, "Daily check-in pays 1,200 instead of"),
])  # fmt: skip
def test_each_field_of_a_rule_has_its_sentence(values: dict[str, Any], words: str) -> None:
    (found,) = told(changed("check_in_points", **values))

    assert found.startswith(words)


def test_what_is_new_and_what_is_gone_are_said_in_order() -> None:
    first, *rest = BOOK.rules
    new = replace(first, code="new_rule", title=Text("News", "新闻"), amount=parse("3"))

    found = differences(BOOK, replace(BOOK, rules=(*rest, new)))

    assert [(each.code, each.change) for each in found] == [("new_rule", "added"), (first.code, "removed")]
    assert sentence(found[0]).en == "A new rule, News: 3 points."
    assert sentence(found[1]).zh == "“每日签到”取消。"


def test_a_change_that_several_rules_draw_on_names_them_all() -> None:
    shared = replace(BOOK.shared_caps[0], limit=50)
    budget = replace(BOOK.budgets[0], title=Text("Base", "基本"))
    tables = {"model_points": {"sedan": 90, "van": 5}}
    after = replace(BOOK, tables=tables, shared_caps=(shared,), budgets=(budget, *BOOK.budgets[1:]))

    found = {(each.part, each.field): each for each in differences(BOOK, after)}

    assert list(found) == [
        ("table", "sedan"), ("table", "van"), ("table", "coupe"), ("shared_cap", "limit"), ("budget", "title"),
    ]  # fmt: skip
    assert found["shared_cap", "limit"].rules == ("check_in_points", "profile_points")
    assert "order_points" in found["table", "sedan"].rules
    assert set(found["budget", "title"].rules) == {rule.code for rule in BOOK.rules if rule.budget == "basic"}
    assert sentence(found["table", "coupe"]).en == "The table “model points” loses the line “coupe” (it was 200)."


def test_words_alone_are_told_from_what_pays() -> None:
    words = replace(changed("check_in_points", guideline="Another"), guidelines=(Guideline("x", MARCH, MARCH),))
    order = replace(BOOK, rules=BOOK.rules[::-1])

    assert all(each.only_words for each in differences(BOOK, words))
    assert takings(BOOK, words, shapes=SHAPES) == ()
    assert [(each.field, each.item) for each in differences(BOOK, order)] == [("order", "rules")]
    assert not any(each.only_words for each in differences(BOOK, order))


@pytest.mark.parametrize("name", [each.name for each in fields(Rule)])
def test_no_field_of_a_rule_is_without_words(name: str) -> None:
    assert name in FIELDS or name in ("when", "amount") or (name == "pilot" and PILOTS.keys() == {"added", "removed"})


@pytest.mark.parametrize("name", [each.name for each in fields(Pilot)])
def test_no_field_of_a_pilot_is_without_words(name: str) -> None:
    assert f"pilot_{name}" in FIELDS


@STEADY
@given(st.randoms(use_true_random=False))
def test_books_differ_exactly_when_something_is_told_and_every_difference_has_words(random: Random) -> None:
    before = a_book(random)
    after = a_change(random, before)
    assume(is_sound(before) and is_sound(after))

    found = differences(before, after)

    assert bool(found) == (before != after)
    assert differences(before, after) == found
    for each in found:
        both_languages(each)
    if found and all(each.only_words for each in found):
        assert takings(before, after, shapes=SHAPES) == ()


def both_languages(difference: Difference) -> None:
    words = sentence(difference, since=MARCH, shapes=SHAPES)
    assert words.en.endswith(" from 1 March.")
    assert words.zh.startswith("自3月1日起，")
    assert "{" not in words.en + words.zh
