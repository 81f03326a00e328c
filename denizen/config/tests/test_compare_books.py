"""``denizen rules diff``: two books in sentences, whether value is taken, and from when it may be."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from denizen.config.errands.comparing import UnableToCompare, diff
from denizen.ground.identity.constants import Permission
from denizen.kit.clock import now
from denizen.people.rulebook.commands import UnableToTakeSoSoon, approve_book, propose_book, publish_first_book
from denizen.people.rulebook.testing import WAIVED, checked, colleague
from denizen.people.rulebook.tests.conftest import book_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers() -> tuple[str, str]:
    """Version 1 pays 5 for a check-in; the one proposed after it pays 4."""
    first = publish_first_book(text=book_text(5), moment=now() - timedelta(days=60))
    checked(now())
    author = colleague("Zhou", Permission.RULES_PROPOSE)
    second = propose_book(actor=author, text=book_text(4), note="", moment=now())
    return str(first.number), str(second.number)


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the language of the terminal."""
    return lambda language: monkeypatch.setenv("DENIZEN_LANGUAGE", language)


def test_versions_are_compared_by_number(
    numbers: tuple[str, str], words: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    words("en")

    assert diff(a=numbers[0], b=numbers[1], as_json=False) == 0

    told = capsys.readouterr().out
    assert "- Check-in pays 4 instead of 5." in told
    assert "It counts as taking value away:\n- Check-in may pay less" in told
    assert "is announced 30 days ahead." in told


def test_a_file_is_compared_with_a_version_in_chinese(
    numbers: tuple[str, str], words: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words("zh")
    path = tmp_path / "more.yaml"
    path.write_text(book_text(6), encoding="utf-8")

    assert diff(a=numbers[0], b=str(path), as_json=False) == 0

    told = capsys.readouterr().out
    assert "- “签到”改为给 6，原为 5。" in told
    assert "可以证明没有人会因此少得。" in told
    assert "若现在批准，可立即生效。" in told


def test_the_date_it_tells_is_the_first_that_is_accepted(
    numbers: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    diff(a=numbers[0], b=numbers[1], as_json=True)
    figures = json.loads(capsys.readouterr().out)
    moment, lawful = (datetime.fromisoformat(figures[name]) for name in ("asked_at", "lawful_from"))
    approver = colleague("Qin", Permission.RULES_APPROVE)

    assert figures["takes_value"] is True
    assert figures["differences"][0]["sentence"]["en"] == "Check-in pays 4 instead of 5."
    assert (figures["differences"][0]["before"], figures["differences"][0]["after"]) == (5, 4)
    with pytest.raises(UnableToTakeSoSoon):
        approve_book(
            actor=approver, number=int(numbers[1]), effective_from=lawful - timedelta(microseconds=1), moment=moment,
            **WAIVED,
        )  # fmt: skip
    approve_book(actor=approver, number=int(numbers[1]), effective_from=lawful, moment=moment, **WAIVED)


def test_equal_books_are_said_to_be_equal(
    numbers: tuple[str, str], words: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    words("en")

    diff(a=numbers[0], b=numbers[0], as_json=False)

    assert "The two books are equal." in capsys.readouterr().out


@pytest.mark.parametrize(("name", "code"), [("0", "no_version"), ("9" * 30, "no_version"), ("no/such.yaml", "no_file")])
def test_it_refuses_what_is_no_book(numbers: tuple[str, str], name: str, code: str) -> None:
    with pytest.raises(UnableToCompare) as refusal:
        diff(a=numbers[0], b=name, as_json=False)

    assert refusal.value.code == code
