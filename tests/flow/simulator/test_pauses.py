"""Seeded lives in which rules are paused and released: the engine is what a plain recomputation says, every step."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import pytest

from denizen.ground.identity.constants import Permission
from denizen.ground.ledger.queries import verify
from denizen.kit import db
from denizen.kit.clock import from_micros
from denizen.people.growth.queries import verify as growth
from denizen.people.rulebook.commands import (
    approve_book,
    ask_suspension,
    confirm_false_alarm,
    confirm_suspension,
    propose_book,
    tell_false_alarm,
)
from denizen.people.rulebook.queries import version_in_force
from denizen.people.rulebook.testing import WAIVED, checked, colleague

from .book import TIME_ZONE, RuleRow, as_yaml
from .engine import Engine
from .oracle import UNDOES, City, Happening, People
from .test_simulator import compare
from .world import LATENESS, World

SEEDS = [int(seed) for seed in os.environ.get("DENIZEN_SIM_SEEDS", "21,23").split(",")]
STEPS = int(os.environ.get("DENIZEN_SIM_STEPS", "140"))
PAUSED = {
    "check_in": "checked_in", "repost": "reposted", "purchase": "purchase_made", "delivery": "vehicle_delivered",
    "liked": "liked",
}  # fmt: skip
"""Rules that may be paused, with the kinds whose entries then wait."""

pytestmark = pytest.mark.django_db


class KnowingPeople(People):
    """What a held entry tells is known at once, and once only."""

    def __init__(self) -> None:
        super().__init__()
        self.known: set[int] = set()

    def learn(self, fact: Happening) -> None:
        if fact.number not in self.known:
            self.known.add(fact.number)
            super().learn(fact)


@dataclass
class Repair:
    """Rules that judge what happened in ``since <= at < until`` and what had waited."""

    kind: str
    since: int
    until: int
    rules: tuple[RuleRow, ...]
    waited: frozenset[int]


class PausingCity(City):
    """Knows, beside what the plain city knows, which kinds are paused and who judges what waited."""

    def __init__(self, spans: list[tuple[int, tuple[RuleRow, ...]]], time_zone: str, lateness: dict[str, int | None]):
        super().__init__(spans, time_zone, lateness)
        self.people = KnowingPeople()
        self.paused: dict[str, tuple[int, RuleRow]] = {}
        self.waited: set[int] = set()
        self.repairs: list[Repair] = []

    def decide(self, numbers: list[int], now: int) -> None:
        for number in numbers:
            entry = self.entries[number]
            if entry.kind not in self.paused or entry.kind in UNDOES:
                super().decide([number], now)
                continue
            self.state[number] = "held"
            self.waited.add(number)
            self.people.learn(entry)

    def _judge(self, entry: Happening) -> None:
        judge, spans = None, self.spans
        for repair in self.repairs:
            concerned = repair.since <= entry.at or entry.number in repair.waited
            if repair.kind == entry.kind and concerned and entry.at < repair.until:
                judge = repair.rules
        self.spans = [(entry.at, judge)] if judge is not None else spans
        super()._judge(entry)
        self.spans = spans

    def in_force(self, now: int) -> tuple[RuleRow, ...]:
        return next(rules for start, rules in reversed(self.spans) if start <= now)

    def pause(self, kind: str, rule: str, now: int) -> None:
        self.paused[kind] = (now, row_of(self.in_force(now), rule))

    def release(self, kind: str, now: int, rules: tuple[RuleRow, ...] | None) -> None:
        since, _ = self.paused.pop(kind)
        undecided = [number for number in self.state if self.entries[number].kind == kind]
        if rules is not None:
            self.repairs.append(Repair(kind, since, now, rules, frozenset(undecided) & frozenset(self.waited)))
        self.state |= {number: "ready" for number in undecided if self.state[number] == "held"}

    def publish(self, rules: tuple[RuleRow, ...], now: int) -> None:
        """A version in force from now on, which ends the pauses of the rules it changes."""
        self.spans = sorted([*self.spans, (now, rules)], key=lambda span: span[0])
        for kind, (_, row) in list(self.paused.items()):
            if row_of(rules, row.code) != row:
                self.release(kind, now, rules)


def row_of(rules: tuple[RuleRow, ...], code: str) -> RuleRow:
    return next(row for row in rules if row.code == code)


class PausingWorld(World):
    """Now and then a rule is paused, called a false alarm, or repaired by a version that takes force at once."""

    city: PausingCity

    def __init__(self, seed: int, engine: Engine) -> None:
        super().__init__(seed, engine)
        self.city = PausingCity(self.city.spans, TIME_ZONE, dict(LATENESS))
        self.two = (colleague("Una", *Permission), colleague("Ivo", *Permission))
        self.pauses: dict[str, int] = {}
        self.checked: set[int] = set()
        self.ended: dict[str, int] = {"alarm": 0, "repair": 0}

    def step(self) -> str:
        dice = self.random.random()
        if dice < 0.06:
            return f"pause at {self.now}: {self.pause()}"
        if dice < 0.13 and self.city.paused:
            return f"end at {self.now}: {self.end()}"
        return super().step()

    def pause(self) -> str:
        rule = self.random.choice([rule for rule in PAUSED if PAUSED[rule] not in self.city.paused] or [""])
        if rule:
            moment = from_micros(self.now)
            asked = ask_suspension(actor=self.two[0], rule=rule, reason_en="No", reason_zh="不", moment=moment)
            confirm_suspension(actor=self.two[1], suspension=asked.pk, moment=moment)
            self.pauses[PAUSED[rule]] = asked.pk
            self.city.pause(PAUSED[rule], rule, self.now)
        return rule

    def end(self) -> str:
        kind = self.random.choice(sorted(self.city.paused))
        if self.random.random() < 0.4:
            moment = from_micros(self.now)
            tell_false_alarm(actor=self.two[0], suspension=self.pauses[kind], moment=moment)
            confirm_false_alarm(actor=self.two[1], suspension=self.pauses[kind], moment=moment)
            self.city.release(kind, self.now, None)
            self.ended["alarm"] += 1
        else:
            self._repair(self.city.paused[kind][1])
            self.ended["repair"] += 1
        self.engine.work(0, self.now)
        return kind

    def _repair(self, broken: RuleRow) -> None:
        self.count += 1
        amount = f"entry.amount / {90 + self.count}" if "entry" in broken.amount else str(1 + self.count % 19)
        if amount == broken.amount:
            amount += "0"
        rules = tuple(
            replace(row, amount=amount) if row.code == broken.code else row for row in self.city.in_force(self.now)
        )
        moment = from_micros(self.now)
        present = version_in_force(moment)
        if present is not None and present.number not in self.checked:
            checked(moment)
            self.checked.add(present.number)
        version = propose_book(
            actor=self.two[0], text=as_yaml(rules, f"repair_{self.count}"), note="Mended", moment=moment
        )
        approve_book(actor=self.two[1], number=version.number, effective_from=moment, moment=moment, **WAIVED)
        self.city.publish(rules, self.now)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_city_that_pauses_rules_is_what_a_plain_recomputation_says(seed: int) -> None:
    engine = Engine()
    world = PausingWorld(seed, engine)

    for step in range(STEPS):
        said = world.step()
        compare(world, engine, f"seed {seed}, step {step}: {said}")
    while world.city.paused:
        compare(world, engine, f"seed {seed}: {world.end()}")
    world.settle()

    compare(world, engine, f"seed {seed}, settled")
    assert world.city.waited
    assert min(world.ended.values()) > 0
    assert verify() == []
    with db.opening():  # The entries that only lend a posting their number are never decided.
        assert {finding.code for finding in growth.verify()} <= {"undecided"}
