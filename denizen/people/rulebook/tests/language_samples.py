"""Kinds, facts and random trees the tests of the rule language share."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from denizen.kit.schema import Field, Shape
from denizen.people.rulebook.rules import Attributes, Facts, Inputs, MomentParts, Scope, moment_us
from denizen.people.rulebook.rules.expressions import (
    Attribute,
    Binary,
    Bool,
    Call,
    Choice,
    Entry,
    Expr,
    Has,
    Int,
    Listing,
    Lookup,
    Moment,
    Str,
    Table,
    Unary,
)

STEADY = settings(
    derandomize=True, database=None, deadline=None, max_examples=300, suppress_health_check=list(HealthCheck)
)
"""The same examples every time, so that a red run stays red."""

ORDER = Shape(
    "order",
    1,
    (
        Field("cents", "int", maximum=1_000_000),
        Field("balance", "int", minimum=-5_000, maximum=5_000),
        Field("bonus", "int", required=False, maximum=1_000),
        Field("gift", "bool"),
        Field("rushed", "bool", required=False),
        Field("model", "token", choices=("sedan", "coupe", "van")),
        Field("note", "token", required=False),
        Field("friend", "resident", required=False),
        Field("placed_at", "moment"),
        Field("due_on", "day"),
    ),
)
REFUND = Shape("refund", 1, (Field("cents", "int"),), reverses="order")
CHECK_IN = Shape("check_in", 1, (Field("streak", "int", minimum=1, maximum=10_000),))
PROFILE = Shape("profile_item", 1, (Field("item", "token"), Field("length", "int", maximum=5_000)))
SHAPES = {shape.kind: shape for shape in (ORDER, REFUND, CHECK_IN, PROFILE)}

TABLES = {"rates": {"sedan": 3, "coupe": -7, "van": 12}, "steps": {"a": 0, "b": 40}}
SCOPE = Scope(ORDER, TABLES)

WORDS = ("sedan", "coupe", "van", "a", "b", "owner", "fan", "张三", "it's", 'say "hi"', "", "in", "true")
_INTS = ("cents", "balance", "bonus")
_BOOLS = ("gift", "rushed")
_STRINGS = ("note", "friend", "placed_at", "due_on")
_PEOPLE = st.sampled_from(["resident", "beneficiary"])


def us(*parts: int) -> int:
    """A UTC moment as the language counts it."""
    return moment_us(datetime(*parts, tzinfo=UTC))  # type: ignore[misc, arg-type]


def facts(kind: str = "order", occurred_us: int = us(2026, 3, 10, 12), **given: Any) -> Facts:
    """An entry of Ada's (resident 1)."""
    return Facts(kind, occurred_us, given.pop("payload", {}), given.pop("resident_id", 1), **given)


@cache
def ints(depth: int, portable: bool) -> st.SearchStrategy[Expr]:
    leaves = [
        st.integers(-1_000, 1_000).map(Int),
        st.sampled_from(_INTS).map(Entry),
        st.builds(Attribute, _PEOPLE, st.sampled_from(["contribution", "special"])),
        st.sampled_from(["weekday", "hour", "day", "month", "year"]).map(Moment),
    ]
    if depth == 0:
        return st.one_of(leaves)
    inner, literal = ints(depth - 1, portable), st.integers(-30, 30).filter(bool).map(Int)
    grown = [
        st.builds(Binary, st.sampled_from("+-*"), inner, inner),
        st.builds(Binary, st.sampled_from("/%"), inner, literal),
        st.builds(Unary, st.just("-"), inner),
        st.builds(Choice, bools(depth - 1, portable), inner, inner),
        st.builds(Lookup, st.sampled_from(list(TABLES)), strings(depth - 1, portable).filter(_is_known_key)),
    ]
    if not portable:
        rounding = st.sampled_from(["floor", "ceil", "round_half_up", "round_half_even"])
        grown += [
            st.builds(lambda name, *args: Call(name, args), st.sampled_from(["min", "max"]), inner, inner),
            st.builds(lambda name, value: Call(name, (value,)), rounding, ratios(depth - 1)),
        ]
    return st.one_of(*leaves, *grown)


