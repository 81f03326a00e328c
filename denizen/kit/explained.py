"""Refusals that explain themselves: one sentence that says what happened and what to do, in every language we speak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

DEFAULT_LANGUAGE = "en"


class Explained(Exception):
    """An error with a stable ``code``, the ``facts`` of the case, and a sentence for people.

    A subclass lists its ``sentences``: code -> language (``en``, ``zh``) -> template over the facts.
    An unknown code is a mistake of the programmer and raises KeyError at once.
    """

    sentences: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(self.message())

    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The sentence in ``lang`` (``zh``, ``zh-Hans``, ``en`` …); English where we do not speak it."""
        templates = self.sentences[self.code]
        spoken = lang.replace("_", "-").split("-")[0].lower()
        return templates.get(spoken, templates[DEFAULT_LANGUAGE]).format(**self.facts)
