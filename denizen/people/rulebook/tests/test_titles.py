"""Words a rule compares with are read as people say them, in both languages."""

from __future__ import annotations

import pytest

from denizen.ground.chronicle.kinds import SHAPES
from denizen.people.rulebook.queries import condition_words, reference_book_text
from denizen.people.rulebook.rules.reader import load_book
from denizen.people.rulebook.rules.sentences import titled


@pytest.mark.parametrize(
    ("word", "english", "chinese"),
    [("founder_owner", "“founder-edition owner”", "“创始版车主”"), ("moon_walk", "“moon walk”", "“moon walk”")],
)
def test_a_word_has_its_title_and_an_unknown_one_is_read_as_written(word: str, english: str, chinese: str) -> None:
    assert (titled(word).en, titled(word).zh) == (english, chinese)


def test_no_condition_of_the_reference_book_speaks_in_codes() -> None:
    spoken = [condition_words(rule, SHAPES) for rule in load_book(reference_book_text(), SHAPES).rules]

    assert any("“创始版车主”" in words.zh for words in spoken)
    assert not [words.zh for words in spoken if any(code in words.zh for code in ("owner", "charging", "repurchase"))]
