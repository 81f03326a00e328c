"""Late news: in whatever order it is recorded, and whenever the sweep runs, history reads the same."""

from __future__ import annotations

import random

import pytest
from django.db import transaction

from denizen.ground.ledger.commands import Undo, expire_due, reverse_postings, spend
from denizen.ground.ledger.queries import balances_as_of, verify
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn, earn_contribution
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db

RECORDED = day(40)
Story = list[tuple[str, float, int]]


def history(resident: int) -> list[dict[str, int]]:
    return [{row.asset: row.balance for row in balances_as_of(day(at)) if row.resident == resident} for at in range(42)]


def told(story: Story, order: list[int], sweeps: random.Random | None, life: int | None) -> list[dict[str, int]]:
    """Record the story's steps in ``order``; a reversal waits for its award. The result is read as of every day.

    A step is ("earn" or "standing", day, amount) or ("undo", day, index of the step undone).
    """
    resident = a_resident()
    base = earn(resident, 100, moment=day(0))
    spend(resident=resident, amount=100, purpose="spend:mall", entry=an_entry(resident), moment=day(0))
    postings = {-1: base}
    waiting = list(order)
    while waiting:
        for number in list(waiting):
            what, at, value = story[number]
            if what == "undo" and value not in postings:
                continue
            waiting.remove(number)
            postings[number] = _record(resident, what, at, value, postings, life)
            if sweeps is not None and sweeps.random() < 0.5:
                expire_due(moment=RECORDED)
    assert verify() == []
    return history(resident)


def _record(resident: int, what: str, at: float, value: int, postings: dict[int, int], life: int | None) -> int:
    if what == "earn":
        ends = None if life is None else day(at + life)
        return earn(resident, value, moment=day(at), expires_at=ends, recorded_at=RECORDED)
    if what == "standing":
        return earn_contribution(resident, value, moment=day(at))
    undo = Undo(postings[value], an_entry(resident, day(at)), to_micros(day(at)))
    reverse_postings(undos=[undo], recorded_at=to_micros(RECORDED))
    return 0


def a_story(chance: random.Random, *, with_debt: bool) -> Story:
    story: Story = []
    for _ in range(chance.randint(3, 7)):
        story.append((chance.choice(["earn", "earn", "standing"]), chance.randint(1, 20), chance.randint(1, 90)))
    for number in [n for n in range(len(story)) if chance.random() < 0.4]:
        story.append(("undo", story[number][1] + chance.randint(0, 15), number))
    if with_debt:
        story.append(("undo", chance.randint(1, 25), -1))
    return story


@pytest.mark.parametrize("seed", range(12))
def test_points_without_end_read_the_same_in_any_order_of_recording(seed: int) -> None:
    chance = random.Random(seed)
    story = a_story(chance, with_debt=True)
    in_time = sorted(range(len(story)), key=lambda number: (story[number][1], number))
    shuffled = chance.sample(in_time, len(in_time))

    tellings = []
    for order in (in_time, shuffled):
        with transaction.atomic():
            tellings.append(told(story, order, None, None))

    assert tellings[0] == tellings[1]


@pytest.mark.parametrize("seed", range(12))
def test_points_with_an_end_read_the_same_whenever_the_sweep_ran(seed: int) -> None:
    chance = random.Random(100 + seed)
    story = a_story(chance, with_debt=False)
    in_time = sorted(range(len(story)), key=lambda number: (story[number][1], number))
    shuffled = chance.sample(in_time, len(in_time))

    tellings = [
        told(story, order, sweeps, 8)
        for order, sweeps in ((in_time, None), (in_time, random.Random(seed)), (shuffled, random.Random(seed)))
    ]

    assert tellings[0] == tellings[1] == tellings[2]
