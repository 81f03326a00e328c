"""Places a person can go. Rooms make them, the shell's pages show them (``resident_nav`` and ``desk_nav``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Place:
    """One entry of the tab bar or rail.

    ``key`` is compared with the page's ``here``; ``count`` is what waits there (None or 0: nothing shown);
    ``section`` groups entries of the desk's rail under a heading.
    """

    key: str
    label: str
    url: str
    icon: str = "ring"
    count: int | None = None
    prominent: bool = False
    section: str = ""


def sections(places: Sequence[Place]) -> list[tuple[str, list[Place]]]:
    """Places under their headings, both in the order given."""
    return [(name, list(members)) for name, members in groupby(places, key=lambda place: place.section)]
