"""The pattern book shows every component; the headers every page carries."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from denizen.shell.middleware import POLICY

SHELL = Path(__file__).resolve().parent.parent
COMPONENTS = SHELL / "static" / "shell" / "css" / "components"
MACROS = SHELL / "templates" / "shell" / "components"
PAGES = ("/patterns/", "/patterns/resident/", "/patterns/desk/")
NEVER_ON_A_STILL_PAGE = {"htmx-request", "htmx-indicator"}


@pytest.fixture(scope="module")
def book():
    ada = Client()
    ada.cookies["django_language"] = "en"
    pages = [ada.get(address).content.decode() for address in PAGES]
    return "\n".join([*pages, Client().get("/nothing/").content.decode()])


@pytest.mark.parametrize("sheet", sorted(path.stem for path in COMPONENTS.glob("*.css")))
def test_every_component_is_shown(book, sheet):
    css = re.sub(r"/\*.*?\*/", "", (COMPONENTS / f"{sheet}.css").read_text(), flags=re.S)
    shown = set(re.findall(r'class="([^"]*)"', book))
    words = {word for classes in shown for word in classes.split()}

    own = set(re.findall(r"(?:^|[},])\s*\.([a-z][\w-]*)", css)) - NEVER_ON_A_STILL_PAGE

    assert own <= words | {"blooming"}, own - words


def test_every_sheet_is_imported_once_and_in_a_layer():
    main = (COMPONENTS.parent / "main.css").read_text()

    for sheet in COMPONENTS.glob("*.css"):
        assert main.count(f'@import url("components/{sheet.name}") layer(components);') == 1


@pytest.mark.parametrize(
    "macro", sorted({m for p in MACROS.glob("*.html") for m in re.findall(r"macro (\w+)", p.read_text())})
)
def test_every_macro_is_used_in_the_book(macro):
    everything = "".join(path.read_text() for path in (SHELL / "templates").rglob("*.html"))

    assert len(re.findall(rf"\b{macro}\(", everything)) >= 2


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_answer_in_both_languages_with_the_policy(address, language):
    ada = Client()
    ada.cookies["django_language"] = language

    answer = ada.get(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_the_chinese_pages_speak_chinese_only(address):
    ada = Client()
    ada.cookies["django_language"] = "zh-hans"

    page = re.sub(r"<(pre|code|script)\b.*?</\1>|<[^>]+>", " ", ada.get(address).content.decode(), flags=re.S)

    sentences = re.findall(r"[A-Z][a-z]+(?: [a-z]+){2,}", page)
    assert sentences == []


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "default-src 'none'" in POLICY


def test_everything_a_page_links_to_is_there(book):
    linked = set(re.findall(r'(?:href|src)="/static/([^"]+)"', book))

    assert "django_htmx/htmx-2.min.js" in linked
    assert {name for name in linked if finders.find(name) is None} == set()


def test_every_number_on_the_tokens_page_is_a_token(book):
    values = "".join(path.read_text() for path in COMPONENTS.glob("*.css"))

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|oklch\(", values) == []
