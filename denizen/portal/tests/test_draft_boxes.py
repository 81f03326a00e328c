"""Boxes of the rule page hold every condition and amount: what is read from them is the very same tree."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.identity.constants import Grade
from denizen.people.rulebook.queries.language import (
    Clause,
    Condition,
    DecisionTable,
    Described,
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
    parse,
)
from denizen.portal.desk.drafts.boxes import (
    AmountBox,
    ConditionBox,
    amount_box,
    comparisons_for,
    condition_box,
    posted_amount,
    posted_condition,
)
from denizen.portal.desk.drafts.offers import Speech
from denizen.portal.desk.drafts.reading import read_amount, read_condition

STEADY = settings(
    derandomize=True, database=None, deadline=None, max_examples=300, suppress_health_check=list(HealthCheck)
)
TABLES = {"acts": {"idea": 2}, "steps": {"a": 1}}
VOCABULARIES = [
    Vocabulary(SHAPES[kind], TABLES, grades=tuple(Grade), levels=("energy_plan",), one_person=alone)
    for kind in ("commented", "loaner_declined", "liked", "map_correction_verified", "vehicle_delivered")
    for alone in (True, False)
]
WORDS = st.sampled_from(["a", "a, b", " a", "", "it's", 'say "hi"', "张三", "，", "owner", "nobody knows"])


@st.composite
def clauses(draw: Any, vocabulary: Vocabulary) -> Clause:
    about: Described = draw(st.sampled_from(vocabulary.subjects()))
    how = draw(st.sampled_from(comparisons_for(about)))
    return Clause(about.subject, how, draw(values(about, how)))


def values(about: Described, how: str) -> st.SearchStrategy[tuple[Any, ...]]:
    if how in ("yes", "no", "stated", "not_stated"):
        return st.just(())
    if how in ("in_table", "not_in_table"):
        return st.sampled_from([("acts",), ("steps",), ("gone",)])
    one: st.SearchStrategy[Any] = st.integers(-3, 40) if about.type == "int" else WORDS
    if about.choices:
        one = st.sampled_from([*about.choices, "unknown"])
    if how in ("one_of", "none_of"):
        return st.lists(one, min_size=1, max_size=4).map(tuple)
    return one.map(lambda value: (value,))


@st.composite
def conditions(draw: Any, vocabulary: Vocabulary) -> Condition:
    hand = st.sampled_from(["resident.contribution == beneficiary.special", "(true ? false : true)"])
    part = st.one_of(clauses(vocabulary), hand.map(parse).map(Written))
    parts = tuple(draw(st.lists(part, max_size=4)))
    return Condition(draw(st.sampled_from(["all", "any"])) if len(parts) > 1 else "all", parts)


@st.composite
def amounts(draw: Any, vocabulary: Vocabulary) -> Any:
    numbers = [each.subject for each in vocabulary.subjects() if each.type == "int"]
    subject = draw(st.sampled_from([*numbers, Subject("entry", "gone")]))
    rows = st.lists(st.builds(Row, conditions(vocabulary), st.integers(0, 99)), min_size=1, max_size=3).map(tuple)
    rounding = st.sampled_from(["floor", "ceil", "round_half_up", "round_half_even"])
    most = st.none() | st.integers(0, 99)
    return draw(
        st.one_of(
            st.integers(0, 10**9).map(Fixed),
            st.builds(lambda points, most: PerUnit(subject, points, most=most), st.integers(0, 9), most),
            st.builds(
                lambda points, per, rounding, rounds, most: PerUnit(subject, points, per, rounding, rounds, most),
                st.integers(2, 9), st.integers(2, 99), rounding, st.sampled_from(["units", "amount"]), most,
            ),
            st.sampled_from([("acts", "grade"), ("gone", "grade")]).map(
                lambda pair: TableAmount(pair[0], Subject("resident", pair[1]))
            ),
            st.builds(lambda rows, rest: DecisionTable("first", rows, rest), rows, st.integers(0, 9)),
            st.builds(lambda how, rows: DecisionTable(how, rows), st.sampled_from(["collect", "max"]), rows),
            st.just(Written(parse("entry.gone - 1"))),
        )
    )  # fmt: skip


def sent_condition(box: ConditionBox, sent: QueryDict, speech: Speech) -> None:
    """Put the boxes into what a browser would send; the offers are asked, as the page does."""
    sent[f"{box.prefix}-joined"] = box.joined
    for number, clause in enumerate(box.clauses):
        speech.clause(clause)
        name = f"{box.prefix}-{number}"
        sent[f"{name}-subject"], sent[f"{name}-comparison"] = clause.subject, clause.comparison
        sent.setlist(f"{name}-value", clause.values)
        sent[f"{name}-text"] = clause.text


@STEADY
@given(st.data())
def test_a_condition_survives_its_boxes(data: st.DataObject) -> None:
    vocabulary = data.draw(st.sampled_from(VOCABULARIES))
    condition = data.draw(conditions(vocabulary))
    tree = condition_tree(condition)
    sent = QueryDict(mutable=True)

    sent_condition(condition_box(condition_of(tree), "when", vocabulary), sent, Speech(vocabulary))
    read = read_condition(posted_condition(sent, "when"), vocabulary)

    assert condition_tree(read) == tree


@STEADY
@given(st.data())
def test_an_amount_survives_its_boxes(data: st.DataObject) -> None:
    vocabulary = data.draw(st.sampled_from(VOCABULARIES))
    tree = amount_tree(data.draw(amounts(vocabulary)))
    box, sent = amount_box(amount_of(tree), vocabulary), QueryDict(mutable=True)
    for name in AmountBox.__slots__:
        if name not in ("rows", "errors"):
            sent[f"amount-{name}"] = getattr(box, name)
    for number, row in enumerate(box.rows):
        sent[f"row-{number}-pays"] = row.pays
        sent_condition(row.condition, sent, Speech(vocabulary))

    read = read_amount(posted_amount(sent), vocabulary)

    assert amount_tree(read) == tree
