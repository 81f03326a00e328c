"""The Jinja environment of all our pages, and what every page knows without asking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from jinja2 import Environment

from denizen.kit import clock
from denizen.shell import drawings, figures
from denizen.shell.navigation import sections
from denizen.shell.stylesheet import stylesheet_url
from denizen.shell.theme import theme_of


def environment(**options: Any) -> Environment:
    env = Environment(extensions=["jinja2.ext.i18n"], **{**options, "autoescape": True, "finalize": awake})
    env.globals.update(
        static=static, url=reverse, draw=drawings, icon=drawings.icon, sections=sections, stylesheet_url=stylesheet_url
    )
    env.filters.update(
        grouped=figures.grouped,
        signed=figures.signed,
        day=figures.day,
        month=figures.month_name,
        moment=figures.moment,
        since=figures.since,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    return env


def awake(value: Any) -> Any:
    """Lazy words are spoken before they are escaped, because only then it shows whether they are safe markup."""
    return str(value) if isinstance(value, Promise) else value


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Language, theme and the city's name; from cookies and settings only: error pages need no database."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return {
        "language": language,
        "html_lang": "zh-Hans" if language.startswith("zh") else language,
        "languages": settings.LANGUAGES,
        "city_name": settings.CITY_NAME if language.startswith("zh") else settings.CITY_NAME_EN,
        "theme": theme_of(request),
        "now": clock.now(),
    }
