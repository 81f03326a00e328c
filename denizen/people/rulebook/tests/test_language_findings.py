"""Decision tables are examined before they pay: against every case of small domains, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denizen.kit.schema import Field, Shape
from denizen.people.rulebook.rules import Absent, Attributes, Inputs, MomentParts, interpret, parse
from denizen.people.rulebook.rules.sentences import (
    Clause,
    Condition,
    DecisionTable,
    Finding,
    Row,
    Subject,
    Vocabulary,
    amount_of,
    condition_of,
    condition_tree,
    findings_of,
    spoken_finding,
)

from .language_samples import STEADY

SHAPE = Shape(
    "small", 1,
    (
        Field("size", "int", minimum=0, maximum=4),
        Field("bonus", "int", required=False, maximum=2),
        Field("model", "token", choices=("a", "b", "c")),
        Field("gift", "bool", required=False),
    ),
)  # fmt: skip
GRADES = ("fan", "owner")
TABLES = {"known": {"a": 1, "c": 2}}
VOCABULARY = Vocabulary(SHAPE, TABLES, moment=False, grades=GRADES, one_person=True)


def cases() -> Iterator[Inputs]:
    """Every input there is in the small world."""
    for size, bonus, model, gift, grade, level in product(
        range(5), (None, 0, 1, 2), "abc", (None, False, True), GRADES, (False, True)
    ):
        person = Attributes(grade=grade, levels=("plan",) if level else ())
        yield Inputs({"size": size, "bonus": bonus, "model": model, "gift": gift}, person, person, tables=TABLES)


CASES = list(cases())


def entry(name: str) -> Subject:
    return Subject("entry", name)


_clauses = st.one_of(
    st.builds(
        lambda name, how, value: Clause(entry(name), how, (value,)),
        st.sampled_from(["size", "bonus"]),
        st.sampled_from(["is", "is_not", "less", "at_most", "more", "at_least"]), st.integers(-1, 5),
    ),
    st.builds(
        lambda how, values: Clause(entry("size"), how, tuple(values)),
        st.sampled_from(["one_of", "none_of"]), st.lists(st.integers(0, 4), min_size=1, max_size=3),
    ),
    st.builds(
        lambda how, values: Clause(entry("model"), how, tuple(values)),
        st.sampled_from(["one_of", "none_of"]), st.lists(st.sampled_from("abc"), min_size=1, max_size=2),
    ),
    st.builds(lambda how: Clause(entry("model"), how, ("known",)), st.sampled_from(["in_table", "not_in_table"])),
    st.builds(lambda how: Clause(entry("gift"), how), st.sampled_from(["yes", "no", "stated", "not_stated"])),
    st.builds(lambda how: Clause(entry("bonus"), how), st.sampled_from(["stated", "not_stated"])),
    st.builds(
        lambda who, grade: Clause(Subject(who, "grade"), "is", (grade,)),
        st.sampled_from(["resident", "beneficiary"]), st.sampled_from(GRADES),
    ),
    st.builds(
        lambda how: Clause(Subject("resident", "levels"), how, ("plan",)), st.sampled_from(["holds", "holds_not"])
    ),
)  # fmt: skip
_conditions = st.builds(
    lambda joined, parts: Condition(joined if len(parts) > 1 else "all", tuple(parts)),
    st.sampled_from(["all", "any"]),
    st.lists(_clauses, max_size=3),
)
_tables = st.builds(
    DecisionTable,
    st.sampled_from(["first", "collect", "max"]),
    st.lists(st.builds(Row, _conditions, st.integers(1, 9)), min_size=1, max_size=4).map(tuple),
)


def plain_findings(table: DecisionTable, when: Condition) -> set[tuple[str, tuple[int, ...]]]:
    """The same findings, by looking at every case."""
    asked = [case for case in CASES if interpret(condition_tree(when), case) is True]
    trees = [condition_tree(row.condition) for row in table.rows]
    answers = [[interpret(tree, case) for tree in trees] for case in asked]
    numbers = range(len(trees))
    found: set[tuple[str, tuple[int, ...]]] = set()
    for one, other in combinations(numbers, 2):
        if any(row[one] is True and row[other] is True for row in answers):
            found.add(("overlap", (one + 1, other + 1)))
    for number in numbers:
        earlier = range(number) if table.policy == "first" else ()
        if not any(row[number] is True and all(row[each] is False for each in earlier) for row in answers):
            found.add(("never", (number + 1,)))
        before = [(row, [row[each] for each in range(number)]) for row in answers]
        stops = (True,) if table.policy == "first" else ()
        if any(
            isinstance(row[number], Absent)
            and not any(isinstance(each, Absent) or each in stops for each in earlier_row)
            for row, earlier_row in before
        ):
            found.add(("absent", (number + 1,)))
    if any(all(answer is False for answer in row) for row in answers):
        found.add(("gap", ()))
    return found


def example_case(finding: Finding) -> Inputs:
    """A case as the example states it, with anything for what it does not speak of."""
    payload: dict[str, Any] = {"size": 0, "bonus": 0, "model": "a", "gift": False}
    person = {"grade": "fan", "levels": ()}
    for stated in finding.example:
        subject, level = stated.key
        if level:
            person["levels"] = (level,) if stated.value else ()
        elif subject.root == "entry":
            payload[subject.name] = stated.value
        else:
            person[subject.name] = stated.value  # type: ignore[assignment]
    attributes = Attributes(**person)  # type: ignore[arg-type]
    return Inputs(payload, attributes, attributes, tables=TABLES)


def test_findings_are_those_of_looking_at_every_case() -> None:
    seen: dict[str, int] = {}

    @STEADY
    @given(_tables, _conditions)
    def compare(table: DecisionTable, when: Condition) -> None:
        found = findings_of(table, when, VOCABULARY)

        assert {(each.code, each.rows) for each in found} == plain_findings(table, when)
        for each in found:
            seen[each.code] = seen.get(each.code, 0) + 1
            if each.code != "never":
                check_example(each, table, when)

    compare()
    assert all(seen.get(code, 0) > 20 for code in ("overlap", "never", "gap", "absent")), seen


def check_example(finding: Finding, table: DecisionTable, when: Condition) -> None:
    case = example_case(finding)
    answers = [interpret(condition_tree(row.condition), case) for row in table.rows]
    assert interpret(condition_tree(when), case) is True
    if finding.code == "overlap":
        assert all(answers[number - 1] is True for number in finding.rows)
    elif finding.code == "gap":
        assert all(answer is False for answer in answers)
    else:
        assert isinstance(answers[finding.rows[0] - 1], Absent)


MOMENTS = Vocabulary(SHAPE, TABLES, grades=GRADES, one_person=True)


def found_in(amount: str, when: str = "true") -> list[tuple[str, tuple[int, ...]]]:
    table = amount_of(parse(amount))
    assert isinstance(table, DecisionTable)
    return [(each.code, each.rows) for each in findings_of(table, condition_of(parse(when)), MOMENTS)]


@pytest.mark.parametrize(
    ("amount", "wanted"),
    [
        ("moment.month == 2 && moment.day == 30 ? 5 : 1", [("never", (1,)), ("gap", ())]),
        ("moment.month == 2 && moment.day == 29 ? 5 : 1", [("gap", ())]),
        ("moment.year == 2023 && moment.month == 2 && moment.day == 29 ? 5 : 1", [("never", (1,)), ("gap", ())]),
        (
            "moment.year == 2026 && moment.month == 3 && moment.day == 1 && moment.weekday == 1 ? 5 : 1",
            [("never", (1,)), ("gap", ())],
        ),
        ("moment.month <= 6 ? 5 : moment.month >= 7 ? 1 : 0", []),
        (
            "resident.contribution < 10 && resident.special > 10 ? 5 : 1",
            [("never", (1,)), ("gap", ())],
        ),
        ("resident.contribution < 10 ? 5 : resident.contribution >= 10 ? 6 : 0", []),
    ],
)
def test_cases_that_cannot_be_are_no_findings(amount: str, wanted: list[tuple[str, tuple[int, ...]]]) -> None:
    assert found_in(amount) == wanted


def test_a_row_by_hand_is_named_and_nothing_is_guessed_about_it() -> None:
    found = found_in("entry.size == entry.bonus ? 5 : entry.size > 2 ? 3 : 1")

    assert found == [("by_hand", (1,))]
    assert ("condition_by_hand", ()) in found_in("entry.size > 2 ? 3 : 1", "entry.size == entry.bonus")


def test_the_rules_own_condition_narrows_what_is_asked() -> None:
    assert found_in("entry.size > 2 ? 3 : 1", "entry.size > 3") == []
    assert found_in("entry.size > 2 ? 3 : 1", "entry.size < 2") == [("never", (1,)), ("gap", ())]


def test_a_row_for_what_is_absent_is_never_reached_behind_one_that_asks_for_it() -> None:
    """A comparison with an absent field ends the table, so "not stated" has to stand first."""
    behind = found_in("entry.bonus > 0 ? 5 : !has(entry.bonus) ? 3 : 1")
    before = found_in("!has(entry.bonus) ? 3 : entry.bonus > 0 ? 5 : 1")

    assert behind == [("never", (2,)), ("absent", (1,)), ("gap", ())]
    assert before == [("gap", ())]


def test_too_many_cases_are_said_to_be_too_many() -> None:
    fields = tuple(Field(f"f{number}", "int", maximum=1_000) for number in range(14))
    rows = []
    for number in range(12):
        clauses = [Clause(entry(f"f{place}"), "none_of", (number * 7 + place, 500 - number)) for place in range(14)]
        rows.append(Row(Condition("all", tuple(clauses)), 1))
    wide = Vocabulary(Shape("wide", 1, fields), {})

    found = findings_of(DecisionTable("collect", tuple(rows)), Condition(), wide)

    assert [each.code for each in found] == ["too_many"]
    assert "too many cases" in spoken_finding(found[0], wide).en


def test_every_finding_is_said_in_both_languages() -> None:
    table = amount_of(parse('entry.bonus > 1 ? 5 : resident.grade == "fan" ? 3 : entry.size > 9 ? 1 : 0'))
    assert isinstance(table, DecisionTable)

    for each in findings_of(table, Condition(), VOCABULARY):
        said = spoken_finding(each, VOCABULARY)
        assert said.en.endswith(".")
        assert said.zh.endswith("。")


def test_the_parts_of_a_moment_are_those_of_a_real_date() -> None:
    table = amount_of(
        parse("moment.weekday == 7 && moment.day == 29 && moment.month == 2 ? 5 : moment.day > 28 ? 1 : 0")
    )
    assert isinstance(table, DecisionTable)

    overlap = next(each for each in findings_of(table, Condition(), MOMENTS) if each.code == "overlap")

    parts = {stated.key[0].name: stated.value for stated in overlap.example}
    assert parts == {"weekday": 7, "day": 29, "month": 2}
    case = Inputs(moment=MomentParts(weekday=7, hour=0, day=29, month=2, year=2032))
    assert interpret(condition_tree(table.rows[0].condition), case) is True
