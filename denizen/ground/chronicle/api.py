"""The entrance for services: they report what residents did, one entry or ten thousand in a call."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router
from ninja.security import HttpBearer

from denizen.ground.chronicle import commands, queries
from denizen.ground.chronicle.api_documents import DESCRIPTION, ENTRIES_DOCUMENT
from denizen.ground.chronicle.commands import Answer
from denizen.ground.chronicle.constants import BODY_BYTES_MAX, ENTRIES_PER_CALL_MAX
from denizen.ground.chronicle.queries import RecognisedKey
from denizen.ground.chronicle.rules import CallBudget
from denizen.ground.chronicle.schemas import Problem, Verdict
from denizen.ground.chronicle.schemas.problems import PROBLEMS_MAX
from denizen.kit.clock import now
from denizen.kit.explained import Explained
from denizen.kit.problem_details import Problematic

JSON = "application/json"
NDJSON = "application/x-ndjson"
SINGLE_STATUS = {
    "accepted": HTTPStatus.CREATED,
    "exists": HTTPStatus.OK,
    "conflict": HTTPStatus.CONFLICT,
    "invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
}
NOT_JSON = Verdict(None, (Problem("entry", "not_json"),))


class UnableToRead(Explained):
    """The call as a whole cannot be used; nothing of it was recorded."""

    statuses = {
        "too_many_calls": HTTPStatus.TOO_MANY_REQUESTS,
        "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "too_many_entries": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    }
    sentences = {
        "too_many_calls": {
            "en": "This key made too many calls; the next is welcome in {wait} seconds.",
            "zh": "此密钥调用过于频繁，请在 {wait} 秒后再试。",
        },
        "unsupported_media_type": {"en": "Send {json} or {lines}.", "zh": "请发送 {json} 或 {lines}。"},
        "no_entries": {"en": "The call holds no entry.", "zh": "请求中没有记录。"},
        "too_many_entries": {
            "en": "A call holds at most {most} entries; this one holds {held}.",
            "zh": "一次请求最多 {most} 条记录，本次有 {held} 条。",
        },
        "too_large": {"en": "A call holds at most {most} bytes.", "zh": "一次请求最多 {most} 字节。"},
        "not_json": {"en": "The body is not JSON: {error}", "zh": "请求正文不是有效的 JSON：{error}"},
        "bad_envelope": {
            "en": 'Send an entry, a list of entries, or an object that holds nothing but "entries".',
            "zh": '请发送一条记录、记录列表，或仅含 "entries" 的对象。',
        },
    }


router = Router(tags=["chronicle"])
call_budget = CallBudget(settings.API_CALLS_PER_MINUTE, settings.API_CALLS_PER_MINUTE)


class ServiceKeyBearer(HttpBearer):
    """``Authorization: Bearer dz_<prefix>_<secret>``."""

    def authenticate(self, _request: HttpRequest, token: str) -> RecognisedKey | None:
        return queries.recognised_key(token=token)


@dataclass(frozen=True, slots=True)
class Call:
    """What a call brought. ``single``: one bare object, answered by a status of its own."""

    entries: list[object]
    single: bool


@router.post(
    "/entries",
    auth=ServiceKeyBearer(),
    operation_id="report_entries",
    summary="Report entries",
    description=DESCRIPTION,
    openapi_extra=ENTRIES_DOCUMENT,
)
def report_entries(request: HttpRequest) -> HttpResponse:
    key: RecognisedKey = request.auth  # type: ignore[attr-defined]
    if wait := call_budget.wait_seconds(key.id, time.monotonic()):
        raise refusal("too_many_calls", headers={"Retry-After": str(wait)}, wait=wait)
    call = read_call(request)
    answers = commands.receive_entries(
        source=key.source,
        raw=call.entries,
        allowed=key.kinds,
        create_residents=key.may_create_residents,
        now=now(),
    )
    lang = get_language() or "en"
    told = [answer_body(answer, lang) for answer in answers]
    if call.single:
        return json_response(told[0], SINGLE_STATUS[answers[0].status])
    return json_response({"entries": told}, HTTPStatus.OK)


def read_call(request: HttpRequest) -> Call:
    """The entries of a call: one object, a list, ``{"entries": [...]}``, or one object per line (NDJSON)."""
    media_type = (request.content_type or "").lower()
    if media_type not in (JSON, NDJSON):
        raise refusal("unsupported_media_type", headers={"Accept-Post": f"{JSON}, {NDJSON}"}, json=JSON, lines=NDJSON)
    body = read_body(request)
    call = Call(read_lines(body), single=False) if media_type == NDJSON else read_document(body)
    if not call.entries:
        raise refusal("no_entries")
    if len(call.entries) > ENTRIES_PER_CALL_MAX:
        raise refusal("too_many_entries", most=ENTRIES_PER_CALL_MAX, held=len(call.entries))
    return call


def read_body(request: HttpRequest) -> bytes:
    try:
        body = request.body
    except RequestDataTooBig:
        body = None
    if body is None or len(body) > BODY_BYTES_MAX:
        raise refusal("too_large", most=BODY_BYTES_MAX)
    return body


def read_document(body: bytes) -> Call:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise refusal("not_json", error=error) from error
    if isinstance(document, list):
        return Call(document, single=False)
    if isinstance(document, dict) and "entries" in document:
        if set(document) != {"entries"} or not isinstance(document["entries"], list):
            raise refusal("bad_envelope")
        return Call(document["entries"], single=False)
    if isinstance(document, dict):
        return Call([document], single=True)
    raise refusal("bad_envelope")


def read_lines(body: bytes) -> list[object]:
    """One object per line; a line that is not JSON is answered in its place. Empty lines are no entries."""
    return [_line(line) for line in body.split(b"\n") if line.strip()]


def _line(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return NOT_JSON


def answer_body(answer: Answer, lang: str) -> dict[str, Any]:
    """An answer as it is told. ``entry`` is the recorded entry; a conflict names it and what differs."""
    told: dict[str, Any] = {"status": answer.status, "external_id": answer.external_id}
    if answer.entry_id is not None:
        told["entry"] = str(answer.entry_id)
    if answer.late:
        told["late"] = True
    if answer.status == "conflict":
        told["differs"] = list(answer.differs)
    if answer.problems:
        told["problems"] = [
            {"field": each.field, "code": each.code, "message": each.message(lang)}
            for each in answer.problems[:PROBLEMS_MAX]
        ]
    return told


def refusal(code: str, headers: Mapping[str, str] | None = None, **facts: object) -> Problematic:
    """The refusal of a whole call, in the caller's language."""
    said = UnableToRead(code, **facts).message(get_language() or "en")
    return Problematic(UnableToRead.statuses.get(code, HTTPStatus.BAD_REQUEST), code, said, headers=headers)


def json_response(body: object, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type=JSON)
