"""Light, dark, or as the device says: the choice lives in a cookie and works without JavaScript."""

from __future__ import annotations

from django.http import HttpRequest

COOKIE = "denizen_theme"
COOKIE_SECONDS_MAX = 365 * 86_400
THEMES = ("system", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """One of ``THEMES``; an unknown or missing cookie follows the device."""
    chosen = request.COOKIES.get(COOKIE, "system")
    return chosen if chosen in THEMES else "system"
