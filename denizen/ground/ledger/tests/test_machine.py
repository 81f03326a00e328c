"""Any sequence of commands: after every step the books are proven, and an independent model in plain Python agrees.

The model knows lots as small lists and moves numbers by the published words; it shares no code with the ledger.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from denizen.ground.ledger import commands
from denizen.ground.ledger.commands import Undo
from denizen.ground.ledger.models import Account, Lot
from denizen.ground.ledger.queries import balance, balances_as_of, contribution, verify
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn, earn_contribution
from denizen.kit.clock import to_micros

GRACE = timedelta(days=3)
PEOPLE = st.integers(0, 2)
AMOUNTS = st.integers(1, 60)


@dataclass(eq=False)
class Parcel:
    """The model's lot."""

    number: int
    left: int
    ends: datetime | None
    rank: int
    begins: datetime | None
    born: datetime
    held: int = 0
    lapsed: int = 0

    @property
    def free(self) -> int:
        return self.left - self.held

    def order(self) -> tuple:
        return (self.rank, self.ends or datetime.max.replace(tzinfo=self.born.tzinfo), self.number)

    def lives(self, now: datetime) -> bool:
        return self.ends is None or now < self.ends


@dataclass
class Person:
    parcels: list[Parcel] = field(default_factory=list)
    owes: int = 0
    standing: int = 0

    def ordered(self) -> list[Parcel]:
        return sorted(self.parcels, key=Parcel.order)

    def spendable(self, now: datetime) -> list[Parcel]:
        return [p for p in self.ordered() if p.lives(now) and (p.begins is None or p.begins <= now) and p.free]

    def lapse(self, now: datetime) -> None:
        for parcel in self.parcels:
            if not parcel.lives(now):
                parcel.lapsed += parcel.free
                parcel.left = parcel.held

    def repay(self, now: datetime, parcels: list[Parcel]) -> None:
        for parcel in sorted(parcels, key=Parcel.order):
            if parcel.lives(now):
                part = min(parcel.free, self.owes)
                parcel.left -= part
                self.owes -= part


@dataclass
class Gone:
    """Something that can be walked back: from whom, of which parcels (in order), to whom."""

    posting: int
    person: int
    uses: list[tuple[Parcel, int]]
    amount: int
    undone: int = 0
    taker: int | None = None
    arrived: list[Parcel] = field(default_factory=list)


def give_back(gone: Gone, amount: int, now: datetime) -> list[Parcel]:
    skip, left, touched = gone.undone, amount, []
    for parcel, used in reversed(gone.uses):
        passed = min(skip, used)
        skip -= passed
        part = min(used - passed, left)
        left -= part
        if part:
            parcel.left += part
            if not parcel.lives(now):
                parcel.ends = now + GRACE
            touched.append(parcel)
    gone.undone += amount
    assert left == 0
    return touched


def take(parcels: list[Parcel], amount: int) -> list[tuple[Parcel, int]]:
    uses = []
    for parcel in parcels:
        part = min(parcel.free, amount)
        if part:
            parcel.left -= part
            amount -= part
            uses.append((parcel, part))
    assert amount == 0
    return uses


