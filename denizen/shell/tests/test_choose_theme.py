import pytest
from django.test import Client


@pytest.fixture
def ada():
    return Client(enforce_csrf_checks=False)


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_chosen_theme_is_on_every_page_after_it(ada, choice):
    answer = ada.post("/theme/", {"theme": choice, "next": "/patterns/"})

    assert answer.status_code == 302
    assert answer["Location"] == "/patterns/"
    assert f'data-theme="{choice}"' in ada.get("/patterns/").content.decode()


def test_as_the_device_takes_the_choice_back(ada):
    ada.post("/theme/", {"theme": "dark"})

    ada.post("/theme/", {"theme": "system"})

    assert "data-theme" not in ada.get("/patterns/").content.decode()


def test_choosing_twice_is_choosing_once(ada):
    first, second = (ada.post("/theme/", {"theme": "dark"}) for _ in range(2))

    assert first.cookies["denizen_theme"].value == second.cookies["denizen_theme"].value == "dark"


def test_it_refuses_an_unknown_theme(ada):
    answer = ada.post("/theme/", {"theme": "purple"})

    assert "denizen_theme" not in answer.cookies


def test_a_forged_cookie_follows_the_device(ada):
    ada.cookies["denizen_theme"] = '"><script>'

    assert "data-theme" not in ada.get("/patterns/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_it_never_sends_anybody_elsewhere(ada, elsewhere):
    assert ada.post("/theme/", {"theme": "dark", "next": elsewhere})["Location"] == "/"


def test_a_stranger_without_the_token_is_refused():
    answer = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})

    assert answer.status_code == 403
    assert "denizen_theme" not in answer.cookies


def test_looking_changes_nothing(ada):
    assert ada.get("/theme/").status_code == 405


def test_the_language_switch_is_a_plain_form(ada):
    ada.post("/language/", {"language": "en", "next": "/patterns/"})

    page = ada.get("/patterns/").content.decode()
    assert '<html lang="en">' in page
    assert 'name="language" value="en" lang="en" aria-pressed="true"' in page
