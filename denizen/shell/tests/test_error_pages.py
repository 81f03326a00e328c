"""Error pages stand without a database: these tests have no access to one, so a query would fail them."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from denizen.config.urls import handler400, handler403, handler404, handler500
from denizen.config.urls import urlpatterns as city_urls

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def break_down(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def refuse(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only Odo holds this key.")


def refuse_in_silence(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def misread(_request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("not a number")


urlpatterns = [
    path("broken/", break_down),
    path("refused/", refuse),
    path("silent/", refuse_in_silence),
    path("misread/", misread),
    *city_urls,
]

WORDS = {
    "/nothing/": (404, "There is nothing at this address", "这个地址没有东西"),
    "/broken/": (500, "Something broke on our side", "我们这边出了点问题"),
    "/silent/": (403, "This door is not open to you", "这扇门还没对你打开"),
    "/misread/": (400, "We could not read that request", "这个请求我们没看懂"),
}


@pytest.fixture(autouse=True)
def _broken_doors():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("language", "word"), [("en", 1), ("zh-hans", 2)])
@pytest.mark.parametrize("address", WORDS)
def test_what_went_wrong_is_said_in_both_languages_with_a_way_on(address, language, word):
    ada = Client(raise_request_exception=False)
    ada.cookies["django_language"] = language

    answer = ada.get(address)

    page = answer.content.decode()
    assert answer.status_code == WORDS[address][0]
    assert f"<h1>{WORDS[address][word]}</h1>" in page
    assert '<a class="button" href="/">' in page
    assert "Content-Security-Policy" in answer.headers


def test_a_refusal_carries_its_reason():
    answer = Client(raise_request_exception=False).get("/refused/")

    assert "Only Odo holds this key." in answer.content.decode()


def test_a_failure_never_shows_its_inside():
    answer = Client(raise_request_exception=False).get("/broken/")

    assert "broken on purpose" not in answer.content.decode()


def test_an_old_form_says_that_nothing_was_changed():
    ada = Client(enforce_csrf_checks=True)
    ada.cookies["django_language"] = "en"

    answer = ada.post("/theme/", {"theme": "dark"})

    assert answer.status_code == 403
    assert "This form waited too long" in answer.content.decode()
