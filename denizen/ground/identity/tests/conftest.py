"""What every test of this room stands on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.core.cache import cache
from django.utils.translation.reloader import translation_file_changed

CATALOGUE = Path(__file__).parent.parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="session", autouse=True)
def _compiled_catalogue() -> None:
    """Compiled catalogues are not kept in the repository; a test of a Chinese page needs ours."""
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < CATALOGUE.stat().st_mtime:
        with CATALOGUE.open("rb") as source, compiled.open("wb") as target:
            write_mo(target, read_po(source, locale="zh_Hans"))
        translation_file_changed(None, compiled)  # forget what was loaded before it was there


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A slow hash protects real passwords and only delays tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    """Tries of one test do not count in the next."""
    cache.clear()
