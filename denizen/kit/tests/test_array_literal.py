"""Arrays written as literals arrive as the same values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from denizen.kit import db

pytestmark = pytest.mark.django_db

TEXTS = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=12)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "bigint[]"),
        ([1, -2, 2**62], "bigint[]"),
        ([1, None, 3], "int[]"),
        (["", "NULL", "null", "{}", 'a"b', "a\\b", '","', " x ", "中文", "a,b"], "text[]"),
        ([b"", b"\x00\xff", b"\\x"], "bytea[]"),
    ],
)
def test_it_brings_the_same_values(values: list[Any], kind: str) -> None:
    (arrived,) = db.fetch(f"SELECT %s::{kind}", (values,))[0]

    assert [bytes(value) if isinstance(value, memoryview) else value for value in arrived] == values


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=8))
def test_it_brings_any_text(values: list[str]) -> None:
    assert db.fetch("SELECT %s::text[]", (values,))[0][0] == values


def test_it_is_understood_without_a_cast_in_any() -> None:
    assert db.fetch("SELECT 3 WHERE 2 = ANY(%s) AND 'b' = ANY(%s)", ([1, 2], ["a", "b"])) == [(3,)]
