"""A seeded workload: one random generator decides the clock, who does what, and what arrives when, or twice.

It looks at the oracle to find something to act on, and gives every action to both the oracle and the engine.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .book import FIRST, SECOND, TIME_ZONE
from .engine import Engine
from .oracle import UNDOES, City, Happening, micros
from .oracle_books import DAY

START = micros(datetime(2026, 3, 20, 9, tzinfo=UTC))
CHANGE = micros(datetime(2026, 4, 1, 0, tzinfo=UTC))
LATENESS = {"app": None, "shop": 4 * DAY}
MINUTE = 60_000_000
UNDOING = {original: undoing for undoing, original in UNDOES.items()}
KINDS = {
    "checked_in": 7, "reposted": 5, "purchase_made": 6, "activity_attended": 3, "message_sent": 4,
    "vehicle_delivered": 2, "vehicle_resold": 1, "invitation_accepted": 3, "order_placed": 1,
    "profile_item_completed": 2, "liked": 3,
}  # fmt: skip


class World:
    """One seeded life of a small city, step by step."""

    def __init__(self, seed: int, engine: Engine, people: int = 5) -> None:
        self.random = random.Random(seed)
        self.now = START
        self.engine = engine
        self.people = engine.found(people, LATENESS, START - 10 * DAY, CHANGE)
        self.city = City([(START - 3 * DAY, FIRST), (CHANGE, SECOND)], TIME_ZONE, dict(LATENESS))
        self.to_come: list[Happening] = []
        self.count = 0

    def step(self) -> str:
        """Do one thing to both; what it was."""
        actions: list[tuple[int, Callable[[], object]]] = [
            (6, self.tick), (9, self.arrive), (3, self.arrive_and_decide), (8, self.work), (4, self.spend),
            (2, self.refund), (2, self.place), (2, self.resolve), (1, self.lapse), (2, self.give), (2, self.sweep),
            (2, self.review),
        ]  # fmt: skip
        action = self.random.choices([each for _, each in actions], [weight for weight, _ in actions])[0]
        said = action()
        return f"{getattr(action, '__name__', action)} at {self.now}: {said}"

    def settle(self) -> None:
        """Let everything that can be decided be decided."""
        while self.city.ready():
            self._work(100)

    def tick(self) -> None:
        self.now += self.random.choice([MINUTE, 60 * MINUTE, DAY // 3, DAY, 2 * DAY])

    def arrive(self) -> object:
        source, batch = self._batch()
        said = [self.city.report(each) for each in batch]
        assert self.engine.record(source, batch, self.now) == said
        return [(each.kind, each.who, each.key, word) for each, word in zip(batch, said, strict=True)]

    def arrive_and_decide(self) -> object:
        source, batch = self._batch()
        said = [self.city.report(each, "direct") for each in batch]
        direct = [each.number for each in batch if self.city.state.get(each.number) == "direct"]
        assert self.engine.record(source, batch, self.now, decide=True) == said
        self.city.decide(direct, self.now)
        return [(each.kind, each.who, each.key, word) for each, word in zip(batch, said, strict=True)]

    def work(self) -> object:
        return self._work(self.random.choice([1, 2, 3, 7, 50]))

    def _work(self, limit: int) -> list[int]:
        batch = self.city.ready()[:limit]
        worked = self.engine.work(limit, self.now)
        assert worked == len(batch), (worked, batch)
        self.city.decide(batch, self.now)
        return batch

    def spend(self) -> object:
        who = self.random.choice(self.people)
        available = self.city.ledger.available(who, self.now)
        wanted = self.random.randint(1, max(30, available))
        paid = self.engine.spend(who, wanted, self.now)
        assert paid == (wanted <= available), (who, wanted, available)
        if paid:
            self.city.ledger.spend(who, wanted, self.now)
        return who, wanted, available

    def refund(self) -> object:
        spends = self.city.ledger.spends
        if not spends:
            return None
        number = self.random.randrange(len(spends))
        left = spends[number].amount - spends[number].undone
        wanted = self.random.choice([left, 1, left + 1])
        done = self.engine.refund(number, wanted, self.now)
        assert done == (0 < wanted <= left)
        if done:
            self.city.ledger.refund(number, wanted, self.now)
        return number, wanted

    def place(self) -> object:
        who = self.random.choice(self.people)
        available = self.city.ledger.available(who, self.now)
        if not available:
            return None
        amount = self.random.randint(1, available)
        lapses = self.random.choice([None, self.now + DAY, self.now + 12 * DAY])
        self.engine.place(who, amount, lapses, self.now)
        self.city.ledger.place(who, amount, lapses, self.now)
        return who, amount

    def resolve(self) -> object:
        pending = [number for number, hold in enumerate(self.city.ledger.holds) if hold.state == "pending"]
        if not pending:
            return None
        number = self.random.choice(pending)
        hold = self.city.ledger.holds[number]
        amount = self.random.choice([0, hold.amount, self.random.randint(1, hold.amount)])
        others = [None, *(who for who in self.people if who != hold.who)]
        taker = self.random.choice(others) if amount and self.random.random() < 0.4 else None
        self.engine.resolve(number, amount, self.now, taker)
        self.city.ledger.resolve(number, amount, self.now, taker)
        return number, amount, taker

    def lapse(self) -> None:
        self.engine.lapse(self.now)
        self.city.ledger.lapse(self.now)

    def give(self) -> object:
        giver, taker = self.random.sample(self.people, 2)
        available = self.city.ledger.available(giver, self.now)
        if not available:
            return None
        amount = self.random.randint(1, available)
        self.engine.transfer(giver, taker, amount, self.now)
        self.city.ledger.transfer(giver, taker, amount, self.now)
        return giver, taker, amount

    def sweep(self) -> None:
        self.engine.sweep(self.now)
        self.city.ledger.expire(self.now)

    def review(self) -> object:
        waiting = [number for number, state in self.city.state.items() if state == "review"]
        if not waiting:
            return None
        number = self.random.choice(waiting)
        admitted = self.random.random() < 0.6
        self.engine.review(number, admitted, self.now)
        if admitted:
            self.city.state[number] = "ready"
        else:
            self.city.dismiss(number)
        return number, admitted

    def _batch(self) -> tuple[str, list[Happening]]:
        """New happenings, repetitions, changed repetitions, and undoings, some of them before what they undo."""
        source = self.random.choice(["app", "app", "shop"])
        batch = [self._one(source) for _ in range(self.random.choice([1, 1, 2, 4, 9]))]
        ripe = [each for each in self.to_come if each.source == source and self.random.random() < 0.4]
        self.to_come = [each for each in self.to_come if each not in ripe]
        batch += ripe
        self.random.shuffle(batch)
        return source, batch

    def _one(self, source: str) -> Happening:
        known = [each for each in self.city.entries if each.source == source]
        dice = self.random.random()
        if known and dice < 0.08:
            return self._copy(self.random.choice(known), changed=False)
        if known and dice < 0.12:
            return self._copy(self.random.choice(known), changed=True)
        if known and dice < 0.27:
            return self._undoing(self.random.choice(known))
        new = self._new(source)
        if dice < 0.34 and new.kind in UNDOING:
            self.to_come.append(new)
            return self._undoing(new)
        return new

    def _new(self, source: str) -> Happening:
        kind = self.random.choices(list(KINDS), list(KINDS.values()))[0]
        who = self.random.choice(self.people)
        return self._happening(kind, who, self._moment(), source, self._details(kind))

    def _moment(self) -> int:
        """Mostly of the last hours, sometimes of days ago; never twice the same, so that no order is left open."""
        ago = self.random.choice([MINUTE, 60 * MINUTE, DAY // 2, DAY, 2 * DAY, 6 * DAY, 14 * DAY])
        return self.now - self.random.randrange(ago) // 1_000 * 1_000 + self.count % 1_000

    def _happening(self, kind: str, who: int, at: int, source: str, details: dict[str, Any]) -> Happening:
        self.count += 1
        return Happening(kind, who, at, source, f"k{self.count}", details)

    def _details(self, kind: str) -> dict[str, Any]:
        word = f"w{self.count}"
        return {
            "reposted": {"subject": word},
            "purchase_made": {"amount": self.random.randrange(0, 12_000), "items": 1},
            "activity_attended": {"activity": word, "direction": "outward"},
            "message_sent": {"receiver": word},
            "vehicle_delivered": {
                "model": "m1", "vehicle": word, "founder_edition": self.random.random() < 0.3, "channel": "new",
            },
            "vehicle_resold": {"vehicle": self._some_vehicle(), "official": True},
            "invitation_accepted": {"inviter": self.random.choice(self.people)},
            "order_placed": {"order": word},
            "profile_item_completed": {"item": self.random.choice(["avatar", "gender", "city"])},
            "liked": {"subject": word, "author": self.random.choice([*self.people, None])},
        }.get(kind, {})  # fmt: skip

    def _some_vehicle(self) -> str:
        known = [each.details["vehicle"] for each in self.city.entries if each.kind == "vehicle_delivered"]
        return str(self.random.choice([*known, "stolen"]))

    def _copy(self, known: Happening, *, changed: bool) -> Happening:
        at = known.at + (self.random.choice([-DAY, DAY]) if changed else 0)
        return Happening(known.kind, known.who, at, known.source, known.key, dict(known.details))

    def _undoing(self, original: Happening) -> Happening:
        """Mostly the right kind by the right resident, after the original; now and then a wrong one."""
        dice = self.random.random()
        kind = UNDOING.get(original.kind) if dice < 0.9 else self.random.choice(sorted(UNDOES))
        who = original.who if self.random.random() < 0.93 else self.random.choice(self.people)
        at = max(self._moment(), original.at + 1 + self.count % 1_000)
        return self._happening(kind or "like_taken_back", who, at, original.source, {"original": original.key})
