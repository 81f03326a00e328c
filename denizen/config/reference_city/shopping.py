"""What residents spend points on (B-36 to B-43)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from denizen.config.reference_city import brand
from denizen.config.reference_city.people import Path, Person
from denizen.config.reference_city.plan import MALL, CityPlan, Planned
from denizen.ground.chronicle.kinds import trade

RESIDENTS_PER_PURCHASE = 400
"""Of so many residents, one spends points on a day."""

LATEST_DAYS, EARLIEST_DAYS = 3, 680
"""How long ago a buyer's own car was delivered: its points are there by now and have not expired yet."""


def shop(plan: CityPlan, people: Sequence[Person], day: int) -> list[Planned]:
    """The purchases with points of day ``day`` of the watched days; nobody buys twice."""
    at = plan.begins_at + timedelta(days=day, hours=19)
    buyers = _buyers(plan, people)
    a_day = max(1, plan.residents // RESIDENTS_PER_PURCHASE)
    chance = Random(f"{plan.seed}:shop:{day}")
    planned = []
    for number, buyer in enumerate(buyers[day * a_day : (day + 1) * a_day]):
        gift, price = chance.choice(brand.GIFTS)
        order = f"{gift}-d{day}-{number}"
        made = trade.PurchaseMade(amount=0, currency="CNY", items=1, order=order)
        bought_at = at + timedelta(minutes=number)
        planned.append(Planned(MALL, buyer.number, made, bought_at, order, price))
        if chance.random() < 0.08:
            refunded = trade.PurchaseRefunded(original=order)
            planned.append(Planned(MALL, buyer.number, refunded, bought_at + timedelta(hours=2), f"{order}-refunded"))
    return planned


def _buyers(plan: CityPlan, people: Sequence[Person]) -> list[Person]:
    latest = plan.begins_at - timedelta(days=LATEST_DAYS)
    earliest = plan.ends_at - timedelta(days=EARLIEST_DAYS)
    buyers = [p for p in people if p.path == Path.OWNER and p.bought_at and earliest < p.bought_at < latest]
    Random(f"{plan.seed}:buyers").shuffle(buyers)
    return buyers
