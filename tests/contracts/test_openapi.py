"""The API describes itself by the standard, explains every endpoint, and says no in one way everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from denizen.config.api import api

METHODS = {"get", "put", "post", "delete", "patch"}
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """As it is served: JSON knows no numbers as keys."""
    return dict(json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str)))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield f"{method} {path}", operation


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(document)] == []


def test_every_endpoint_explains_itself(document: dict[str, Any]) -> None:
    found = dict(operations(document))

    assert found
    assert [name for name, operation in found.items() if not operation.get("summary")] == []
    assert [name for name, operation in found.items() if not operation.get("description")] == []
    assert [name for name, operation in found.items() if not re.fullmatch(r"[a-z_]+", operation["operationId"])] == []
    assert len({operation["operationId"] for operation in found.values()}) == len(found)


def test_every_endpoint_asks_who_calls(document: dict[str, Any]) -> None:
    assert [name for name, operation in operations(document) if not operation.get("security")] == []


def test_refusals_of_a_call_are_problem_details(document: dict[str, Any]) -> None:
    """What refuses a whole call; 409 and 422 may answer for a single entry in its own shape."""
    for _name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if str(status) in {"400", "401", "403", "404", "413", "415", "429"}:
                schema = answer["content"][PROBLEM]["schema"]
                assert set(schema["required"]) >= {"type", "title", "status", "detail"}


@pytest.mark.django_db
def test_every_endpoint_refuses_a_stranger_with_a_problem(client: Client, document: dict[str, Any]) -> None:
    for name, _operation in operations(document):
        method, path = name.split(" ", 1)
        answer = client.generic(method.upper(), re.sub(r"\{\w+\}", "1", path), b"{}", content_type="application/json")

        assert (answer.status_code, answer.headers["Content-Type"]) == (401, PROBLEM)
        assert answer.json()["status"] == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
def test_the_document_and_its_page_are_served(client: Client, document: dict[str, Any]) -> None:
    assert client.get("/api/v1/openapi.json").json()["paths"].keys() == document["paths"].keys()
    assert client.get("/api/v1/docs").status_code == 200
