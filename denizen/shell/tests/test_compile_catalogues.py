import os
from io import BytesIO

import pytest
from babel.messages.mofile import read_mo

from denizen.shell import catalogues

PO = """
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Stay"
msgstr "留下"
"""


@pytest.fixture
def city(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path)
    for folder in ("", "ground/identity/"):
        place = tmp_path / f"{folder}locale/zh_Hans/LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "django.po").write_text(PO)
    (tmp_path / "locale/babel.cfg").write_text("[python: **.py]\n")
    return tmp_path


def test_every_catalogue_is_compiled(city):
    written = catalogues.compile_catalogues()

    assert len(written) == 2
    assert read_mo(BytesIO(written[0].read_bytes())).get("Stay").string == "留下"


def test_compiling_again_writes_nothing(city):
    catalogues.compile_catalogues()

    assert catalogues.compile_catalogues() == []


def test_a_newer_source_is_compiled_again(city):
    compiled = catalogues.compile_catalogues()[-1]
    source = compiled.with_suffix(".po")
    source.write_text(PO.replace("留下", "再坐坐"))
    later = compiled.stat().st_mtime_ns + 10**9
    os.utime(source, ns=(later, later))

    catalogues.compile_catalogues()

    assert read_mo(BytesIO(compiled.read_bytes())).get("Stay").string == "再坐坐"


def test_a_message_goes_to_the_nearest_catalogue(city):
    (city / "ground/identity/forms.py").write_text('gettext("Who are you?")\n')
    (city / "pages.py").write_text('ngettext("%(n)d step", "%(n)d steps", 2)\n')

    templates = catalogues.gather_messages()

    assert templates[city / "ground/identity"].get("Who are you?")
    assert templates[city].get(("%(n)d step", "%(n)d steps"))
    assert len(templates[city]) == 1


def test_updating_adds_new_messages_drops_old_ones_and_then_rests(city):
    (city / "pages.py").write_text('gettext("Come in")\n')

    catalogues.update_catalogues()

    merged = (city / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    assert 'msgid "Come in"' in merged
    assert "Stay" not in merged
    assert catalogues.update_catalogues() == []


def test_what_is_missing_or_guessed_is_named(city):
    (city / "pages.py").write_text('gettext("Stay")\ngettext("Come in")\n')

    assert catalogues.untranslated("zh_Hans") == ["Come in"]
    source = city / "locale/zh_Hans/LC_MESSAGES/django.po"
    source.write_text(PO + '\n#, fuzzy\nmsgid "Come in"\nmsgstr "进来"\n')
    assert catalogues.untranslated("zh_Hans") == ["Come in"]


def test_updating_one_folder_leaves_the_words_of_others_alone(city):
    (city / "pages.py").write_text('gettext("Come in")\n')
    theirs = city / "ground/identity/locale/zh_Hans/LC_MESSAGES/django.po"
    before = theirs.read_bytes()

    written = catalogues.update_catalogues(only=city)

    assert written == [city / "locale/zh_Hans/LC_MESSAGES/django.po"]
    assert theirs.read_bytes() == before
