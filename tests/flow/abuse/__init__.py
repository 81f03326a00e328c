"""A seeded city with honest residents and abusers whose names are known, for measuring what the finders find."""

from tests.flow.abuse.honest import honest_doings
from tests.flow.abuse.plan import Doing, Life, Seeded
from tests.flow.abuse.schemers import schemers_doings

__all__ = ["Doing", "Life", "Seeded", "seeded"]


def seeded(*, seed: int, honest: int, days: int = 45) -> Seeded:
    """The same city for the same numbers, byte for byte."""
    life = Life(seed, days)
    honest_doings(life, honest)
    schemers_doings(life)
    return life.plan()
