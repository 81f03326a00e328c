"""Everything about an award but its amount, its condition and its caps: to whom, what, how long, until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from .model import Rule, Text
from .taking import Taking


def terms_taken(old: Rule, new: Rule) -> Iterator[Taking]:
    """What of an award is worse than it was."""
    told = {"rule": old.title}
    if old.kind != new.kind:
        yield Taking("kind", old.code, told)
    if old.beneficiary != new.beneficiary:
        yield Taking("beneficiary", old.code, told)
    if new.names not in (None, old.names):
        yield Taking("names", old.code, told)
    if (old.asset, old.contribution_class) != (new.asset, new.contribution_class):
        yield Taking("asset", old.code, told)
    if _starts_later(old, new) or _ends_sooner(old, new):
        yield Taking("validity", old.code, told)
    if new.pilot is not None and old.pilot is None:
        yield Taking("pilot_begun", old.code, {**told, "cities": _listed(new.pilot.cities)})
    elif new.pilot is not None and (left := _cities_left(old, new)):
        yield Taking("pilot_city_left", old.code, {**told, "cities": _listed(left)})
    if new.lot_days is not None and (old.lot_days is None or new.lot_days < old.lot_days):
        yield Taking("lot_days", old.code, {**told, "after": new.lot_days})
    if new.hold_days > old.hold_days:
        yield Taking("hold_days", old.code, {**told, "before": old.hold_days, "after": new.hold_days})
    if new.lot_priority != old.lot_priority:
        yield Taking("lot_priority", old.code, told)
    if new.reversal_kind not in (None, old.reversal_kind):
        yield Taking("reversal", old.code, told)


def life_of(rule: Rule) -> tuple[int | None, int, int]:
    """How long what a rule pays lasts, when it is spent, and after how long."""
    return rule.lot_days, rule.lot_priority, rule.hold_days


def _starts_later(old: Rule, new: Rule) -> bool:
    return new.valid_from is not None and (old.valid_from is None or new.valid_from > old.valid_from)


def _ends_sooner(old: Rule, new: Rule) -> bool:
    return new.valid_to is not None and (old.valid_to is None or new.valid_to < old.valid_to)


def _cities_left(old: Rule, new: Rule) -> tuple[str, ...]:
    """Cities where the rule was tried and would not be any more."""
    before, after = (rule.pilot.cities if rule.pilot else () for rule in (old, new))
    return tuple(city for city in before if city not in after)


def _listed(cities: tuple[str, ...]) -> Text:
    return Text(", ".join(cities), "、".join(cities))


def lives(rule: Rule, since: datetime | None) -> bool:
    return since is None or rule.valid_to is None or rule.valid_to > since


def as_from(rule: Rule, since: datetime | None) -> Rule:
    """The rule as it looks from ``since`` on: a beginning before that is no condition any more."""
    begun = since is not None and rule.valid_from is not None and rule.valid_from <= since
    return replace(rule, valid_from=None) if begun else rule
