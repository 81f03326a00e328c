"""Reporting through the API: what services meet at the door."""

from __future__ import annotations

import json

import orjson
import pytest
from django.test import Client

from denizen.ground.chronicle import api, commands
from denizen.ground.chronicle.constants import BODY_BYTES_MAX, ENTRIES_PER_CALL_MAX
from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.chronicle.models import Entry, Resident, Source, Undecided
from denizen.ground.chronicle.rules import CallBudget
from denizen.ground.chronicle.testing import NOON, make_key, make_source, raw_entry

from .conftest import ENTRIES, Report


@pytest.mark.partial("B-67")
def test_it_records_a_single_entry_and_names_it(report: Report) -> None:
    answer = report(raw_entry())

    told = answer.json()
    assert (answer.status_code, told["status"], told["external_id"]) == (201, "accepted", "order-1")
    entry = Entry.objects.get(id=int(told["entry"]))
    assert entry.payload == raw_entry()["payload"]
    assert entry.occurred_at.isoformat() == "2026-05-04T00:00:00+00:00"
    assert Undecided.objects.get(entry=entry).state == Undecided.State.READY


@pytest.mark.parametrize("kind", KINDS)
def test_it_records_every_kind_of_the_vocabulary(report: Report, kind: str) -> None:
    answer = report(raw_entry(kind, external_id="one"))

    assert answer.status_code == 201, answer.content
    assert Entry.objects.get().kind_id == KINDS[kind].number


def test_a_repetition_exists_and_counts_once(report: Report) -> None:
    first = report(raw_entry()).json()

    answer = report(raw_entry())

    assert (answer.status_code, answer.json()["status"], answer.json()["entry"]) == (200, "exists", first["entry"])
    assert Entry.objects.count() == 1


def test_the_same_moment_written_otherwise_is_a_repetition(report: Report) -> None:
    report(raw_entry())

    assert report(raw_entry(occurred_at="2026-05-04T00:00:00Z")).json()["status"] == "exists"


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"payload": {"amount": 1, "items": 0, "currency": "currency-1", "order": "order-1"}}, ["payload.amount"]),
        ({"resident": "ben"}, ["resident"]),
        ({"occurred_at": "2026-05-04T08:00:01+08:00"}, ["occurred_at"]),
        ({"kind": "checked_in", "payload": {}}, ["kind"]),
    ],
)
def test_other_content_under_the_same_id_conflicts_and_says_what_differs(
    report: Report, changes: dict[str, object], differs: list[str]
) -> None:
    first = report(raw_entry()).json()

    answer = report(raw_entry(**changes))

    told = answer.json()
    assert (answer.status_code, told["status"], told["entry"], told["differs"]) == (
        409,
        "conflict",
        first["entry"],
        differs,
    )
    assert Entry.objects.count() == 1


def test_duplicates_within_one_call_are_answered_each(report: Report) -> None:
    answer = report([raw_entry(), raw_entry(), raw_entry(resident="ben")])

    assert [each["status"] for each in answer.json()["entries"]] == ["accepted", "exists", "conflict"]


@pytest.mark.parametrize("shape", ["list", "object", "lines"])
def test_an_invalid_entry_never_blocks_the_others(report: Report, shape: str) -> None:
    entries = [raw_entry(external_id=name) for name in "abc"]
    entries[1]["payload"] = {"amount": 1.5}
    body: object = {"list": entries, "object": {"entries": entries}}.get(shape)
    content_type = "application/json"
    if shape == "lines":
        body, content_type = "\n".join(json.dumps(each) for each in entries) + "\n", "application/x-ndjson"

    answer = report(body, content_type=content_type)

    told = answer.json()["entries"]
    assert answer.status_code == 200
    assert [(each["status"], each["external_id"]) for each in told] == [
        ("accepted", "a"),
        ("invalid", "b"),
        ("accepted", "c"),
    ]
    assert [(each["field"], each["code"]) for each in told[1]["problems"]] == [
        ("payload.amount", "wrong_type"),
        ("payload.items", "missing"),
    ]


