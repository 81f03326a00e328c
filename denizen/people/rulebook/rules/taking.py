"""One reason why a change may take value away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .model import Text
from .taking_words import TAKINGS


@dataclass(frozen=True, slots=True)
class Taking:
    """One reason why a change may take value away. ``rule`` is its code, empty when the book as a whole is meant.

    ``values``: the numbers and titles of the sentence; a title is a ``Text``.
    """

    reason: str
    rule: str = ""
    values: Mapping[str, Text | str | int] = field(default_factory=dict)

    def message(self, language: str = "en") -> str:
        """One sentence in ``en`` or ``zh`` (anything that starts with zh)."""
        written = language.startswith("zh")
        told = {
            name: (value.zh if written else value.en) if isinstance(value, Text) else value
            for name, value in self.values.items()
        }
        return TAKINGS[self.reason][written].format_map(told)
