"""Histories for tests: everything the ledger can do, drawn from a seed."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.commands import UnableToReverse, UnableToSpend, Undo
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn, earn_contribution
from denizen.kit.clock import to_micros


def a_history(seed: int, *, steps: int = 120, people: int = 6, began: datetime | None = None) -> datetime:
    """Awards with and without an end, spends, refunds, gifts, undoings, holds and sweeps over some months.

    Returns the moment after the last step. Needs an open transaction.
    """
    chance, now = Random(seed), began or day(0)
    residents = [a_resident() for _ in range(people)]
    issued: list[int] = []
    spends: list[int] = []
    gifts: list[int] = []
    for step in range(steps):
        now += timedelta(hours=chance.randint(4, 60))
        who = chance.choice(residents)
        what = chance.choices(range(8), (8, 1, 5, 2, 3, 3, 1, 2))[0]
        if what == 0:
            ends = chance.choice([None, now + timedelta(days=chance.randint(5, 70))])
            issued.append(earn(who, chance.randint(20, 400), moment=now, expires_at=ends))
        elif what == 1:
            earn_contribution(who, chance.randint(1, 60), moment=now)
        elif what == 2:
            spends += _spend(who, chance.randint(1, 150), now)
        elif what == 3 and spends:
            _refund(chance.choice(spends), chance.randint(1, 40), who, now)
        elif what == 4:
            gifts += _give(who, chance.choice([other for other in residents if other != who]), chance, now)
        elif what == 5 and issued + gifts:
            _undo(
                chance.choice(issued + gifts),
                chance.randint(1, 120),
                who,
                now - timedelta(days=chance.choice([0, 9])),
                now,
            )
        elif what == 6:
            _hold(who, chance.randint(1, 60), f"hold {seed} {step}", now)
        else:
            ledger.expire_due(moment=now)
    return now + timedelta(hours=1)


def _spend(who: int, amount: int, now: datetime) -> list[int]:
    try:
        return [ledger.spend(resident=who, amount=amount, purpose="spend:x", entry=an_entry(who, now), moment=now)]
    except UnableToSpend:
        return []


def _refund(posting: int, amount: int, who: int, now: datetime) -> None:
    try:
        ledger.refund(posting=posting, amount=amount, purpose="refund:x", entry=an_entry(who, now), moment=now)
    except ledger.UnableToRefund:
        return


def _give(giver: int, taker: int, chance: Random, now: datetime) -> list[int]:
    try:
        return [
            ledger.transfer(
                giver=giver, taker=taker, amount=chance.randint(1, 150), purpose="gift", entry=an_entry(giver, now),
                moment=now,
            )
        ]  # fmt: skip
    except UnableToSpend:
        return []


def _undo(posting: int, amount: int, who: int, happened: datetime, now: datetime) -> None:
    undo = Undo(posting, an_entry(who, happened), to_micros(happened), amount)
    try:
        ledger.reverse_postings(undos=[undo], recorded_at=to_micros(now))
    except UnableToReverse:
        return


def _hold(who: int, amount: int, key: str, now: datetime) -> None:
    try:
        ledger.place(resident=who, amount=amount, purpose="spend:x", key=key, moment=now)
    except UnableToSpend:
        return
