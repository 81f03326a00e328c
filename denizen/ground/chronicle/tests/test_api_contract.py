"""The whole entrance against its own description, with made-up and spoiled calls: it always keeps to it."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from denizen.ground.chronicle import api
from denizen.ground.chronicle.models import Entry, Source
from denizen.ground.chronicle.rules import CallBudget
from denizen.ground.chronicle.testing import make_key

from .conftest import ENTRIES

CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]
SEEDED = settings(
    max_examples=80,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SOUND = {"resident": "ada", "occurred_at": "2026-05-04T08:00:00+08:00"}


@pytest.fixture
def token(shop: Source, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(api, "call_budget", CallBudget(600_000, 600_000))
    return make_key(shop).token


def statuses_of(mode: GenerationMode, token: str, repair: bool = False) -> set[int]:
    """Make calls from the description and check every answer against it; the statuses that were met."""
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    statuses = set()

    @SEEDED
    @given(case=described[ENTRIES]["POST"].as_strategy(generation_mode=mode))
    def call(case: schemathesis.Case) -> None:
        if repair:
            repaired(case.body)
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    call()
    return statuses


def repaired(body: Any) -> None:
    """Give made-up entries a resident and a moment in reach, which a schema cannot say."""
    if isinstance(body, dict):
        for entry in body.get("entries", [body]):
            entry.update(SOUND)
    elif isinstance(body, list):
        for entry in body:
            entry.update(SOUND)


@pytest.mark.django_db(transaction=True)
def test_calls_that_keep_to_the_description_are_answered_by_it(token: str) -> None:
    statuses = statuses_of(GenerationMode.POSITIVE, token, repair=True)

    assert {200, 201} <= statuses <= {200, 201, 409, 422}
    assert Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_call_breaks_the_entrance_or_its_description(token: str, mode: GenerationMode) -> None:
    assert statuses_of(mode, token) <= {200, 201, 400, 401, 409, 413, 415, 422}
