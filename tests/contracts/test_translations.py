"""Every word a person can meet exists in both languages."""

from denizen.shell.catalogues import gather_messages, sources, untranslated


def test_the_chinese_catalogue_is_complete():
    assert untranslated("zh_Hans") == []


def test_the_source_has_words_and_both_languages_have_a_catalogue():
    assert sum(len(template) for template in gather_messages().values()) > 200
    assert {path.parents[1].name for path in sources()} >= {"en", "zh_Hans"}
