"""A deployment is safe by what it does not say: no secret, no server; TLS, and nothing travels without it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

ASKED = (
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "CSRF_COOKIE_HTTPONLY", "LANGUAGE_COOKIE_HTTPONLY", "SECURE_HSTS_SECONDS", "DEBUG", "ALLOWED_HOSTS",
)  # fmt: skip
TOLD = f"from django.conf import settings; print([getattr(settings, name) for name in {ASKED}])"


def python(program: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A process of its own with nothing of ``DENIZEN_*`` but ``environ``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DENIZEN_")}
    given = {**kept, "DJANGO_SETTINGS_MODULE": "denizen.config.settings", **environ}
    return subprocess.run([sys.executable, "-c", program], env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("application", ["denizen.config.wsgi", "denizen.config.asgi"])
@pytest.mark.parametrize("secret", [None, "", settings.NO_SECRET])
def test_no_application_starts_without_a_secret_of_its_own(application: str, secret: str | None) -> None:
    given = {} if secret is None else {"DENIZEN_SECRET_KEY": secret}

    ended = python(f"import {application}", **given)

    assert ended.returncode == 1
    assert "Set DENIZEN_SECRET_KEY" in ended.stderr


def test_an_application_with_a_secret_starts() -> None:
    assert python("import denizen.config.wsgi", DENIZEN_SECRET_KEY="a secret of this test").returncode == 0


def test_by_default_cookies_are_out_of_reach_for_scripts_and_only_this_machine_is_served() -> None:
    told = python(TOLD)

    hosts = ["localhost", "127.0.0.1", "[::1]"]
    assert told.stdout.strip() == str([False, False, False, True, True, True, 0, False, hosts])


def test_behind_tls_every_cookie_is_secure_and_browsers_keep_to_it() -> None:
    told = python(TOLD, DENIZEN_TLS="1")

    assert told.stdout.startswith("[True, True, True, True, True, True, 2592000, False")
