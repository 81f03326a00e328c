"""A plain recomputation of what two rule books would have paid: no Denizen, no shortcuts, one entry after another.

It knows the rules of check-ins, basic acts and referrals by their meaning, and takes everything else that was paid from
whoever asks. Amounts come in as two small tables, one for each book.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
BASIC_ACTS = 100


@dataclass(frozen=True)
class Told:
    """An entry in the order of deciding. ``undoes``: the entry it took back, if it did."""

    number: int
    kind: str
    who: int
    at: datetime
    details: Mapping[str, Any]
    undoes: int | None = None


@dataclass
class Book:
    """What one book has paid. ``cells``: (rule, asset, Monday) to [times, granted, taken back]."""

    amounts: Mapping[str, int]
    items: Mapping[str, int]
    cells: dict[tuple[str, str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    got: dict[str, Counter[int]] = field(default_factory=lambda: {"points": Counter(), "contribution": Counter()})
    used: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    paid: dict[int, list[tuple[str, str, int, list[tuple[tuple[Any, ...], int]]]]] = field(default_factory=dict)

    def take(self, told: Told, owns: bool) -> None:
        for rule, asset, amount, times in self._wanted(told):
            self._pay(told, owns, rule, asset, amount, times)

    def _wanted(self, told: Told) -> Iterable[tuple[str, str, int, list[tuple[tuple[Any, ...], int]]]]:
        """Rule, asset, amount, and the counters of awards with how many each allows."""
        day, details, named = local_day(told.at), told.details, self.amounts
        if told.kind == "checked_in":
            yield "check_in_points", "points", named["check_in_points"], [((day,), 1)]
            yield "check_in_value", "contribution", named["check_in_value"], [((day,), 1)]
        elif told.kind == "registered":
            yield "register_points", "points", 20, [((), 1)]
        elif told.kind == "wechat_bound":
            yield "wechat_points", "points", 20, [((), 1)]
        elif told.kind == "profile_item_completed" and details["item"] in self.items:
            yield "profile_points", "points", self.items[details["item"]], [((details["item"],), 1)]
        elif told.kind == "commented" and details["length"] >= 5 and details.get("fingerprint") is not None:
            yield "comment_points", "points", 2, [((day,), 5), (("print", details["fingerprint"]), 1)]
        elif told.kind == "reposted" and details.get("subject") is not None:
            yield "repost_points", "points", 2, [((day,), 3), (("subject", details["subject"]), 1)]
        elif told.kind == "evaluation_submitted":
            amount, many = {"purchase": (10, 2), "use": (5, 3), "activity": (3, 3)}.get(details["scene"], (0, 0))
            if amount and details.get("record") is not None:
                rule = f"evaluation_{details['scene']}_points"
                yield rule, "points", amount, [(("record", details["record"]), 1), ((day,), many)]
        elif told.kind == "referral_confirmed":
            rule = f"referral_{details['stage']}_value"
            if rule in named and details.get("referred") is not None:
                yield rule, "contribution", named[rule], [((details["referred"],), 1)]

    def _pay(
        self, told: Told, owns: bool, rule: str, asset: str, amount: int, times: list[tuple[tuple[Any, ...], int]]
    ) -> None:
        counters = [((rule, told.who, *key), most) for key, most in times]
        if any(self.used[counter] >= most for counter, most in counters):
            return
        uses: list[tuple[tuple[Any, ...], int]] = [(counter, 1) for counter, _ in counters]
        if asset == "points" and not owns:
            basic = ("basic_acts", told.who)
            left = BASIC_ACTS - self.used[basic]
            if left < amount:
                self.hits["basic_acts"] += 1
            amount = min(amount, left)
            if amount <= 0:
                return
            uses.append((basic, amount))
        for counter, used in uses:
            self.used[counter] += used
        cell = self.cells[rule, asset, monday(told.at)]
        cell[0] += 1
        cell[1] += amount
        self.got[asset][told.who] += amount
        self.paid.setdefault(told.number, []).append((rule, asset, amount, uses))

    def take_back(self, told: Told) -> None:
        for rule, asset, amount, uses in self.paid.pop(told.undoes or 0, []):
            for counter, used in uses:
                self.used[counter] -= used
            self.cells[rule, asset, monday(told.at)][2] += amount
            self.got[asset][told.who] -= amount


@dataclass
class Garage:
    """Who owns a vehicle, from deliveries and what ended or undid them, in the order in which they were told."""

    vehicles: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def learn(self, told: Told) -> None:
        theirs = self.vehicles[told.who]
        if told.kind == "vehicle_delivered":
            theirs[told.details["vehicle"]] = told.number
        elif told.kind in ("vehicle_resold", "vehicle_bought_back"):
            theirs.pop(told.details["vehicle"], None)
        elif told.kind == "delivery_cancelled":
            for vehicle, number in list(theirs.items()):
                if number == told.undoes:
                    del theirs[vehicle]

    def owns(self, who: int) -> bool:
        return bool(self.vehicles[who])


def live_through(history: Iterable[Told], *books: Book) -> None:
    """Give every entry to each of the books."""
    garage = Garage()
    for told in history:
        if told.undoes is not None:
            for book in books:
                book.take_back(told)
            garage.learn(told)
            continue
        garage.learn(told)
        for book in books:
            book.take(told, garage.owns(told.who))


def local_day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def monday(at: datetime) -> str:
    day = local_day(at)
    return (day - timedelta(days=day.weekday())).isoformat()
