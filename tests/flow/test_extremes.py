"""Everything a kind allows, at its extremes: accepted entries are decided, and none of them blocks another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from denizen.config.errands.deciding import drain
from denizen.ground.chronicle.commands import Answer, receive_entries
from denizen.ground.chronicle.kinds import KINDS, Kind
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.queries import late_entry_count
from denizen.ground.chronicle.testing import make_residents, make_source
from denizen.ground.ledger.queries import verify
from denizen.kit.schema import Field
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

START = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LONGEST = "z" * 120

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Source:
    publish_first_book(text=reference_book_text(), moment=START, effective_from=START)
    source = make_source()
    make_residents(source, "ada", "ben")
    return source


def largest(field: Field) -> Any:
    return extreme(field, field.maximum, LONGEST, "2199-12-31")


def smallest(field: Field) -> Any:
    return extreme(field, field.minimum, "-", "0001-01-01")


def extreme(field: Field, number: int, word: str, day: str) -> Any:
    values = {
        "int": number, "bool": number > 0, "token": field.choices[-1] if field.choices else word, "resident": "ben",
        "moment": f"{max(day, '1970-01-02')}T00:00:00Z", "day": day,
    }  # fmt: skip
    return values[field.type]


def entry(kind: Kind, made: Callable[[Field], Any], number: int, *, oneself: bool = False) -> dict[str, Any]:
    payload = {field.name: made(field) for field in kind.shape.fields}
    if oneself:
        payload = {name: "ada" if value == "ben" else value for name, value in payload.items()}
    return {
        "kind": kind.code, "resident": "ada", "occurred_at": NOON.isoformat(), "external_id": f"{kind.code}-{number}",
        "payload": payload,
    }  # fmt: skip


def received(source: Source, told: list[dict[str, Any]]) -> list[Answer]:
    answers = receive_entries(source=source, raw=told, allowed=None, create_residents=True, now=NOON)
    assert {answer.status for answer in answers} <= {"accepted"}, answers
    return answers


@pytest.mark.parametrize("made", [largest, smallest])
def test_every_kind_at_its_extremes_is_decided(shop: Source, made: Callable[[Field], Any]) -> None:
    received(shop, [entry(kind, made, number) for kind in KINDS.values() for number in range(3)])

    drain(tell=False)

    assert late_entry_count() == 0
    assert verify() == []


def test_whoever_names_himself_as_the_other_is_decided_too(shop: Source) -> None:
    received(shop, [entry(kind, smallest, 1, oneself=True) for kind in KINDS.values()])

    drain(tell=False)

    assert late_entry_count() == 0
    assert verify() == []
