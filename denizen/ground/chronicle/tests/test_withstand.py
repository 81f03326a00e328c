"""Calls and files that mean no good: refused or answered in their place, and never an error of ours."""

from __future__ import annotations

import gzip
import logging

import orjson
import pytest
from django.test import Client

from denizen.ground.chronicle.ingestion import UnableToMap, read_mapping
from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.chronicle.models import Entry, Source
from denizen.ground.chronicle.testing import make_key, make_residents, make_source, raw_entry

from .conftest import ENTRIES, Report
from .files import PURCHASES, Ingest

DEEP = b"[" * 100_000 + b"]" * 100_000
BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)
"""Each line is nine times as large as the one before, once somebody spells it out."""


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        b'{"kind": "checked_in", "payload": {"a": ' * 2_000,
        b'{"amount": NaN}',
        b'{"kind": "checked_in\x00"}',
        b'{"kind": "\\ud800"}',
        b'{"kind": "\xff\xfe"}',
        gzip.compress(b"[" + b" " * 1_000_000 + b"]"),
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_json_is_refused_and_told_nothing_of_the_inside(report: Report, body: bytes) -> None:
    answer = report(body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "not_json"
    assert "Traceback" not in answer.text
    assert "/site-packages/" not in answer.text


def test_a_compressed_body_is_never_unpacked(report: Report) -> None:
    answer = report(gzip.compress(orjson.dumps([raw_entry()])), **{"content-encoding": "gzip"})

    assert answer.status_code == 400


@pytest.mark.parametrize("amount", [10**18, 10**19, 10**300, -1, 1.0, 1e308, "1", True, None, [1], {"$gt": 0}])
def test_an_amount_out_of_bounds_is_answered_in_its_place(report: Report, amount: object) -> None:
    spoiled = raw_entry(external_id="order-2")
    spoiled["payload"] = {name: amount if type(value) is int else value for name, value in spoiled["payload"].items()}

    answer = report([raw_entry(), spoiled])

    assert answer.status_code == 200
    assert [each["status"] for each in answer.json()["entries"]] == ["accepted", "invalid"]


@pytest.mark.parametrize(
    "name",
    ["'; DROP TABLE chronicle_entry; --", '"', "\\", '{"a","b"}', "NULL", "{}", "%s", "\\x00", "用户'\"\\", "😀"],
)
def test_names_from_outside_are_never_read_as_sql(report: Report, shop: Source, name: str) -> None:
    make_residents(shop, name)

    first, again = (
        report([raw_entry(external_id=name, resident=name), raw_entry(external_id=name + "2", resident=name)])
        for _ in range(2)
    )

    assert [each["status"] for each in first.json()["entries"]] == ["accepted", "accepted"]
    assert [each["status"] for each in again.json()["entries"]] == ["exists", "exists"]
    assert [each["external_id"] for each in again.json()["entries"]] == [name, name + "2"]
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("name", ["a\x00b", "\u202e", "line\nbreak", "\x1b[31m", " ", "x" * 201])
def test_names_that_would_deceive_a_reader_or_a_log_are_refused(report: Report, name: str) -> None:
    answer = report([raw_entry(external_id=name), raw_entry(resident=name)])

    assert [each["status"] for each in answer.json()["entries"]] == ["invalid", "invalid"]


@pytest.mark.parametrize(
    "words",
    ["Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer dz__", "Bearer dz_%", "bearer", "Bearer dz_' OR 1=1 --_x",
     "Bearer " + "dz_" + "a" * 100_000, "Bearer dz_aaaaaaaaaaaa_\xff", "Token x", "Bearer dz_aaaaaaaaaaaa_ b c"],
)  # fmt: skip
def test_no_odd_authorization_opens_or_breaks_the_door(db: None, words: str) -> None:
    answer = Client().post(ENTRIES, b"{}", content_type="application/json", headers={"authorization": words})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_is_written_to_no_log(report: Report, shop: Source, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = make_key(shop).token

    report(raw_entry(), token=token)
    report(b"{", token=token)
    report(raw_entry(), token=token + "wrong")

    secret = token.rpartition("_")[2]
    assert secret not in caplog.text


def test_two_keys_that_begin_alike_are_two_keys(shop: Source) -> None:
    """The prefix is unique in the database, so nobody's key can be asked for under another's name."""
    first, second = make_key(shop), make_key(make_source("till"))

    assert first.key.prefix != second.key.prefix
    mixed = first.token.rpartition("_")[0] + "_" + second.token.rpartition("_")[2]
    assert Client().post(ENTRIES, headers={"authorization": f"Bearer {mixed}"}).status_code == 401


def test_nobody_undoes_what_another_source_reported(report: Report, shop: Source) -> None:
    stranger = make_source("stranger")
    make_residents(stranger, "ada", "ben")
    report(raw_entry(external_id="order-1"))
    undoing = next(code for code, kind in KINDS.items() if kind.reverses == "purchase_made")
    told = raw_entry(undoing, "undo-1")
    told["payload"]["original"] = "order-1"

    answer = report([told], token=make_key(stranger).token)

    assert answer.json()["entries"][0]["status"] == "accepted"  # it waits for an order-1 of its own source
    assert Entry.objects.filter(source=shop).count() == 1


@pytest.mark.parametrize(
    "text", [BOMB, f"{PURCHASES}\nx: {DEEP.decode()[:10_000]}", "source: !!python/object:os.system x"]
)
def test_a_mapping_that_would_explode_is_refused(text: str) -> None:
    """Unguarded, the first would fill the memory and the second end in a recursion error instead of a sentence."""
    with pytest.raises(UnableToMap):
        read_mapping(text)


@pytest.mark.parametrize("part", ["source", "format", "columns", "resident", "delimiter", "encoding", "skip_lines"])
def test_a_part_that_explodes_is_told_briefly(part: str) -> None:
    last = chr(98 + 11)

    with pytest.raises(UnableToMap) as refusal:
        read_mapping(f"x:\n{_indented(BOMB)}\n{PURCHASES}\n{part}: *{last}\n")

    assert len(str(refusal.value)) < 1_000


def _indented(text: str) -> str:
    return "\n".join("  " + line for line in text.splitlines())


@pytest.mark.parametrize("amount", ["1e999999999", "1e400", "-1e999999", "1.00000000000000000000000000000000001"])
def test_an_amount_beyond_any_purse_rejects_its_line_only(ingest: Ingest, amount: str) -> None:
    mapping = """
format: jsonl
source: shop
kind: purchase_made
create_residents: true
resident: who
external_id: {column: number}
occurred_at: {column: when, format: iso, time_zone: UTC}
payload:
  amount: {column: amount, type: decimal_to_minor_units}
  items: {column: number, type: int}
"""
    sound = '{"who": "ada", "number": 1, "when": "2026-05-01T08:00:00Z", "amount": 12.5}'
    spoiled = f'{{"who": "ada", "number": 2, "when": "2026-05-01T08:00:00Z", "amount": {amount}}}'

    done = ingest([sound, spoiled], mapping=mapping)

    assert (done.lines, done.rejected) == (2, 1)
