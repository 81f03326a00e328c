"""What the attacks stand on: every address of the city, browsers that are signed in, and words that break pages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from denizen.ground.identity.testing import PASSWORD

LARGEST = 2**63 - 1
NUMBERS = (0, LARGEST, LARGEST + 1, 10**40)
"""Of things that are not there; the last ones fit no column."""

ODD_TEXTS = (
    "\x00",
    "a\x00b",
    "'; DROP TABLE x; --",
    "%s%s%n",
    "{0.__class__}",
    "../../etc/passwd",
    "9" * 5_000,
    "\u202e",
)
"""What breaks a page that hands it on unlooked at."""

SCRIPT = "<script>alert(1)</script>"
TAG = '"><img src=x onerror=alert(1)>'


def signed_in(email: str, **headers: Any) -> Client:
    """A browser in which ``email`` has signed in through the page."""
    client = Client(headers=headers)
    answer = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def addresses() -> list[str]:
    """Every address of the city, with a stranger's values where it has some."""
    return sorted({_filled(route) for route in _routes(get_resolver().url_patterns, "")})


def _routes(patterns: Any, before: str) -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield route


def _filled(route: str) -> str:
    """Converters become values that nothing has; the regular expressions of the gate become keys nobody was sent."""
    values = {"int": "7", "uuid": str(uuid.UUID(int=7)), "slug": "nobody", "str": "nobody", "path": "nobody"}
    filled = re.sub(r"<(\w+):\w+>", lambda found: values[found[1]], route)
    filled = re.sub(r"\(\?P<\w+>[^)]*\)", "nobody", filled)
    return "/" + filled.replace("^", "").replace("$", "").replace(r"\/", "/").lstrip("/")
