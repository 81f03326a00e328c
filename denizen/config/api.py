"""The API of the city: one instance, one way to say no (RFC 9457), OpenAPI 3.1 at ``openapi.json`` and ``docs``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from denizen.ground.chronicle.api import router as chronicle
from denizen.ground.chronicle.api_documents import COMPONENTS
from denizen.kit.explained import Explained
from denizen.kit.problem_details import Problematic, problem_response


class UnableToServe(Explained):
    """What is refused before any room is asked."""

    sentences = {
        "unauthorized": {"en": "A valid service key is needed.", "zh": "需要有效的服务密钥。"},
        "not_found": {"en": "There is nothing at this address.", "zh": "该地址没有内容。"},
        "invalid": {"en": "The request is invalid.", "zh": "请求无效。"},
    }


class CityAPI(NinjaAPI):
    """Publishes, beside what the framework derives, the schemas the rooms derive from their vocabulary."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"].update(COMPONENTS)
        return schema


api = CityAPI(
    title="Denizen",
    version="1",
    urls_namespace="api",
    description=(
        "Report behaviour to the city. Keys are issued at the desk, each bound to one source and a list of kinds. "
        "Refusals are problem details (RFC 9457)."
    ),
)
api.add_router("/chronicle", chronicle)


@api.exception_handler(Problematic)
def refused(_request: HttpRequest, refusal: Problematic) -> HttpResponse:
    return problem_response(refusal.status, refusal.code, refusal.detail, headers=refusal.headers, **refusal.members)


@api.exception_handler(HttpError)
def failed(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses by itself: a missing or wrong key before all."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status_code == HTTPStatus.UNAUTHORIZED else {}
    detail = said("unauthorized") if headers else str(error)
    return problem_response(error.status_code, HTTPStatus(error.status_code).name.lower(), detail, headers=headers)


@api.exception_handler(Http404)
def absent(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem_response(404, "not_found", said("not_found"))


@api.exception_handler(ValidationError)
def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = orjson.loads(orjson.dumps(error.errors, default=str))
    return problem_response(422, "invalid", said("invalid"), errors=errors)


def said(code: str) -> str:
    """The sentence of a refusal in the caller's language."""
    return UnableToServe(code).message(get_language() or "en")