def test_a_line_that_is_no_json_is_answered_in_its_place(report: Report) -> None:
    lines = [json.dumps(raw_entry(external_id="a")), "{oops", "", json.dumps(raw_entry(external_id="c"))]

    told = report("\n".join(lines), content_type="application/x-ndjson").json()["entries"]

    assert [each["status"] for each in told] == ["accepted", "invalid", "accepted"]
    assert told[1]["problems"][0]["code"] == "not_json"


def test_ten_thousand_entries_with_one_bad_one_are_one_call(report: Report) -> None:
    entries = [raw_entry(external_id=f"order-{number}") for number in range(ENTRIES_PER_CALL_MAX)]
    entries[777]["payload"]["items"] = -1

    told = report(orjson.dumps(entries)).json()["entries"]

    assert [number for number, each in enumerate(told) if each["status"] != "accepted"] == [777]
    assert Entry.objects.count() == ENTRIES_PER_CALL_MAX - 1
    assert told[776]["external_id"] == "order-776"


def test_the_number_of_queries_does_not_grow_with_the_entries(report: Report, query_count) -> None:
    report([raw_entry(external_id="warm-up")])
    before = query_count()
    report([raw_entry(external_id="one")])
    one = query_count() - before

    report([raw_entry(external_id=f"many-{number}") for number in range(500)])

    assert query_count() - before - one == one


def test_an_unknown_resident_is_refused_entry_by_entry(report: Report) -> None:
    told = report([raw_entry(external_id="a", resident="eve"), raw_entry(external_id="b")]).json()["entries"]

    assert [each["status"] for each in told] == ["invalid", "accepted"]
    assert told[0]["problems"] == [
        {
            "field": "resident",
            "code": "unknown_resident",
            "message": "names nobody this source has introduced, and this key may not create residents",
        }
    ]
    assert Resident.objects.count() == 2


def test_an_unknown_resident_in_the_payload_is_refused(report: Report) -> None:
    told = report(raw_entry("followed", payload={"followed": "eve"})).json()

    assert [each["field"] for each in told["problems"]] == ["payload.followed"]


def test_a_key_that_may_create_residents_introduces_them_once(report: Report, shop: Source) -> None:
    token = make_key(shop).token

    report([raw_entry("followed", external_id="a", resident="eve", payload={"followed": "fei"})], token=token)
    report([raw_entry("followed", external_id="b", resident="fei", payload={"followed": "eve"})], token=token)

    first, second = Entry.objects.order_by("id")
    assert Resident.objects.count() == 4
    assert (first.payload["followed"], second.payload["followed"]) == (second.resident_id, first.resident_id)


def test_a_conflicting_entry_creates_nobody(report: Report, shop: Source) -> None:
    first = report(raw_entry("followed", payload={"followed": "ben"})).json()

    told = report(raw_entry("followed", payload={"followed": "eve"}), token=make_key(shop).token).json()

    assert (told["status"], told["entry"], told["differs"]) == ("conflict", first["entry"], ["payload.followed"])
    assert Resident.objects.count() == 2


def test_another_source_knows_nobody_of_this_one(report: Report) -> None:
    token = make_key(make_source("elsewhere"), may_create_residents=False).token

    told = report(raw_entry(), token=token).json()

    assert told["problems"][0]["code"] == "unknown_resident"


def test_the_same_external_id_of_another_source_is_another_entry(report: Report) -> None:
    report(raw_entry())

    answer = report(raw_entry(), token=make_key(make_source("elsewhere")).token)

    assert answer.json()["status"] == "accepted"
    assert Entry.objects.count() == 2


def test_a_kind_beyond_the_key_is_refused(report: Report, shop: Source) -> None:
    token = make_key(shop, "checked_in").token

    told = report([raw_entry(external_id="a"), raw_entry("checked_in", external_id="b")], token=token).json()["entries"]

    assert [each["status"] for each in told] == ["invalid", "accepted"]
    assert told[0]["problems"][0]["code"] == "kind_not_allowed"


@pytest.mark.parametrize("token", [None, "", "nonsense", "dz_aaaaaaaaaaaa_secret", "dz__", "dz_\u00e9_x"])
def test_nobody_reports_without_a_valid_key(report: Report, token: str | None) -> None:
    answer = report(raw_entry(), token=token)

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["detail"] == "A valid service key is needed."
    assert not Entry.objects.exists()


