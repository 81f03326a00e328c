"""Expressions mean one thing: read back from text, interpreted, compiled, and judged by an independent CEL engine."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from cel_expr_python import cel
from hypothesis import assume, given
from hypothesis import strategies as st

from denizen.people.rulebook.rules import (
    Absent,
    Attributes,
    Inputs,
    MomentParts,
    UnableToReadExpression,
    check,
    compile_expression,
    interpret,
    parse,
    to_text,
)
from denizen.people.rulebook.rules.expressions import Expr

from .language_samples import SCOPE, STEADY, TABLES, bools, inputs, ints, strings

WANTED = {"int": ints, "bool": bools, "string": strings}

_ROW = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
_TABLES = cel.Type.Map(cel.Type.STRING, cel.Type.Map(cel.Type.STRING, cel.Type.INT))
_NAMES = {"entry": _ROW, "resident": _ROW, "beneficiary": _ROW, "moment": _ROW, "tables": _TABLES}
ORACLE = cel.NewEnv(variables=_NAMES)


def sound(expression: Expr, wanted: str) -> bool:
    return not check(expression, SCOPE, wanted).problems


def row(attributes: Attributes) -> dict[str, Any]:
    values = {name: getattr(attributes, name) for name in Attributes.__slots__}
    return values | {"levels": list(attributes.levels)}


def judged(text: str, given: Inputs) -> Any:
    """What the CEL engine says, or ``Absent`` for any error it reports."""
    data = {
        "entry": {name: value for name, value in given.payload.items() if value is not None},
        "resident": row(given.resident),
        "beneficiary": row(given.beneficiary),
        "moment": given.moment._asdict(),
        "tables": {name: dict(table) for name, table in given.tables.items()},
    }
    answer = ORACLE.compile(text).eval(data=data)
    return Absent("error") if answer.type() == cel.Type.ERROR else answer.plain_value()


@pytest.mark.parametrize("wanted", WANTED)
def test_text_reads_back_as_the_same_tree(wanted: str) -> None:
    @STEADY
    @given(WANTED[wanted](4, False))
    def round_trip(expression: Expr) -> None:
        text = to_text(expression)

        assert parse(text) == expression
        assert to_text(parse(text)) == text

    round_trip()


@pytest.mark.parametrize("wanted", WANTED)
def test_compiled_means_what_interpreted_means(wanted: str) -> None:
    seen = {"value": 0, "absent": 0}

    @STEADY
    @given(WANTED[wanted](3, False), st.lists(inputs, min_size=3, max_size=3))
    def compare(expression: Expr, entries: list[Inputs]) -> None:
        assume(sound(expression, wanted))
        compiled = compile_expression(expression, TABLES)
        for entry in entries:
            meant = interpret(expression, entry)
            found = compiled(entry)

            assert found == meant
            assert type(found) is type(meant) or isinstance(meant, Fraction)
            seen["absent" if isinstance(meant, Absent) else "value"] += 1

    compare()
    assert min(seen.values()) > 50


@pytest.mark.parametrize("wanted", WANTED)
def test_an_independent_engine_agrees_on_every_value(wanted: str) -> None:
    """Ours may be missing where CEL is not (``missing && false``), never the other way round."""
    seen = {"value": 0, "absent": 0}

    @STEADY
    @given(WANTED[wanted](3, True), inputs)
    def compare(expression: Expr, entry: Inputs) -> None:
        assume(sound(expression, wanted))
        meant = interpret(expression, entry)
        if isinstance(meant, Absent):
            seen["absent"] += 1
            return
        judgement = judged(to_text(expression), entry)

        assert judgement == meant
        assert type(judgement) is type(meant)
        seen["value"] += 1

    compare()
    assert seen["value"] > 100


@pytest.mark.parametrize(
    ("shell", "levels"),
    [
        ("1 + ({})", 15),
        ("-({})", 15),
        ("min(({}), 9)", 15),
        ("entry.gift ? 2 : ({})", 15),
        ("round_half_even(ratio(({}), 2))", 7),
        ("ceil(({}) * ratio(1, 2))", 7),
        ("tables.steps[({}) == 1 ? 'a' : 'b']", 5),
    ],
)
def test_the_deepest_expressions_compile_and_read_back(shell: str, levels: int) -> None:
    text = "1"
    for _ in range(levels):
        text = shell.format(text)
    expression = parse(text)

    with pytest.raises(UnableToReadExpression):
        parse(shell.format(shell.format(text)))
    assert parse(to_text(expression)) == expression
    assert compile_expression(expression, TABLES)(FIXED) == interpret(expression, FIXED)


@STEADY
@given(ints(3, False), inputs)
def test_a_checked_number_stays_within_its_proven_bounds(expression: Expr, entry: Inputs) -> None:
    verdict = check(expression, SCOPE, "int")
    assume(not verdict.problems)

    value = interpret(expression, entry)

    assert isinstance(value, Absent) or verdict.bounds.low <= value <= verdict.bounds.high  # type: ignore[operator]


FIXED = Inputs(
    {"cents": 999, "balance": -7, "gift": True, "model": "van", "placed_at": "", "due_on": "", "friend": None},
    Attributes("owner", 10, levels=("a",), invited=True),
    Attributes("fan"),
    MomentParts(7, 23, 31, 12, 2026),
    TABLES,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("entry.balance / 2", -3),
        ("entry.balance % 2", -1),
        ("entry.balance / -2", 3),
        ("7 % -2", 1),
        ("floor(ratio(entry.balance, 2))", -4),
        ("ceil(ratio(entry.balance, 2))", -3),
        ("round_half_up(ratio(entry.balance, 2))", -3),
        ("round_half_even(ratio(entry.balance, 2))", -4),
        ("round_half_up(ratio(5, 2))", 3),
        ("round_half_even(ratio(5, 2))", 2),
        ("round_half_even(ratio(5, -2))", -2),
        ("round_half_up(ratio(entry.cents, 100) * ratio(3, 2) + 1)", 16),
        ("round_half_even(ratio(round_half_even(ratio(5, 2)) + 1, 2))", 2),
        ("ratio(1, 3) + ratio(1, 6) == ratio(1, 2)", True),
        ("ratio(entry.cents, 1000) < 1", True),
        ("floor(max(ratio(1, 2), 3, ratio(7, 2)))", 3),
        ("ratio(1, 2) in [1]", None),
        ("2 + 3 * 4 - 10 / 3", 11),
        ("1 - 2 - 3", -4),
        ("1 - (2 - 3)", 2),
        ("- 5 - -5", 0),
        ("true || false && false", True),
        ("1 < 2 == true", True),
        ("false ? 1 : true ? 2 : 3", 2),
        ("!entry.gift || resident.invited", True),
        ('resident.grade == "owner" && beneficiary.grade != "owner"', True),
        ('"a" in resident.levels && !("a" in beneficiary.levels)', True),
        ("entry.model in ['van', 'sedan']", True),
        ('tables.rates[entry.model] + tables.rates["coupe"]', 5),
        ('"zz" in tables.rates', False),
        ("moment.weekday == 7 && moment.hour == 23 && moment.day == 31 && moment.month == 12", True),
        ("max(0, min(entry.cents, 500) - 100)", 400),
        ("has(entry.bonus) ? entry.bonus : 3", 3),
        ("has(entry.friend)", False),
    ],
)
def test_an_expression_has_its_value(text: str, value: object) -> None:
    expression = parse(text)
    if value is None:
        assert check(expression, SCOPE, "bool").problems
        return

    assert check(expression, SCOPE, "bool" if isinstance(value, bool) else "int").problems == ()
    assert interpret(expression, FIXED) == value
    assert compile_expression(expression, TABLES)(FIXED) == value


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("entry.bonus > 3", Absent("bonus")),
        ("entry.friend == 'x'", Absent("friend")),
        ("entry.bonus > 3 && false", Absent("bonus")),
        ("false && entry.bonus > 3", False),
        ("true || entry.bonus > 3", True),
        ("entry.rushed || entry.bonus > 3", Absent("rushed")),
        ("has(entry.bonus) && entry.bonus > 3", False),
        ("true ? 1 == 1 : entry.rushed", True),
        ("entry.rushed ? true : true", Absent("rushed")),
        ("tables.rates[resident.grade] > 0", Absent("rates", "owner")),
        ("tables.rates[entry.note] > 0", Absent("note")),
        ("resident.grade in tables.rates && tables.rates[resident.grade] > 0", False),
        ("min(entry.bonus, tables.rates[resident.grade]) > 0", Absent("bonus")),
        ("entry.note in ['x']", Absent("note")),
    ],
)
def test_a_missing_part_ends_the_expression_unless_never_reached(text: str, outcome: object) -> None:
    expression = parse(text)

    assert check(expression, SCOPE, "bool").problems == ()
    assert interpret(expression, FIXED) == outcome
    assert compile_expression(expression, TABLES)(FIXED) == outcome