class LedgerMachine(RuleBasedStateMachine):
    """Three residents, time that only goes forward, every command, and refusals that must change nothing."""

    @initialize()
    def found(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = day(0)
        self.ids = [a_resident() for _ in range(3)]
        self.people = [Person() for _ in range(3)]
        self.awards: list[Gone] = []
        self.spends: list[Gone] = []
        self.gifts: list[Gone] = []
        self.standings: list[tuple[int, int, int]] = []
        self.holds: list[tuple[int, int, list[tuple[Parcel, int]]]] = []
        self.count = 0
        for who in range(3):
            self.award(who, 60, 2, 0, None)
            self.award(who, 60, None, 1, None)

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def parcel(self, amount: int, ends: datetime | None, rank: int, begins: datetime | None) -> Parcel:
        self.count += 1
        return Parcel(self.count, amount, ends, rank, begins, self.now)

    def refused(self, error: type[Exception], call: object) -> None:
        before = self.picture()
        with pytest.raises(error), transaction.atomic():
            call()
        assert self.picture() == before

    @staticmethod
    def picture() -> tuple:
        accounts = list(Account.objects.order_by("pk").values_list("pk", "balance", "reserved"))
        return accounts, list(Lot.objects.order_by("pk").values_list("pk", "remaining", "reserved", "expires_at"))

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        who=PEOPLE,
        amount=AMOUNTS,
        life=st.sampled_from([None, 2, 5]),
        rank=st.integers(0, 1),
        pause=st.sampled_from([None, None, 1]),
    )
    def award(self, who: int, amount: int, life: int | None, rank: int, pause: int | None) -> None:
        ends = None if life is None else self.now + timedelta(days=life)
        begins = None if pause is None else self.now + timedelta(days=pause)
        posting = earn(self.ids[who], amount, moment=self.now, expires_at=ends, priority=rank, spendable_from=begins)
        parcel = self.parcel(amount, ends, rank, begins)
        self.people[who].parcels.append(parcel)
        self.people[who].repay(self.now, [parcel])
        self.awards.append(Gone(posting, who, [], amount, arrived=[parcel]))

    @rule(who=PEOPLE, amount=AMOUNTS)
    def award_contribution(self, who: int, amount: int) -> None:
        posting = earn_contribution(self.ids[who], amount, "special", moment=self.now)
        self.people[who].standing += amount
        self.standings.append((posting, who, amount))

    @rule(who=PEOPLE, amount=AMOUNTS)
    def spend(self, who: int, amount: int) -> None:
        def act() -> int:
            return commands.spend(
                resident=self.ids[who], amount=amount, purpose="spend:x", entry=an_entry(self.ids[who]), moment=self.now
            )

        parcels = self.people[who].spendable(self.now)
        if sum(p.free for p in parcels) < amount:
            self.refused(commands.UnableToSpend, act)
        else:
            self.spends.append(Gone(act(), who, take(parcels, amount), amount))

    @precondition(lambda self: self.spends)
    @rule(pick=st.integers(0, 50), amount=AMOUNTS, all_of_it=st.booleans())
    def refund(self, pick: int, amount: int, all_of_it: bool) -> None:
        gone = self.spends[pick % len(self.spends)]
        left = gone.amount - gone.undone
        wanted = left if all_of_it else amount
        person = self.people[gone.person]

        def act() -> None:
            commands.refund(
                posting=gone.posting,
                amount=wanted,
                purpose="refund:x",
                entry=an_entry(self.ids[gone.person]),
                moment=self.now,
                grace_days=GRACE.days,
            )

        if not 0 < wanted <= left:
            self.refused(commands.UnableToRefund, act)
            return
        act()
        person.lapse(self.now)
        person.repay(self.now, give_back(gone, wanted, self.now))

    @rule(giver=PEOPLE, taker=PEOPLE, amount=AMOUNTS)
    def give(self, giver: int, taker: int, amount: int) -> None:
        def act() -> int:
            return commands.transfer(
                giver=self.ids[giver],
                taker=self.ids[taker],
                amount=amount,
                purpose="gift",
                entry=an_entry(self.ids[giver]),
                moment=self.now,
            )

        parcels = self.people[giver].spendable(self.now)
        if giver == taker:
            self.refused(commands.UnableToTransfer, act)
        elif sum(p.free for p in parcels) < amount:
            self.refused(commands.UnableToSpend, act)
        else:
            posting = act()
            uses = take(parcels, amount)
            arrived = [self.parcel(part, p.ends, p.rank, p.begins) for p, part in uses]
            self.people[taker].parcels += arrived
            self.people[taker].repay(self.now, arrived)
            self.gifts.append(Gone(posting, giver, uses, amount, taker=taker, arrived=arrived))

    @rule(pick=st.integers(0, 50), amount=AMOUNTS, all_of_it=st.booleans(), gift=st.booleans())
    def reverse(self, pick: int, amount: int, all_of_it: bool, gift: bool) -> None:
        known = self.gifts if gift else self.awards
        if not known:
            return
        gone = known[pick % len(known)]
        left = gone.amount - gone.undone
        wanted = left if all_of_it else amount
        who = gone.taker if gift else gone.person

        def act() -> None:
            at = to_micros(self.now)
            commands.reverse_postings(
                undos=[Undo(gone.posting, an_entry(self.ids[who]), at, wanted)], recorded_at=at, grace_days=GRACE.days
            )

        if not 0 < wanted <= left:
            self.refused(commands.UnableToReverse, act)
            return
        act()
        if gift:
            self.people[gone.person].lapse(self.now)
        self.claw(self.people[who], gone, wanted)
        if gift:
            touched = give_back(gone, wanted, self.now)
            self.people[gone.person].repay(self.now, touched)
        else:
            gone.undone += wanted

    def claw(self, person: Person, gone: Gone, wanted: int) -> None:
        own = sorted(gone.arrived, key=Parcel.order)
        others = [p for p in person.ordered() if p not in own and p.lives(self.now)]
        for parcel in own + others:
            part = min(parcel.free, wanted)
            parcel.left -= part
            wanted -= part
            part = min(parcel.lapsed, wanted) if parcel in own else 0
            parcel.lapsed -= part
            wanted -= part
        person.owes += wanted

    @precondition(lambda self: self.standings)
    @rule(pick=st.integers(0, 50))
    def reverse_standing(self, pick: int) -> None:
        posting, who, amount = self.standings.pop(pick % len(self.standings))
        at = to_micros(self.now)
        commands.reverse_postings(undos=[Undo(posting, an_entry(self.ids[who]), at)], recorded_at=at)
        self.people[who].standing -= amount

    @rule(who=PEOPLE, amount=AMOUNTS)
    def hold(self, who: int, amount: int) -> None:
        self.count += 1

        def act() -> int:
            return commands.place(
                resident=self.ids[who],
                amount=amount,
                purpose="spend:x",
                key=f"hold {self.count} {len(self.holds)}",
                moment=self.now,
            )

        parcels = self.people[who].spendable(self.now)
        if sum(p.free for p in parcels) < amount:
            self.refused(commands.UnableToSpend, act)
            return
        hold, parts, left = act(), [], amount
        for parcel in parcels:
            part = min(parcel.free, left)
            if part:
                parcel.held += part
                left -= part
                parts.append((parcel, part))
        self.holds.append((hold, who, parts))

    @precondition(lambda self: self.holds)
    @rule(pick=st.integers(0, 50), amount=st.integers(0, 60))
    def resolve(self, pick: int, amount: int) -> None:
        """Void with amount 0, else post that much; more than is held is refused, and so is a second time."""
        hold, who, parts = self.holds[pick % len(self.holds)]
        held, person = sum(part for _, part in parts), self.people[who]

        def act() -> int | None:
            if amount == 0:
                return commands.void(hold=hold, moment=self.now, grace_days=GRACE.days)
            return commands.post(
                hold=hold, amount=amount, entry=an_entry(self.ids[who]), moment=self.now, grace_days=GRACE.days
            )

        if amount > held:
            self.refused(commands.UnableToResolve, act)
            return
        posting = act()
        self.holds.remove((hold, who, parts))
        person.lapse(self.now)
        uses, released, left = [], [], amount
        for parcel, part in parts:
            used = min(part, left)
            left -= used
            parcel.held -= part
            parcel.left -= used
            if used:
                uses.append((parcel, used))
            if part > used:
                if not parcel.lives(self.now):
                    parcel.ends = self.now + GRACE
                released.append(parcel)
        person.repay(self.now, released)
        if posting:
            self.spends.append(Gone(posting, who, uses, amount))
        self.refused(commands.UnableToResolve, lambda: commands.void(hold=hold, moment=self.now))

    @rule()
    def sweep(self) -> None:
        commands.expire_due(moment=self.now)
        for person in self.people:
            person.lapse(self.now)

    @invariant()
    def the_books_are_proven(self) -> None:
        if hasattr(self, "people"):
            assert verify() == []

    @invariant()
    def the_model_agrees(self) -> None:
        if not hasattr(self, "people"):
            return
        exported: dict[tuple[int, str], int] = {(r.resident, r.asset): r.balance for r in balances_as_of(self.now)}
        for resident, person in zip(self.ids, self.people, strict=True):
            seen = balance(resident, self.now)
            free = sum(p.free for p in person.parcels if p.lives(self.now))
            held = sum(p.held for p in person.parcels)
            assert seen.available == sum(p.free for p in person.spendable(self.now))
            assert seen.available + seen.waiting == free
            assert (seen.reserved, seen.debt) == (held, person.owes)
            assert not (person.owes and free), "nobody owes who has points"
            assert sum(contribution(resident).values()) == person.standing
            assert exported.get((resident, "points"), 0) == free + held
            assert exported.get((resident, "debt"), 0) == person.owes
            assert exported.get((resident, "contribution"), 0) == person.standing
        stored = Lot.objects.filter(account_id__in=[8 * r for r in self.ids]).order_by("pk")
        kept = sorted((p for person in self.people for p in person.parcels), key=lambda p: p.number)
        assert sorted((lot.remaining, lot.reserved) for lot in stored) == sorted((p.left, p.held) for p in kept)


