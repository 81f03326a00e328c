"""What a finder hands back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern with everything it rests on.

    ``key`` names it for ever, so that it is found once. ``strength``: 1 to 1,000. ``numbers``: the figures of its
    sentence. ``residents`` and ``entries`` are keys, ascending.
    """

    code: str
    key: str
    strength: int
    residents: tuple[int, ...]
    entries: tuple[int, ...]
    begins_at: datetime
    ends_at: datetime
    numbers: dict[str, int | str] = field(default_factory=dict)
