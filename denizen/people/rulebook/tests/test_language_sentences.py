"""Form and tree: whatever is edited as a sentence is the same rule as text, as YAML, and read back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denizen.people.rulebook.rules import (
    Book,
    Budget,
    Rule,
    Text,
    UnableToLoadBook,
    check_book,
    digest_of,
    dump_book,
    load_book,
    parse,
)
from denizen.people.rulebook.rules.expressions import Bool, Call, Expr, Int
from denizen.people.rulebook.rules.interpreter import interpret
from denizen.people.rulebook.rules.sentences import (
    POLICIES,
    Amount,
    Clause,
    Condition,
    DecisionTable,
    Fixed,
    PerUnit,
    Row,
    Subject,
    TableAmount,
    Vocabulary,
    Written,
    amount_of,
    amount_tree,
    condition_of,
    condition_tree,
    spoken_amount,
    spoken_condition,
)

from .language_samples import ORDER, SHAPES, STEADY, TABLES, bools, inputs, ints

VOCABULARY = Vocabulary(ORDER, TABLES, grades=("fan", "owner"))
UNIT = Text("points", "积分")
_WHO = st.sampled_from(["resident", "beneficiary"])
_NUMBERS = st.one_of(
    st.sampled_from(["cents", "balance", "bonus"]).map(lambda name: Subject("entry", name)),
    st.builds(Subject, _WHO, st.sampled_from(["contribution", "special"])),
    st.sampled_from(["weekday", "hour", "year"]).map(lambda part: Subject("moment", part)),
)
_WORDS = st.one_of(
    st.sampled_from(["note", "due_on"]).map(lambda name: Subject("entry", name)),
    st.builds(Subject, _WHO, st.just("grade")),
)
_WORD = st.sampled_from(["fan", "owner", "a, b", "it's", 'say "hi"', "张三", ""])
_INT = st.integers(-1_000, 1_000)
_clauses = st.one_of(
    st.builds(
        lambda subject, how, value: Clause(subject, how, (value,)),
        _NUMBERS,
        st.sampled_from(["is", "is_not", "less", "at_most", "more", "at_least"]),
        _INT,
    ),
    st.builds(
        lambda subject, how, value: Clause(subject, how, (value,)), _WORDS, st.sampled_from(["is", "is_not"]), _WORD
    ),
    st.builds(
        lambda subject, how, values: Clause(subject, how, tuple(values)),
        _NUMBERS, st.sampled_from(["one_of", "none_of"]), st.lists(_INT, min_size=1, max_size=3),
    ),
    st.builds(
        lambda subject, how, values: Clause(subject, how, tuple(values)),
        _WORDS, st.sampled_from(["one_of", "none_of"]), st.lists(_WORD, min_size=1, max_size=3),
    ),
    st.builds(
        lambda subject, how, table: Clause(subject, how, (table,)),
        _WORDS, st.sampled_from(["in_table", "not_in_table"]), st.sampled_from(list(TABLES)),
    ),
    st.builds(
        Clause, st.sampled_from([Subject("entry", "gift"), Subject("resident", "invited")]),
        st.sampled_from(["yes", "no"]),
    ),
    st.builds(
        Clause, st.sampled_from(["note", "bonus", "rushed"]).map(lambda name: Subject("entry", name)),
        st.sampled_from(["stated", "not_stated"]),
    ),
    st.builds(
        lambda who, how, level: Clause(Subject(who, "levels"), how, (level,)),
        _WHO, st.sampled_from(["holds", "holds_not"]), _WORD,
    ),
)  # fmt: skip
_HAND = st.sampled_from(["entry.cents == entry.balance", "(entry.gift ? true : false)"]).map(parse).map(Written)
conditions = st.one_of(
    st.just(Condition()),
    _clauses.map(lambda clause: Condition("all", (clause,))),
    st.builds(
        lambda joined, parts: Condition(joined, tuple(parts)),
        st.sampled_from(["all", "any"]), st.lists(st.one_of(_clauses, _HAND), min_size=2, max_size=4),
    ),
)  # fmt: skip
_ROUNDING = st.sampled_from(["floor", "ceil", "round_half_up", "round_half_even"])
_MOST = st.none() | st.integers(0, 10_000)
_per_units = st.one_of(
    st.builds(lambda subject, points, most: PerUnit(subject, points, most=most), _NUMBERS, st.integers(0, 50), _MOST),
    st.builds(
        lambda subject, points, per, rounding, most: PerUnit(subject, points, per, rounding, "units", most),
        _NUMBERS, st.integers(0, 50), st.integers(2, 500), _ROUNDING, _MOST,
    ),
    st.builds(
        lambda subject, points, per, rounding, most: PerUnit(subject, points, per, rounding, "amount", most),
        _NUMBERS, st.integers(2, 50), st.integers(2, 500), _ROUNDING, _MOST,
    ),
)  # fmt: skip
_rows = st.lists(st.builds(Row, conditions, st.integers(0, 10_000)), min_size=1, max_size=4).map(tuple)
_tables = st.one_of(
    st.builds(lambda rows, otherwise: DecisionTable("first", rows, otherwise), _rows, st.integers(0, 100)),
    st.builds(lambda policy, rows: DecisionTable(policy, rows), st.sampled_from(["collect", "max"]), _rows),
)
amounts = st.one_of(
    st.integers(0, 10_000).map(Fixed), _per_units, _tables,
    st.builds(TableAmount, st.sampled_from(list(TABLES)), _WORDS),
)  # fmt: skip


def book_of(when: Expr, amount: Expr) -> Book:
    words = Text("Words", "文字")
    rule = Rule(
        code="sample", title=words, kind="order", asset="points", system="community", budget="basic", when=when,
        amount=amount, behaviour=words, incentive=words, feedback=words, complaint_path=words, guideline="Fair",
    )  # fmt: skip
    return Book(
        code="sample", title=words, time_zone="UTC", tables=TABLES, budgets=(Budget("basic", words, words),),
        rules=(rule,),
    )  # fmt: skip


@STEADY
@given(conditions, amounts)
def test_a_form_is_the_same_after_tree_text_and_yaml(condition: Condition, amount: Amount) -> None:
    when, paid = condition_tree(condition), amount_tree(amount)
    # Bounded on both sides, so that the book is sound whatever the amount can reach; the bare amount is compared too.
    book = book_of(when, Call("max", (Int(0), Call("min", (paid, Int(1_000_000))))))
    if check_book(book, SHAPES):
        book = book_of(when, Int(1))

    read = load_book(dump_book(book), SHAPES)

    assert read == book
    assert condition_of(read.rules[0].when) == condition
    assert amount_of(paid) == amount
    assert dump_book(read) == dump_book(book)


def test_random_books_written_in_forms_come_back_from_yaml() -> None:
    sound: list[Book] = []

    @STEADY
    @given(conditions, amounts)
    def round_trip(condition: Condition, amount: Amount) -> None:
        book = book_of(condition_tree(condition), amount_tree(amount))
        if check_book(book, SHAPES):
            return
        read = load_book(dump_book(book), SHAPES).rules[0]
        assert condition_of(read.when) == condition
        assert amount_of(read.amount) == amount
        assert condition_tree(condition_of(read.when)) == read.when
        assert amount_tree(amount_of(read.amount)) == read.amount
        sound.append(book)

    round_trip()
    assert len(sound) > 100


@STEADY
@given(bools(3, False), ints(3, False))
def test_any_tree_written_by_hand_is_kept(condition: Expr, amount: Expr) -> None:
    assert condition_tree(condition_of(condition)) == condition
    assert amount_tree(amount_of(amount)) == amount


@STEADY
@given(conditions, amounts)
def test_every_form_is_said_in_both_languages(condition: Condition, amount: Amount) -> None:
    said = spoken_condition(condition, VOCABULARY)

    assert bool(said.en) == bool(said.zh) == bool(condition.clauses)
    assert spoken_amount(amount, VOCABULARY, UNIT).en
    assert spoken_amount(amount, VOCABULARY, UNIT).zh


@STEADY
@given(st.sampled_from(POLICIES), _rows, st.integers(0, 100), inputs)
def test_hit_policies_pay_what_a_plain_reading_of_the_rows_pays(
    policy: Any, rows: tuple[Row, ...], otherwise: int, given_inputs: Any
) -> None:
    table = DecisionTable(policy, rows, otherwise if policy == "first" else 0)
    answers = [interpret(condition_tree(row.condition), given_inputs) for row in rows]

    paid = interpret(amount_tree(table), given_inputs)

    known = [answer for answer in answers if isinstance(answer, bool)]
    hits = [row.amount for row, answer in zip(rows, answers, strict=True) if answer is True]
    if policy == "first":
        reached = next((place for place, answer in enumerate(answers) if answer is not False), None)
        wanted = (
            otherwise if reached is None else rows[reached].amount if answers[reached] is True else answers[reached]
        )
        assert paid == wanted
    elif len(known) < len(answers):
        assert paid == next(answer for answer in answers if not isinstance(answer, bool))
    else:
        assert paid == (sum(hits) if policy == "collect" else max(hits, default=0))


def test_a_condition_no_form_can_hold_stays_beside_those_it_can() -> None:
    found = condition_of(parse('entry.cents == entry.balance && resident.grade == "fan"'))

    assert isinstance(found.clauses[0], Written)
    assert found.clauses[1] == Clause(Subject("resident", "grade"), "is", ("fan",))
    assert condition_of(Bool(True)) == Condition()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("7", Fixed(7)),
        ("3 * entry.cents", PerUnit(Subject("entry", "cents"), 3)),
        ("min(floor(ratio(entry.cents, 100)), 50)", PerUnit(Subject("entry", "cents"), 1, 100, "floor", "units", 50)),
        ("5 * ceil(ratio(entry.cents, 100))", PerUnit(Subject("entry", "cents"), 5, 100, "ceil")),
        (
            "round_half_up(ratio(5 * entry.cents, 100))",
            PerUnit(Subject("entry", "cents"), 5, 100, "round_half_up", "amount"),
        ),
        ("tables.rates[entry.model]", TableAmount("rates", Subject("entry", "model"))),
    ],
)
def test_an_amount_is_read_as_its_form(text: str, form: Amount) -> None:
    assert amount_of(parse(text)) == form
    assert amount_tree(form) == parse(text)


@pytest.mark.parametrize(
    "text", ["entry.cents * 3", "1 * entry.cents", "entry.gift ? entry.cents : 0", "max(1, 2)", "1 + 2",
             "(entry.gift ? 1 : 2) + (entry.gift ? 1 : 0)", "entry.cents - 1"],
)  # fmt: skip
def test_an_amount_of_another_shape_stays_by_hand(text: str) -> None:
    assert amount_of(parse(text)) == Written(parse(text))


def test_books_without_guidelines_and_values_keep_their_digest() -> None:
    """Fields that are absent are not written, so a book from before them is the very same book."""
    book = book_of(Bool(True), Int(1))

    assert not {"guidelines", "values", "value", "clauses"} & set(dump_book(book).replace(":", " ").split())
    assert digest_of(book) == "0281951a815652cd0209a26a97a49b37f78e5ad8c4215ad9c520f9b87d540551"


def test_a_book_that_states_its_guidelines_and_values_demands_that_rules_name_them() -> None:
    text = dump_book(book_of(Bool(True), Int(1)))
    stated = (
        text.replace("guideline: Fair", "guideline: fare\n  value: kind\n  clauses: [joyful_life, fun, joyful_life]")
        + "guidelines:\n- code: fair\n  title: {en: Fair, zh: 公平}\n  text: {en: Fair, zh: 公平}\n"
        + "values:\n- code: care\n  title: {en: Care, zh: 关爱}\n  text: {en: Care, zh: ' '}\n  examples: []\n"
    )

    with pytest.raises(UnableToLoadBook) as refusal:
        load_book(stated, SHAPES)

    found = refusal.value.problems
    codes = {(problem.item, problem.place, problem.code) for problem in found}
    assert codes == {
        ("rule sample", "guideline", "guideline_unknown"),
        ("rule sample", "value", "value_unknown"),
        ("rule sample", "clauses", "choice_wrong"),
        ("rule sample", "clauses", "code_twice"),
        ("value care", "text.zh", "text_empty"),
        ("value care", "examples", "number_range"),
    }
    assert all(problem.file_line for problem in found)
