"""Concentration and dead balances against a plain reading of every balance."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from denizen.ground.chronicle.models import Resident
from denizen.ground.ledger.models import Account
from denizen.ground.ledger.queries import Asset, contribution
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn
from denizen.insight.central_bank.queries import Clocks, Scope, concentration, dead_balances
from denizen.insight.central_bank.testing import a_history

ZONE = "Asia/Shanghai"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("asset", list(Asset))
def test_the_gini_is_that_of_all_pairs_of_residents(seed: int, asset: Asset) -> None:
    now = a_history(seed, people=8)
    for _ in range(3):
        a_resident()
    keys = list(Resident.objects.values_list("pk", flat=True))

    told = concentration(asset, Scope(until=Clocks(ZONE, now).today + timedelta(days=1)), Clocks(ZONE, now))

    held = [_held(asset, key) for key in keys]
    pairs = sum(abs(one - other) for one in held for other in held)
    assert told.residents == len(keys)
    assert told.gini == Fraction(pairs, 2 * len(keys) * sum(held))
    assert told.top.amount == max(held)
    assert sum(cell.amount for cell in told.tenths) == told.held.amount == sum(held)


def _held(asset: Asset, resident: int) -> int:
    if asset is Asset.CONTRIBUTION:
        return sum(contribution(resident).values())
    return sum(Account.objects.filter(pk=resident * 8).values_list("balance", flat=True))


@pytest.mark.django_db
def test_of_nobody_there_is_no_coefficient() -> None:
    told = concentration(Asset.POINTS, Scope(until=day(3).date()), Clocks(ZONE, day(1)))

    assert told.gini is None
    assert told.top_share is None


@pytest.mark.django_db
def test_a_balance_sleeps_when_its_owner_did_nothing_for_so_long() -> None:
    awake, asleep = a_resident(), a_resident()
    earn(awake, 70, moment=day(0))
    earn(asleep, 30, moment=day(0))
    an_entry(awake, day(200))
    clocks = Clocks(ZONE, day(300))

    told = dead_balances(Scope(until=clocks.today + timedelta(days=1)), clocks)

    assert (told.points.amount, told.residents) == (30, 1)