def test_a_wrong_secret_behind_a_right_prefix_is_refused(report: Report, shop: Source) -> None:
    token = make_key(shop).token

    assert report(raw_entry(), token=token[:-1] + ("a" if token[-1] != "a" else "b")).status_code == 401


def test_a_revoked_key_is_refused_at_once(report: Report, shop: Source) -> None:
    issued = make_key(shop)
    assert report(raw_entry(), token=issued.token).status_code == 201

    commands.revoke_service_key(actor="staff:odo", key_id=issued.key.pk, now=NOON)

    assert report(raw_entry(external_id="b"), token=issued.token).status_code == 401


def test_too_many_calls_are_asked_to_wait(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "call_budget", CallBudget(per_minute=1, burst=2))
    statuses = [report(raw_entry(external_id=str(number))).status_code for number in range(2)]

    answer = report(raw_entry(external_id="third"))

    assert statuses == [201, 201]
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_calls")
    assert 1 <= int(answer["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b" ", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b'{"kind": "\xff"}', 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b"42", 400, "bad_envelope"),
        (b"null", 400, "bad_envelope"),
        (b'{"entries": 1}', 400, "bad_envelope"),
        (b'{"entries": [], "more": 1}', 400, "bad_envelope"),
        (b"[]", 400, "no_entries"),
        (b"[" + b"1," * ENTRIES_PER_CALL_MAX + b"1]", 413, "too_many_entries"),
        (b" " * (BODY_BYTES_MAX + 1), 413, "too_large"),
        (b" " * (33 * 1024 * 1024), 413, "too_large"),
    ],
)
def test_it_refuses_a_body_it_cannot_use(report: Report, body: bytes, status: int, code: str) -> None:
    answer = report(body)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["code"], answer.json()["status"]) == (code, status)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_it_refuses_what_is_not_json(report: Report, content_type: str) -> None:
    assert report(raw_entry(), content_type=content_type).status_code == 415


@pytest.mark.parametrize("entry", [1, None, "x", [], [[[]]], {}, {"kind": {}}, {"payload": []}, {"external_id": 7}])
def test_nonsense_in_a_list_is_invalid_and_nothing_else(report: Report, entry: object) -> None:
    answer = report([entry])

    assert (answer.status_code, answer.json()["entries"][0]["status"]) == (200, "invalid")
    assert not Entry.objects.exists()


def test_problems_are_told_in_the_language_of_the_caller(report: Report, shop: Source) -> None:
    headers = {"authorization": f"Bearer {make_key(shop).token}", "accept-language": "zh-Hans"}

    body = json.dumps(raw_entry("moonwalked"))

    answer = Client().post(ENTRIES, body, content_type="application/json", headers=headers)

    assert answer.json()["problems"][0]["message"] == "不是词汇表中的种类（docs/kinds.md）"


def test_an_entry_later_than_the_source_allows_waits_for_review(report: Report) -> None:
    source = make_source("till", lateness_seconds_max=3600)
    token = make_key(source).token
    report(raw_entry(external_id="now"), token=token)

    told = report(raw_entry(external_id="late", occurred_at="2026-05-03T22:59:59Z"), token=token).json()

    assert (told["status"], told["late"]) == ("accepted", True)
    assert Undecided.objects.get(entry_id=int(told["entry"])).state == Undecided.State.REVIEW


@pytest.mark.django_db
def test_the_description_is_openapi_and_names_every_kind() -> None:
    answer = Client().get("/api/v1/openapi.json")

    document = answer.json()
    body = document["paths"][ENTRIES]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert document["openapi"].startswith("3.1")
    assert body["oneOf"][0] == {"$ref": "#/components/schemas/Entry"}
    assert set(KINDS) <= set(document["components"]["schemas"])
    assert Client().get("/api/v1/docs").status_code == 200


def test_a_refused_call_is_explained_in_the_language_of_the_caller(report: Report) -> None:
    answer = report([], **{"accept-language": "zh-Hans"})

    assert answer.json()["detail"] == "请求中没有记录。"
