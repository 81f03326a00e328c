"""What is wrong with an expression or a book: a stable code, a place, and words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .expressions import Position
from .messages import MESSAGES


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    ``at`` is the place inside the expression's own text. ``item`` names the part of the book (``rule check_in``),
    ``place`` the field in it (``amount``), ``file_line`` the line of the YAML file; all empty for a lone expression.
    """

    code: str
    at: Position | None = None
    values: Mapping[str, str | int] = field(default_factory=dict)
    item: str = ""
    place: str = ""
    file_line: int | None = None

    @property
    def line(self) -> int | None:
        return self.at.line if self.at else None

    @property
    def column(self) -> int | None:
        return self.at.column if self.at else None

    def message(self, language: str = "en") -> str:
        """One sentence in ``en`` or ``zh`` (anything that starts with zh) that says what to do."""
        english, chinese = MESSAGES[self.code]
        return (chinese if language.startswith("zh") else english).format_map(self.values)

    def __str__(self) -> str:
        where = [self.item, self.place]
        if self.file_line is not None:
            where.append(f"line {self.file_line}")
        if self.at is not None:
            where.append(f"expression {self.at.line}:{self.at.column}")
        return f"{', '.join(part for part in where if part)}: {self.message()} [{self.code}]"


class ProblemsFound(ValueError):
    """Carries every problem found; the text of the exception is the English list."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class UnableToReadExpression(ProblemsFound):
    """The text is not an expression of the language."""


class UnableToLoadBook(ProblemsFound):
    """The text is not a sound book of rules."""
