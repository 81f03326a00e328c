import re

from django.test import Client

from denizen.shell.stylesheet import IMPORT, SHEETS, stylesheet_url


def test_the_sheet_holds_every_file_inside_its_layer_and_asks_for_no_other():
    text = Client().get(stylesheet_url()).content.decode()

    assert "@import" not in text
    for name, layer in IMPORT.findall((SHEETS / "main.css").read_text()):
        assert f"@layer {layer} {{\n{(SHEETS / name).read_text()}}}" in text
    assert text.count("{") == text.count("}")


def test_browsers_keep_it_for_ever_because_its_address_names_its_content():
    answer = Client().get(stylesheet_url())

    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert not answer.cookies


def test_a_page_from_yesterday_is_sent_to_the_present_sheet():
    answer = Client().get("/style/0123456789abcdef.css")

    assert answer.status_code == 302
    assert answer["Location"] == stylesheet_url()


def test_every_page_links_to_it_once():
    page = Client().get("/patterns/").content.decode()

    assert re.findall(r'rel="stylesheet" href="([^"]+)"', page) == [stylesheet_url()]
