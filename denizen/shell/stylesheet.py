"""One style sheet for the road: ``main.css`` with its imports written out, so that a phone asks once and keeps it.

The sheets stay one component per file; this only joins them, each inside its own layer.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

SHEETS = Path(__file__).resolve().parent / "static" / "shell" / "css"
IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')


def joined() -> str:
    """All sheets in the order of ``main.css``; read again for every page only while debugging."""
    return read_sheets() if settings.DEBUG else kept_sheets()


@cache
def kept_sheets() -> str:
    return read_sheets()


def read_sheets() -> str:
    def written_out(found: re.Match[str]) -> str:
        name, layer = found.groups()
        return f"@layer {layer} {{\n{(SHEETS / name).read_text(encoding='utf-8')}}}\n"

    return IMPORT.sub(written_out, (SHEETS / "main.css").read_text(encoding="utf-8"))


def digest() -> str:
    return hashlib.sha256(joined().encode()).hexdigest()[:16]


def stylesheet_url() -> str:
    """An address that changes with its content, so that browsers may keep the answer for ever."""
    return reverse("stylesheet", args=[digest()])
