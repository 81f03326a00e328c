"""The real engine and a plain recomputation live the same seeded life, and are compared after every step."""

from __future__ import annotations

import os
from typing import Any

import pytest

from denizen.ground.ledger.queries import verify

from .book import CLASSES
from .engine import Engine
from .oracle import City
from .world import World

SEEDS = [int(seed) for seed in os.environ.get("DENIZEN_SIM_SEEDS", "1,2,3,4").split(",")]
STEPS = int(os.environ.get("DENIZEN_SIM_STEPS", "220"))
PROOF_EVERY = 40

pytestmark = pytest.mark.django_db


def expected(city: City, people: list[int], now: int) -> dict[str, Any]:
    books = city.ledger
    return {
        "wallets": {
            who: (sum(lot.left for lot in books.lots[who]), sum(lot.reserved for lot in books.lots[who]))
            for who in people
        },
        "debts": {who: books.debt[who] for who in people},
        "lots": {
            who: [
                (lot.left, lot.reserved, lot.priority, lot.ends, lot.spendable_from)
                for lot in books.lots[who]
                if lot.left
            ]
            for who in people
        },
        "contribution": {
            who: {slot: sum(n for _, own, n in books.contribution[who] if own == slot) for slot in CLASSES}
            for who in people
        },
        "standing": {
            who: (sum(n for _, _, n in changes), max(at for at, _, _ in changes))
            for who, changes in books.contribution.items()
            if changes
        },
        "campaign": books.campaign,
        "counters": {key: used for key, used in city.used.items() if used},
        "states": dict(city.state),
        "outcomes": {number: outcome for number, (outcome, _) in city.outcomes.items()},
        "awards": {
            (number, paid.row.code): (paid.to, paid.amount)
            for number, (_, lines) in city.outcomes.items()
            for paid in lines
        },
        "grades": {who: city.people.grade(who, now) for who in people},
        "inviters": {who: bound[0] for who, bound in city.people.inviters.items()},
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_city_is_what_a_plain_recomputation_says_after_every_step(seed: int) -> None:
    engine = Engine()
    world = World(seed, engine)
    done: list[str] = []

    for step in range(STEPS):
        try:
            done.append(world.step())
        except Exception as error:
            raise AssertionError(f"seed {seed}, step {step}: {error!r}; last: {done[-3:]}") from error
        compare(world, engine, f"seed {seed}, step {step}: {done[-1]}")
        if step % PROOF_EVERY == PROOF_EVERY - 1:
            assert verify() == [], f"seed {seed}, step {step}"
    world.settle()
    compare(world, engine, f"seed {seed}, settled")
    assert verify() == []


def compare(world: World, engine: Engine, where: str) -> None:
    is_so, should = engine.picture(world.people, world.now), expected(world.city, world.people, world.now)
    for name, value in should.items():
        if is_so[name] != value:
            raise AssertionError(f"{where}\n{name}: {difference(is_so[name], value)}")


def difference(is_so: Any, should: Any) -> str:
    if not isinstance(should, dict):
        return f"is {is_so}, should be {should}"
    keys = [key for key in {**is_so, **should} if is_so.get(key) != should.get(key)]
    return "; ".join(f"{key}: is {is_so.get(key)}, should be {should.get(key)}" for key in keys[:6])