@pytest.mark.django_db
def test_any_sequence_of_commands_keeps_the_books_and_agrees_with_the_model() -> None:
    assert connection.in_atomic_block
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_long_lives_of_many_commands_keep_the_books_and_agree_with_the_model(seed: int) -> None:
    """The same machine on a long seeded walk, where lots expire, come back and are walked back in all orders."""
    chance = random.Random(seed)
    machine = LedgerMachine()
    machine.found()
    for step in range(250):
        WALK[chance.choices(range(len(WALK)), WEIGHTS)[0]](machine, chance)
        machine.the_model_agrees()
        if step % 25 == 0:
            machine.the_books_are_proven()
    machine.the_books_are_proven()
    machine.teardown()


def _who(chance: random.Random) -> int:
    return chance.randrange(3)


WALK = (
    lambda m, c: m.wait(c.randint(1, 30)),
    lambda m, c: m.award(_who(c), c.randint(20, 90), c.choice([None, 2, 5]), c.randint(0, 1), c.choice([None, 1])),
    lambda m, c: m.award_contribution(_who(c), c.randint(1, 60)),
    lambda m, c: m.spend(_who(c), c.randint(1, 60)),
    lambda m, c: m.spends and m.refund(c.randrange(50), c.randint(1, 60), c.random() < 0.5),
    lambda m, c: m.give(_who(c), _who(c), c.randint(1, 60)),
    lambda m, c: m.reverse(c.randrange(50), c.randint(1, 60), c.random() < 0.5, c.random() < 0.4),
    lambda m, c: m.standings and m.reverse_standing(c.randrange(50)),
    lambda m, c: m.hold(_who(c), c.randint(1, 60)),
    lambda m, c: m.holds and m.resolve(c.randrange(50), c.choice([0, 0, 5, 30])),
    lambda m, c: m.sweep(),
)
WEIGHTS = (5, 5, 1, 5, 4, 3, 6, 1, 4, 3, 1)
