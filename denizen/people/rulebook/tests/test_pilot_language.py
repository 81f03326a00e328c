"""A pilot is written, read back, checked with its place, decided by city, compared and never shortened in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denizen.people.rulebook.rules import (
    Book,
    Facts,
    Inputs,
    Line,
    Pilot,
    Rule,
    State,
    Text,
    UnableToLoadBook,
    asks_city,
    check_book,
    compile_book,
    decide,
    differences,
    digest_of,
    dump_book,
    from_json,
    interpret,
    lines_from_json,
    lines_to_json,
    load_book,
    read_book,
    sentence,
    takings,
    to_json,
)
from denizen.people.rulebook.rules.footprint import decides_differently

from .language_samples import SHAPES, STEADY, us

BOOK = load_book((Path(__file__).parent / "language_book.yaml").read_text(), SHAPES)
BEGINS, ENDS = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
QUESTION = Text("Do people come more often?", "大家会来得更勤吗？")
TRIED = Pilot(("Hefei", "Suzhou"), QUESTION)
ADA = 1


def tried(pilot: Pilot | None = TRIED, **changed: Any) -> Book:
    """The sample book in which the points for checking in are a pilot."""
    values: dict[str, Any] = {"pilot": pilot, "valid_from": BEGINS, "valid_to": ENDS, **changed}
    return replace(BOOK, rules=tuple(_with(rule, values) for rule in BOOK.rules))


def _with(rule: Rule, values: dict[str, Any]) -> Rule:
    return replace(rule, **values) if rule.code == "check_in_points" else rule


def said(book: Book, city: str, occurred_us: int = us(2026, 3, 10)) -> Line:
    facts = Facts("check_in", occurred_us, {"streak": 5}, ADA, city=city)
    return decide(compile_book(book, SHAPES), facts, State())[0]


_names = st.sampled_from(["合肥", "Hefei", "St. John's", 'The "Lake"', "a, b", "no", "2026", "- x", "上海: 浦东"])
_pilots = st.builds(
    Pilot,
    st.lists(_names, min_size=1, max_size=4, unique=True).map(tuple),
    st.builds(Text, _names, _names),
    st.lists(_names.map(lambda name: f"{name}~"), max_size=3, unique=True).map(tuple),
)


@STEADY
@given(_pilots)
def test_a_written_pilot_reads_back_exactly(pilot: Pilot) -> None:
    book = tried(pilot)

    assert load_book(dump_book(book), SHAPES) == book
    assert from_json(to_json(book)) == book
    assert dump_book(load_book(dump_book(book), SHAPES)) == dump_book(book)


@STEADY
@given(_pilots, st.sampled_from(["", "合肥", "Hefei", "St. John's", 'The "Lake"', "no"]), st.integers(1, 40))
def test_the_fused_form_asks_the_city_and_then_what_the_interpreter_asks(pilot: Pilot, city: str, streak: int) -> None:
    book = tried(pilot)
    rule = book.rules[0]
    facts = Facts("check_in", us(2026, 3, 10), {"streak": streak}, ADA, city=city)

    line = decide(compile_book(book, SHAPES), facts, State())[0]

    if city not in pilot.cities:
        assert (line.outcome, line.asked, line.paid) == ("elsewhere", 0, 0)
    else:
        assert line.asked == interpret(rule.amount, Inputs(facts.payload, facts.resident, facts.resident))


@pytest.mark.partial("A-38")
@pytest.mark.parametrize(
    ("city", "moment", "outcome", "reason"),
    [
        ("Hefei", us(2026, 3, 10), "paid", ""),
        ("Hefei", us(2026, 2, 10), "not_valid", "not_yet"),
        ("Hefei", us(2026, 4, 1), "not_valid", "no_longer"),
        ("Shanghai", us(2026, 3, 10), "elsewhere", ""),
        ("Shanghai", us(2026, 4, 10), "elsewhere", ""),
        ("", us(2026, 3, 10), "elsewhere", ""),
    ],
)
def test_a_pilot_speaks_only_of_its_cities_and_its_time(city: str, moment: int, outcome: str, reason: str) -> None:
    line = said(tried(), city, moment)

    assert (line.outcome, line.detail.reason) == (outcome, reason)


def test_a_decision_elsewhere_is_stored_and_read_again() -> None:
    book = tried()
    lines = (said(book, "Shanghai"), said(book, "Hefei"))

    assert lines_from_json(lines_to_json(lines, book), book) == lines


def test_only_kinds_with_a_pilot_ask_for_the_city() -> None:
    assert asks_city(BOOK) == frozenset()
    assert asks_city(tried()) == frozenset({"check_in"})


def test_a_book_without_pilots_has_the_digest_it_always_had() -> None:
    assert "pilot" not in to_json(BOOK)
    assert digest_of(tried()) != digest_of(tried(None)) != digest_of(BOOK)


@pytest.mark.parametrize(
    ("pilot", "changed", "place", "code"),
    [
        (Pilot((), QUESTION), {}, "pilot.cities", "pilot_cities"),
        (Pilot(("Hefei", "Hefei"), QUESTION), {}, "pilot.cities[2]", "code_twice"),
        (Pilot(("Hefei", " "), QUESTION), {}, "pilot.cities[2]", "pilot_city_shape"),
        (Pilot(("He\nfei",), QUESTION), {}, "pilot.cities[1]", "pilot_city_shape"),
        (Pilot(("Hefei",), QUESTION, ("Wuhan", "Hefei")), {}, "pilot.compare_with[2]", "pilot_city_both"),
        (Pilot(("Hefei",), Text("", "为什么")), {}, "pilot.question.en", "text_empty"),
        (TRIED, {"valid_to": None}, "pilot", "pilot_without_period"),
        (TRIED, {"valid_from": None}, "pilot", "pilot_without_period"),
        (TRIED, {"valid_to": BEGINS + timedelta(days=185)}, "valid_to", "pilot_too_long"),
    ],
)
def test_a_fault_of_a_pilot_is_told_at_its_place(pilot: Pilot, changed: dict[str, Any], place: str, code: str) -> None:
    book = tried(pilot, **changed)

    assert [(each.place, each.code) for each in check_book(book, SHAPES)] == [(place, code)]
    for problem in check_book(book, SHAPES):
        assert problem.message("en") != problem.message("zh")


def test_a_fault_in_a_file_names_its_line() -> None:
    text = dump_book(tried()).replace("    - Suzhou", "    - Suzhou\n      - Hefei".replace("      -", "    -"))
    reading = read_book(text, SHAPES)

    assert [(each.code, text.splitlines()[(each.file_line or 0) - 1].strip()) for each in reading.problems] == [
        ("code_twice", "- Hefei")
    ]


@pytest.mark.parametrize("old", ["question:", "cities:"])
def test_a_pilot_without_its_parts_cannot_be_read(old: str) -> None:
    with pytest.raises(UnableToLoadBook):
        load_book(dump_book(tried()).replace(old, f"un{old}"), SHAPES)


def reasons(before: Book, after: Book, since: datetime | None = None) -> list[str]:
    return [each.reason for each in takings(before, after, shapes=SHAPES, since=since)]


ALONE = {"shared_caps": (), "budget": "basic"}
RUNS = tried(**ALONE)


@pytest.mark.partial("P-28")
def test_shortening_a_running_pilot_is_a_taking() -> None:
    assert reasons(RUNS, tried(**{**ALONE, "valid_to": ENDS - timedelta(days=3)}), BEGINS) == ["validity"]
    assert reasons(RUNS, replace(BOOK, rules=BOOK.rules[1:]), BEGINS) == ["rule_removed"]


@pytest.mark.partial("P-28")
def test_leaving_a_city_early_is_a_taking_that_names_it() -> None:
    after = tried(Pilot(("Hefei",), QUESTION), **ALONE)

    found = takings(RUNS, after, shapes=SHAPES, since=BEGINS)

    assert [each.reason for each in found] == ["pilot_city_left"]
    assert "Suzhou" in found[0].message("en")
    assert "Suzhou" in found[0].message("zh")


def test_confining_a_rule_to_some_cities_is_a_taking() -> None:
    assert "pilot_begun" in reasons(tried(None, **ALONE), RUNS)


def test_what_takes_nothing_from_anybody_is_proven() -> None:
    another = tried(Pilot(("Hefei", "Suzhou"), Text("Why?", "为什么？"), ("Wuhan",)), **ALONE)
    gone = replace(BOOK, rules=BOOK.rules[1:])
    begun = replace(BOOK, rules=(*gone.rules, replace(RUNS.rules[0], code="tried_points")))

    assert reasons(RUNS, another) == []
    assert reasons(RUNS, tried(**{**ALONE, "valid_to": ENDS + timedelta(days=3), "caps": ()}), BEGINS) == []
    assert reasons(RUNS, gone, since=ENDS) == []
    assert reasons(gone, begun) == []


def told(before: Book, after: Book) -> list[str]:
    for each in differences(before, after):
        assert sentence(each).en != sentence(each).zh
    return [sentence(each).en for each in differences(before, after)]


def test_every_change_of_a_pilot_is_a_sentence() -> None:
    wider = tried(Pilot(("Hefei", "Suzhou", "Wuhan"), QUESTION))
    asked = tried(Pilot(("Hefei", "Suzhou"), Text("Why?", "为什么？"), ("Wuhan",)))
    title = BOOK.rules[0].title.en

    assert told(tried(None), tried()) == [f"{title} becomes a pilot in Hefei, Suzhou."]
    assert told(tried(), tried(None)) == [
        f"{title} is no pilot any more: it holds everywhere (it was tried in Hefei, Suzhou)."
    ]
    assert told(tried(), wider) == [f"{title} is tried in Hefei, Suzhou, Wuhan instead of Hefei, Suzhou."]
    assert told(tried(), asked) == [
        f"What the pilot of {title} is to teach us: “Why?”.",
        f"The pilot of {title} is compared with Wuhan instead of the other cities of the same size.",
    ]
    assert [each.only_words for each in differences(tried(), asked)] == [True, True]
    assert not any(each.only_words for each in differences(tried(), wider))


def test_another_city_decides_differently_and_another_question_does_not() -> None:
    code = "check_in_points"
    asked = tried(Pilot(("Suzhou", "Hefei"), Text("Why?", "为什么？")))

    assert decides_differently(code, tried(), tried(Pilot(("Hefei",), QUESTION)))
    assert not decides_differently(code, tried(), asked)