@cache
def ratios(depth: int) -> st.SearchStrategy[Expr]:
    numerator = ints(max(depth - 1, 0), False)
    simple = st.builds(lambda a, b: Call("ratio", (a, Int(b))), numerator, st.integers(-9, 9).filter(bool))
    if depth == 0:
        return simple
    inner = st.one_of(simple, ratios(depth - 1), numerator)
    return st.one_of(
        simple,
        st.builds(Binary, st.sampled_from("+-*"), ratios(depth - 1), inner),
        st.builds(Unary, st.just("-"), ratios(depth - 1)),
        st.builds(Choice, bools(0, False), ratios(depth - 1), inner),
        st.builds(lambda name, *args: Call(name, args), st.sampled_from(["min", "max"]), ratios(depth - 1), inner),
    )


@cache
def strings(depth: int, portable: bool) -> st.SearchStrategy[Expr]:
    leaves = [
        st.sampled_from([word for word in WORDS if not ("'" in word and '"' in word)]).map(Str),
        st.sampled_from(_STRINGS).map(Entry),
        st.builds(Attribute, _PEOPLE, st.just("grade")),
    ]
    if depth == 0:
        return st.one_of(leaves)
    inner = strings(depth - 1, portable)
    return st.one_of(*leaves, st.builds(Choice, bools(depth - 1, portable), inner, inner))


@cache
def bools(depth: int, portable: bool) -> st.SearchStrategy[Expr]:
    leaves = [
        st.booleans().map(Bool),
        st.sampled_from(_BOOLS).map(Entry),
        st.sampled_from([*_INTS, *_BOOLS, *_STRINGS]).map(Has),
        st.builds(Attribute, _PEOPLE, st.just("invited")),
        st.builds(Binary, st.sampled_from(["==", "!="]), st.just(Entry("model")), st.just(Str("van"))),
    ]
    if depth == 0:
        return st.one_of(leaves)
    inner, number, word = bools(depth - 1, portable), ints(depth - 1, portable), strings(depth - 1, portable)
    words = st.lists(st.sampled_from(WORDS).map(Str), min_size=1, max_size=3).map(tuple).map(Listing)
    numbers = st.lists(st.integers(-9, 9).map(Int), min_size=1, max_size=3).map(tuple).map(Listing)
    levels = st.builds(Attribute, _PEOPLE, st.just("levels"))
    tables = st.sampled_from(list(TABLES)).map(Table)
    if not portable:
        number = st.one_of(number, ratios(depth - 1))
    return st.one_of(
        *leaves,
        st.builds(Unary, st.just("!"), inner),
        st.builds(Binary, st.sampled_from(["&&", "||", "==", "!="]), inner, inner),
        st.builds(Binary, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), number, number),
        st.builds(Binary, st.sampled_from(["==", "!="]), word, word),
        st.builds(Binary, st.just("in"), word, st.one_of(words, levels, tables)),
        st.builds(Binary, st.just("in"), ints(depth - 1, portable), numbers),
        st.builds(Choice, inner, inner, inner),
    )


def _is_known_key(key: Expr) -> bool:
    return not isinstance(key, Str) or key.value in ("sedan", "b")


_word = st.sampled_from(WORDS)
people = st.builds(
    Attributes,
    grade=_word,
    contribution=st.integers(0, 10**12),
    special=st.integers(0, 10**12),
    levels=st.lists(_word, max_size=2).map(tuple),
    invited=st.booleans(),
)
payloads = st.fixed_dictionaries(
    {
        "cents": st.integers(0, 1_000_000),
        "balance": st.integers(-5_000, 5_000),
        "gift": st.booleans(),
        "model": st.sampled_from(["sedan", "coupe", "van"]),
        "placed_at": _word,
        "due_on": _word,
    },
    optional={"bonus": st.integers(0, 1_000), "rushed": st.booleans(), "note": _word, "friend": st.none() | _word},
)
moments = st.builds(
    MomentParts, st.integers(1, 7), st.integers(0, 23), st.integers(1, 31), st.integers(1, 12), st.integers(1, 9999)
)
inputs = st.builds(Inputs, payloads, people, people, moments, st.just(TABLES))
