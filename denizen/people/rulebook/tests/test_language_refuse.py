"""The language refuses loudly: hostile text, unknown names, wrong types, numbers that could overflow."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denizen.people.rulebook.rules import Problem, Scope, UnableToReadExpression, check, parse, to_text
from denizen.people.rulebook.rules.expressions import Entry, Expr, Str, Unary
from denizen.people.rulebook.rules.messages import MESSAGES

from .language_samples import ORDER, SCOPE, STEADY


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "ended_early", 1, 1),
        ("1 +", "ended_early", 1, 4),
        ("(1", "ended_early", 1, 3),
        ("1)", "token_unexpected", 1, 2),
        ("1 2", "token_unexpected", 1, 3),
        ("true &&\n  ]", "token_unexpected", 2, 3),
        ("true &&\r\n\n  ]", "token_unexpected", 3, 3),
        ("\t1 & 2", "character_unknown", 1, 4),
        ("1 = 2", "character_unknown", 1, 3),
        ("entry.cents\x00", "character_unknown", 1, 12),
        ("еntry.cents", "character_unknown", 1, 1),  # a Cyrillic letter
        ("1 ＋ 2", "character_unknown", 1, 3),
        ("１", "character_unknown", 1, 1),
        ("entry\u00a0.cents", "character_unknown", 1, 6),
        ("\\", "character_unknown", 1, 1),
        ('"a\\n"', "string_escape", 1, 1),
        ('"a\x00"', "string_control", 1, 1),
        ('"a\u202eb"', "string_control", 1, 1),
        ('"abc', "string_open", 1, 1),
        ('1 == "ab\nc"', "string_open", 1, 6),
        ('"""abc"""', "token_unexpected", 1, 3),
        ('"' + "x" * 121 + '"', "string_too_long", 1, 1),
        ("r'abc'", "name_unknown", 1, 1),
        ("1.5", "number_float", 1, 1),
        ("1 + 1e9", "number_shape", 1, 5),
        ("0x10", "number_shape", 1, 1),
        ("1u", "number_shape", 1, 1),
        ("1_000", "number_shape", 1, 1),
        ("007", "number_shape", 1, 1),
        ("9223372036854775808", "number_too_large", 1, 1),
        ("9" * 1_900, "number_too_large", 1, 1),
        ("1" * 10_000_000, "text_too_long", 1, 1),
        ("(" * 900 + "1" + ")" * 900, "too_deep", 1, 49),
        ("!" * 1_000 + "true", "too_deep", 1, 49),
        ("-" * 1_000 + "1", "too_deep", 1, 49),
        ("min(1, " * 200 + "1" + ")" * 200, "too_deep", 1, 334),
        ("true ? 1 : " * 100 + "1", "too_deep", 1, 529),
        ("+".join("1" * 150), "too_many_nodes", 1, 298),
        ("1" + "+1" * 16, "too_deep", 1, 32),
        ("__class__", "name_unknown", 1, 1),
        ("entry.__class__.__mro__", "token_unexpected", 1, 16),
        ("entry.cents.real", "token_unexpected", 1, 12),
        ("entry['cents']", "token_unexpected", 1, 6),
        ("().__class__", "token_unexpected", 1, 2),
        ("entry", "ended_early", 1, 6),
        ("entry.true", "token_unexpected", 1, 7),
        ("entry.5", "token_unexpected", 1, 7),
        ("null", "name_unknown", 1, 1),
        ("in", "token_unexpected", 1, 1),
        ("lambda: 1", "name_unknown", 1, 1),
        ("__import__('os')", "function_unknown", 1, 1),
        ("open('x')", "function_unknown", 1, 1),
        ("min(1)", "arguments_count", 1, 1),
        ("floor()", "arguments_count", 1, 1),
        ("ratio(1, 2, 3)", "arguments_count", 1, 1),
        ("has(1)", "has_needs_field", 1, 1),
        ("has(resident.grade)", "has_needs_field", 1, 1),
        ("1 in []", "list_empty", 1, 6),
        ("1 in [entry.cents]", "list_not_constant", 1, 7),
        ("1 in [1,]", "token_unexpected", 1, 9),
        ("x" * 3 + " for x in entry", "name_unknown", 1, 1),
    ],
)
def test_it_refuses_text_outside_the_language_and_says_where(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(UnableToReadExpression) as refusal:
        parse(text)

    (problem,) = refusal.value.problems
    assert (problem.code, problem.line, problem.column) == (code, line, column)


@pytest.mark.parametrize(
    ("text", "wanted", "code", "column"),
    [
        ("entry.cent", "int", "field_unknown", 1),
        ("has(entry.cent)", "bool", "field_unknown", 1),
        ("resident.name", "string", "attribute_unknown", 1),
        ("resident.__class__", "string", "attribute_unknown", 1),
        ("moment.minute", "int", "moment_unknown", 1),
        ("tables.nowhere['a']", "int", "table_unknown", 1),
        ("tables.rates['lorry']", "int", "table_key_unknown", 14),
        ("tables.rates[1]", "int", "type_wrong", 14),
        ("tables.rates", "int", "table_misplaced", 1),
        ("[1] == 1", "bool", "list_misplaced", 1),
        ("1 in 2", "bool", "in_needs_list", 6),
        ("1 in [1, true]", "bool", "list_mixed", 6),
        ("1 in ['a']", "bool", "types_differ", 3),
        ("1 in tables.rates", "bool", "types_differ", 3),
        ("1 in resident.levels", "bool", "types_differ", 3),
        ("'a' in resident.grade", "bool", "type_wrong", 8),
        ("resident.levels == 1", "bool", "type_wrong", 1),
        ("1 == true", "bool", "types_differ", 3),
        ("1 + true", "int", "type_wrong", 5),
        ("'a' + 1", "int", "type_wrong", 1),
        ("entry.placed_at < 1", "bool", "type_wrong", 1),
        ("1 < 2 < 3", "bool", "type_wrong", 3),
        ("!1", "bool", "type_wrong", 2),
        ("-true", "int", "type_wrong", 2),
        ("1 && true", "bool", "type_wrong", 1),
        ("1 ? 2 : 3", "int", "type_wrong", 1),
        ("true ? 2 : 'a'", "int", "types_differ", 6),
        ("entry.cents", "bool", "result_wrong", 1),
        ("true", "int", "result_wrong", 1),
        ("1 / 0", "int", "divisor_zero", 5),
        ("1 % 0", "int", "divisor_zero", 5),
        ("1 / entry.cents", "int", "divisor_not_literal", 5),
        ("ratio(1, 0)", "int", "divisor_zero", 10),
        ("ratio(1, entry.cents)", "int", "divisor_not_literal", 10),
        ("ratio(ratio(1, 2), 3)", "int", "type_wrong", 7),
        ("ratio(1, 2) / 2", "int", "type_wrong", 1),
        ("ratio(entry.cents, 100)", "int", "ratio_not_rounded", 1),
        ("floor(ratio(1, 9223372036854775807) + ratio(1, 3))", "int", "ratio_too_fine", 37),
        ("entry.model == 'sedann'", "bool", "choice_unknown", 16),
        ("'sedann' != entry.model", "bool", "choice_unknown", 1),
        ("entry.model in ['van', 'sedann']", "bool", "choice_unknown", 24),
        ("resident.contribution * resident.contribution", "int", "overflow", 23),
        ("9223372036854775807 + 1", "int", "overflow", 21),
        ("-9223372036854775807 - 2", "int", "overflow", 22),
        ("9223372036854775807 - entry.balance", "int", "overflow", 21),
        ("floor(ratio(9223372036854775807, 2) * 3)", "int", "overflow", 37),
        ("resident.special * 9223373", "int", "overflow", 18),
    ],
)
def test_it_refuses_an_expression_without_sound_meaning(text: str, wanted: str, code: str, column: int) -> None:
    verdict = check(parse(text), SCOPE, wanted)

    assert [(problem.code, problem.line, problem.column) for problem in verdict.problems] == [(code, 1, column)]


@pytest.mark.parametrize(
    "text", ["resident.special * 9223372", "9223372036854775806 + 1", "-9223372036854775807 - 1", "entry.cents * 1000"]
)
def test_it_accepts_numbers_that_just_fit(text: str) -> None:
    assert check(parse(text), SCOPE, "int").problems == ()


_WORDS = "entry. resident. tables. cents gift rates has min ratio floor in true && || == <= ? : ( ) [ ] , + - ! / % 1 9"
_words = st.sampled_from([*_WORDS.split(), "'a'", '"', " "])


def reading_of(text: str) -> Expr | Problem:
    """The tree of a text, or the problem it is refused with."""
    try:
        return parse(text)
    except UnableToReadExpression as refusal:
        return refusal.problems[0]


@STEADY
@given(st.lists(_words | st.characters(), max_size=40).map("".join))
def test_any_text_is_read_back_or_refused_with_a_place(text: str) -> None:
    reading = reading_of(text)

    if isinstance(reading, Problem):
        assert reading.at is not None
        assert 1 <= reading.at.line <= text.count("\n") + 1
        assert reading.message("en") != reading.message("zh")
    else:
        assert parse(to_text(reading)) == reading
        assert all(problem.message("zh") for problem in check(reading, SCOPE, "int").problems)


def test_every_fault_of_an_expression_is_told_once() -> None:
    verdict = check(parse("entry.nope + 1 > resident.nope && moment.nope == 2"), SCOPE, "bool")

    assert [problem.code for problem in verdict.problems] == ["field_unknown", "attribute_unknown", "moment_unknown"]


def test_a_place_without_an_entry_knows_no_entry() -> None:
    bare = Scope(people=("beneficiary",), moment=False)

    codes = [check(parse(text), bare, "bool").problems[0].code for text in ("entry.gift", "resident.invited")]

    assert codes == ["place_not_allowed", "place_not_allowed"]
    assert check(parse("moment.day == 1"), bare, "bool").problems[0].code == "place_not_allowed"
    assert check(parse("beneficiary.invited"), bare, "bool").problems == ()


def test_trees_built_by_hand_meet_the_same_limits() -> None:
    deep = Entry("gift")
    for _ in range(5_000):
        deep = Unary("!", deep)

    assert [problem.code for problem in check(deep, SCOPE, "bool").problems] == ["too_many_nodes"]
    assert [problem.code for problem in check(Str("a\\b"), SCOPE, "string").problems] == ["string_escape"]
    assert [problem.code for problem in check(Str("x" * 121), SCOPE, "string").problems] == ["string_too_long"]


def test_every_message_exists_in_both_languages_with_the_same_values() -> None:
    for code, (english, chinese) in MESSAGES.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)]

        assert names[0] == names[1], code
        assert re.search(r"[\u4e00-\u9fff]", chinese), code
        assert english.isascii() or "…" in english, code


def test_a_problem_speaks_both_languages() -> None:
    (problem,) = check(parse("1 +\n entry.cent"), Scope(ORDER), "int").problems

    assert problem.message("en").startswith("Replace cent: order has only the fields cents,")
    assert problem.message("zh-hans").startswith("请替换 cent：order 只有以下字段：cents,")
    assert str(problem).startswith("expression 2:2: Replace cent")
