"""The page of coverage tells neither more nor less than the tests do."""

from __future__ import annotations

import pytest

from tests.coverage_page import PAGE, STRENGTHS, WRITE_WITH, Mark, coverage_page, read_areas, whole_suite


def rows() -> dict[str, str]:
    return {row: words for _, area in read_areas().values() for row, words in area.items()}


def test_every_row_that_a_test_names_is_told_in_our_words(collected_marks: list[Mark]) -> None:
    assert sorted({mark.row for mark in collected_marks} - rows().keys()) == [], "add them to docs/rows.yaml"


def test_a_row_is_told_once_in_its_own_area() -> None:
    told = [(code, row) for code, (_, area) in read_areas().items() for row in area]

    assert [row for code, row in told if not row.startswith(f"{code}-")] == []
    assert len(told) == len(rows())
    assert all(rows().values())
    assert {f"B-{number:02}" for number in range(1, 73)} <= rows().keys()


def test_the_coverage_page_is_fresh(collected_marks: list[Mark], request: pytest.FixtureRequest) -> None:
    """A run of everything sees all marks and compares the page; a run of a part compares the rows it knows."""
    if whole_suite(request.config):
        assert PAGE.read_text(encoding="utf-8") == coverage_page(collected_marks), f"run: {WRITE_WITH}"
    else:
        page = PAGE.read_text(encoding="utf-8").splitlines()
        lines = {line.split(" ")[1]: line for line in page if line.startswith("| ")}
        missing = [mark for mark in collected_marks if f"::{mark.test.rpartition('::')[2]}`" not in lines[mark.row]]
        assert missing == [], f"run: {WRITE_WITH}"


def test_a_row_is_proven_partial_or_open() -> None:
    page = coverage_page([
        Mark("B-19", "partial", "denizen/people/growth/tests/test_a.py::test_below"),
        Mark("B-19", "row", "tests/flow/test_earn.py::test_through_the_door"),
        Mark("B-18", "partial", "denizen/people/growth/tests/test_a.py::test_below"),
    ])  # fmt: skip
    lines = {line.split(" ")[1]: line for line in page.splitlines() if line.startswith("| B")}

    assert "**proven** | `flow/test_earn.py::test_through_the_door`<br>`growth/test_a.py::test_below`" in lines["B-19"]
    assert "| partial |" in lines["B-18"]
    assert "| open | - |" in lines["B-17"]
    assert "1 proven, 1 partial, 70 open." in page


def test_a_mark_names_rows_and_nothing_else(collected_marks: list[Mark]) -> None:
    assert {mark.strength for mark in collected_marks} <= set(STRENGTHS)
    assert all(isinstance(mark.row, str) for mark in collected_marks)
