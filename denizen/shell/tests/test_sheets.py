"""What a table says is read by a spreadsheet, and never run."""

import pytest

from denizen.shell.sheets import sheet


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|x", "-cmd|x", "\t=1", "\uff1d1", '=HYPERLINK("http://x")'])
def test_a_text_that_would_run_stands_behind_an_apostrophe(text: str) -> None:
    assert sheet([[text]]).lstrip('"').startswith("'")


@pytest.mark.parametrize(
    ("cell", "told"), [(-5, "-5"), ("-0.25", "-0.25"), ("Ada", "Ada"), ("2026-03", "2026-03"), (0, "0")]
)
def test_numbers_days_and_names_stay_as_they_are(cell: object, told: str) -> None:
    assert sheet([[cell]]) == f"{told}\r\n"
