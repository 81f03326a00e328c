"""Words a figure carries with it, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and simplified Chinese."""

    en: str
    zh: str
