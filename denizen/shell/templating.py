"""The Jinja environment of all our pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment


def environment(**options: Any) -> Environment:
    env = Environment(extensions=["jinja2.ext.i18n"], **{**options, "autoescape": True})
    env.globals.update(static=static, url=reverse)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    return env


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows without asking: the language and the city's name in it."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return {
        "language": language,
        "html_lang": "zh-Hans" if language.startswith("zh") else language,
        "city_name": settings.CITY_NAME if language.startswith("zh") else settings.CITY_NAME_EN,
    }
