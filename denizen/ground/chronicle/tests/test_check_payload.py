"""Checking payloads and entries: everything wrong is told at once, and nothing crashes the check."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from denizen.ground.chronicle import kinds
from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.chronicle.schemas import UnableToAccept, check_entry, check_payload, payload_of
from denizen.ground.chronicle.schemas.problems import PROBLEMS_MAX, SENTENCES
from denizen.ground.chronicle.testing import NOON, raw_entry
from denizen.kit.clock import to_micros

NOW = to_micros(NOON)
PURCHASE = {"amount": 1177, "items": 1}


def codes(kind: str, raw: Any) -> list[tuple[str, str]]:
    with pytest.raises(UnableToAccept) as refusal:
        check_payload(KINDS[kind], raw)
    return [(problem.field.removeprefix("payload."), problem.code) for problem in refusal.value.problems]


def entry_codes(**changes: Any) -> list[tuple[str, str]]:
    verdict = check_entry(raw_entry(**changes), now=NOW)
    assert (verdict.entry is None) == bool(verdict.problems)
    return [(problem.field, problem.code) for problem in verdict.problems]


def test_a_sound_payload_is_kept_as_it_is() -> None:
    assert check_payload(KINDS["purchase_made"], PURCHASE | {"currency": "USD"}) == PURCHASE | {"currency": "USD"}


def test_null_is_absent() -> None:
    assert check_payload(KINDS["purchase_made"], PURCHASE | {"currency": None}) == PURCHASE
    assert codes("purchase_made", {"amount": None, "items": 1}) == [("amount", "missing")]


def test_all_problems_are_told_together() -> None:
    raw = {"amount": True, "items": -1, "currency": "US D", "price": 1, "free text": "hello"}

    assert codes("purchase_made", raw) == [
        ("amount", "wrong_type"),
        ("currency", "bad_token"),
        ("items", "too_small"),
        ("price", "unknown_field"),
        ("free text", "unknown_field"),
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "wrong_type"),
        (1.0, "wrong_type"),
        ("1", "wrong_type"),
        (float("nan"), "wrong_type"),
        ([], "wrong_type"),
        (-1, "too_small"),
        (100_000_000_001, "too_large"),
        (10**400, "too_large"),
    ],
)
def test_an_integer_is_an_integer_within_its_bounds(value: Any, code: str) -> None:
    assert codes("purchase_made", {"amount": value, "items": 1}) == [("amount", code)]


@pytest.mark.parametrize("value", ["", "a b", "中", "a\x00b", "\ud800", "a\n", "x" * 121, "<script>", "a,b"])
def test_a_token_is_a_short_word_of_a_machine(value: str) -> None:
    assert codes("reposted", {"subject": value}) == [("subject", "bad_token")]


@pytest.mark.parametrize("value", ["a", "x" * 120, "A-1_b.c:d/e@f+g=h#i~j"])
def test_usual_ids_are_tokens(value: str) -> None:
    assert check_payload(KINDS["reposted"], {"subject": value}) == {"subject": value}


def test_a_choice_is_one_of_the_choices() -> None:
    assert codes("profile_item_completed", {"item": "shoe_size"}) == [("item", "not_a_choice")]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-02-30", "bad_day"),
        ("20260201", "bad_day"),
        ("2026-W01-1", "bad_day"),
        (20260201, "wrong_type"),
        ("", "bad_day"),
    ],
)
def test_a_day_is_a_day_of_the_calendar(value: Any, code: str) -> None:
    raw = {"plan": "service", "policy": "p-1", "claims_last_year": 0, "begins_on": value}

    assert codes("service_plan_renewed", raw) == [("begins_on", code)]


def test_a_reversal_names_any_external_id() -> None:
    original = "Bestellung Nr. 7 – grün"

    assert check_payload(KINDS["purchase_refunded"], {"original": original}) == {"original": original}
    assert codes("purchase_refunded", {"original": " spaced "}) == [("original", "bad_text")]
    assert codes("purchase_refunded", {}) == [("original", "missing")]


@pytest.mark.parametrize("raw", [None, [], "x", 1, True])
def test_a_payload_is_an_object(raw: Any) -> None:
    assert codes("checked_in", raw) == [("payload", "not_an_object")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "moonwalked"}, [("kind", "unknown_kind")]),
        ({"kind": ["checked_in"]}, [("kind", "unknown_kind")]),
        ({"kind": None}, [("kind", "missing")]),
        ({"resident": None}, [("resident", "missing")]),
        ({"resident": 7}, [("resident", "wrong_type")]),
        ({"resident": "a\x00"}, [("resident", "bad_text")]),
        ({"resident": "\ud800"}, [("resident", "bad_text")]),
        ({"resident": "x" * 201}, [("resident", "bad_text")]),
        ({"external_id": None}, [("external_id", "missing")]),
        ({"external_id": ""}, [("external_id", "bad_text")]),
        ({"external_id": "x" * 201}, [("external_id", "bad_text")]),
        ({"external_id": "tab\there"}, [("external_id", "bad_text")]),
        ({"occurred_at": None}, [("occurred_at", "missing")]),
        ({"occurred_at": 1_760_000_000}, [("occurred_at", "wrong_type")]),
        ({"occurred_at": "yesterday"}, [("occurred_at", "bad_moment")]),
        ({"occurred_at": "2026-05-04T08:00:00"}, [("occurred_at", "bad_moment")]),
        ({"occurred_at": "2026-05-04"}, [("occurred_at", "bad_moment")]),
        ({"occurred_at": "\ud800"}, [("occurred_at", "bad_moment")]),
        ({"occurred_at": "1969-12-31T23:59:59Z"}, [("occurred_at", "too_early")]),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, [("occurred_at", "too_early")]),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, [("occurred_at", "too_late")]),
        ({"occurred_at": "2026-05-05T12:00:01Z"}, [("occurred_at", "in_the_future")]),
        ({"note": "hello"}, [("note", "unknown_field")]),
    ],
)
def test_an_entry_tells_what_is_wrong_with_it(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert entry_codes(**changes) == expected


@pytest.mark.parametrize("occurred_at", ["1970-01-01T00:00:00Z", "2026-05-05T12:00:00Z", "2026-05-05T20:00:00+08:00"])
def test_the_ends_of_time_are_accepted(occurred_at: str) -> None:
    assert entry_codes(occurred_at=occurred_at) == []


def test_a_kind_the_sender_may_not_report_is_refused() -> None:
    verdict = check_entry(raw_entry(), now=NOW, allowed={"checked_in"})

    assert [problem.code for problem in verdict.problems] == ["kind_not_allowed"]


def test_a_flood_of_unknown_fields_is_told_in_part() -> None:
    flood = {f"field-{number}": number for number in range(100_000)}

    assert len(entry_codes(**flood)) == PROBLEMS_MAX
    assert len(codes("checked_in", flood)) == PROBLEMS_MAX


def test_the_hash_covers_everything_an_entry_says() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"resident": "ben"},
        {"occurred_at": "2026-05-04T08:00:01+08:00"},
        {"payload": PURCHASE},
        {"kind": "checked_in", "payload": {}},
    ]

    hashes = {check_entry(raw_entry(**change), now=NOW).entry.content_hash for change in changes}

    assert len(hashes) == len(changes)
    assert {len(each) for each in hashes} == {16}


def test_the_hash_asks_neither_for_order_nor_for_nulls() -> None:
    first = check_entry(raw_entry(payload={"amount": 1, "items": 2, "order": None}), now=NOW).entry
    second = check_entry(raw_entry(payload={"items": 2, "amount": 1}), now=NOW).entry

    assert first.content_hash == second.content_hash


def test_an_object_of_the_vocabulary_becomes_the_payload_services_send() -> None:
    day = datetime(2026, 5, 4, tzinfo=UTC).date()
    renewed = kinds.car_use.ServicePlanRenewed(plan="service", policy="p-1", claims_last_year=0, begins_on=day)

    assert payload_of(renewed) == {"plan": "service", "policy": "p-1", "claims_last_year": 0, "begins_on": "2026-05-04"}
    assert payload_of(kinds.community.Followed(followed=1_000)) == {"followed": 1_000}


def test_an_object_of_the_vocabulary_passes_the_same_bounds() -> None:
    with pytest.raises(UnableToAccept, match=r"payload\.items must be at least 0"):
        payload_of(kinds.trade.PurchaseMade(amount=1, items=-1))
    with pytest.raises(UnableToAccept, match=r"payload\.followed must be a resident's key"):
        payload_of(kinds.community.Followed(followed=0))


def test_every_problem_is_said_in_both_languages() -> None:
    for code, sentences in SENTENCES.items():
        assert set(sentences) == {"en", "zh"}, code


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None))
    | st.sampled_from([*KINDS]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELD_NAMES = sorted({field.name for each in KINDS.values() for field in each.shape.fields})


@settings(max_examples=300, deadline=None, derandomize=True)
@given(kind=st.sampled_from([*KINDS]), payload=st.dictionaries(st.sampled_from(FIELD_NAMES), anything), extra=anything)
def test_whatever_comes_is_accepted_or_refused_with_reasons(kind: str, payload: Any, extra: Any) -> None:
    for raw in (extra, raw_entry(kind, payload=payload), raw_entry(kind, payload=extra, resident=extra)):
        verdict = check_entry(raw, now=NOW)

        assert (verdict.entry is None) == bool(verdict.problems)
        assert all(problem.message("zh") and problem.message("en") for problem in verdict.problems)
        if verdict.entry is not None:
            json.dumps(verdict.entry.payload, allow_nan=False).encode()
