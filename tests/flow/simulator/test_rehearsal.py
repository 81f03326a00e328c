"""A dry run equals the real run, on seeded lives with refunds, holds, caps, late entries and changing grades."""

from __future__ import annotations

import os
from typing import Any

import pytest

from denizen.people.growth.commands import rehearse as dry

from .rehearsing import RehearsingEngine, picture_of_all
from .test_simulator import compare
from .world import World

SEEDS = [int(seed) for seed in os.environ.get("DENIZEN_SIM_SEEDS", "11,12").split(",")]
STEPS = int(os.environ.get("DENIZEN_SIM_STEPS", "120"))
COMPARED_MIN = 5

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_tried_is_what_then_happens_and_nothing_of_it_stays(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = RehearsingEngine()
    real_told = dry._told

    def told(*given: Any) -> dry.Rehearsal:
        """The whole city as it is inside the transaction that is about to be rolled back."""
        engine.seen.append(picture_of_all())
        return real_told(*given)

    monkeypatch.setattr(dry, "_told", told)
    world = World(seed, engine)

    for step in range(STEPS):
        said = world.step()
        compare(world, engine, f"seed {seed}, step {step}: {said}")
    world.settle()

    compare(world, engine, f"seed {seed}, settled")
    assert engine.compared >= COMPARED_MIN
