"""A number that leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass

from denizen.insight.central_bank.queries.scope import Scope


@dataclass(frozen=True, slots=True)
class Cell:
    """``amount`` is the sum of the rows of ``measure`` within ``scope``."""

    amount: int
    measure: str
    scope: Scope
