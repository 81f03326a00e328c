from django.test import RequestFactory
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from denizen.shell.templating import environment, page_context


def test_lazy_markup_stays_markup_and_lazy_words_are_escaped():
    help_text = lazy(lambda: format_html("<li>{}</li>", "at least 10 & more"), str)()
    words = lazy(lambda: "<script>", str)()

    page = (
        environment()
        .from_string("{{ help_text }} {{ words }} {{ _(name) }}")
        .render(help_text=help_text, words=words, name=gettext_lazy("Today"))
    )

    assert page.startswith("<li>at least 10 &amp; more</li> &lt;script&gt;")


def test_everything_a_person_wrote_is_escaped():
    assert environment().from_string("{{ name }}").render(name="<b>Ada</b>") == "&lt;b&gt;Ada&lt;/b&gt;"


def test_a_page_knows_its_language_and_the_citys_name_in_it(settings):
    settings.CITY_NAME, settings.CITY_NAME_EN = "湖城", "Lake City"
    request = RequestFactory().get("/")

    from_chinese = page_context(request)

    assert from_chinese["html_lang"] == "zh-Hans"
    assert from_chinese["city_name"] == "湖城"
    assert from_chinese["theme"] == "system"
