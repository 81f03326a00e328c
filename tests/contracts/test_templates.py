"""Promises every template of every room keeps, because the policy of the pages would silently drop what breaks them."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "denizen"
TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".svg"})
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.S),
    "a style element": re.compile(r"<style\b"),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)"),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.S),
    "a javascript address": re.compile(r"[\"']\s*javascript:", re.I),
    "code in hx-on or an hx- expression": re.compile(r"\bhx-on[:\-]|\bhx-(?:vals|headers)\s*=\s*[\"']\s*js:"),
    "something from elsewhere": re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_template_holds_nothing_inline(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)

    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_form_that_changes_something_carries_the_token(path):
    text = path.read_text()

    posting = [form for form in re.findall(r"<form\b.*?</form>", text, re.S) if re.search(r'method\s*=\s*"post"', form)]

    assert [form[:80] for form in posting if "csrf_input" not in form and "csrf_token" not in form] == []


@pytest.mark.parametrize(
    "broken",
    [
        '<p style="color: red">',
        "<style>",
        "<script>go()</script>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<b hx-on:click="go()">',
        '<script src="//cdn.example/x.js"></script>',
    ],
)
def test_the_watch_itself_sees_each_fault(broken):
    assert any(pattern.search(broken) for pattern in INLINE.values())


def test_there_are_templates_to_watch():
    assert len(TEMPLATES) > 20
