"""A pilot and its result in sentences, for residents and for the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from django.utils.translation import gettext as _
from markupsafe import Markup

from denizen.kit import clock
from denizen.people.growth.queries import (
    CityCount,
    Effect,
    PilotResult,
    PilotView,
    TooFew,
    comparable,
    pilot_result,
    rate,
)
from denizen.people.rulebook.queries import Rule
from denizen.portal.rule_words import listed
from denizen.portal.words import spoken
from denizen.shell.drawings import Bar, bar_chart
from denizen.shell.figures import grouped, signed


@dataclass(frozen=True, slots=True)
class Drawn:
    """One effect: its sentence, its picture with the interval, and the same as a table. No picture where too little."""

    code: Literal["acts", "doers"]
    title: str
    words: str
    picture: Markup | None
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ResultTold:
    """A result for its readers. ``cost``: what an additional act cost, empty where nothing can be said."""

    result: PilotResult
    effects: tuple[Drawn, ...]
    cost: str
    paid: str


@dataclass(frozen=True, slots=True)
class PilotTold:
    """A pilot for its readers; ``told`` is None before it has begun."""

    view: PilotView
    title: str
    where: str
    question: str
    others: str
    told: ResultTold | None


def pilot_told(view: PilotView, now: datetime | None = None, *, counted: bool = True) -> PilotTold:
    """A pilot with its result as of ``now``; ``counted`` false leaves the result out."""
    assert view.rule.pilot is not None
    moment = now or clock.now()
    found = pilot_result(view, moment) if counted else None
    return PilotTold(
        view=view,
        title=spoken(view.rule.title),
        where=listed(view.rule.pilot.cities),
        question=spoken(view.rule.pilot.question),
        others=listed(comparable(view)) if counted else "",
        told=result_told(found, view.rule) if found else None,
    )


def result_told(result: PilotResult, rule: Rule) -> ResultTold:
    unit = "n" if rule.contribution_class else _("points")
    effects = tuple(
        _drawn(code, title, found, result.cities)
        for code, title, found in (
            ("acts", _("How often it was done"), result.acts),
            ("doers", _("How many residents did it"), result.doers),
        )
    )
    return ResultTold(result, effects, _cost(result, unit), f"{grouped(result.paid)} {unit}")


def per_thousand(millionths: int) -> int:
    """Per resident and week in millionths, as whole acts per thousand residents and week."""
    return round(Fraction(millionths, 1_000))


def _drawn(code: str, title: str, found: Effect | TooFew, cities: Sequence[CityCount]) -> Drawn:
    heads = (_("Per 1,000 residents and week"), _("Before"), _("During"), _("Change"))
    rows = [_group(cities, code, pilot=mine) for mine in (True, False)]
    words = effect_words(found)
    if isinstance(found, TooFew):
        return Drawn(code, title, words, None, heads, tuple(rows))  # type: ignore[arg-type]
    rows.append((_("Effect, with its 95%% interval") % {}, "", "", _interval(found.value, found.low, found.high)))
    value, low, high = (per_thousand(each) for each in (found.value, found.low, found.high))
    tone = "lake" if found.shows_more else "over" if found.shows_less else "quiet"
    changes = [
        Bar(name, _change_of(cities, code, pilot=mine), "quiet")
        for name, mine in ((_("Change in the pilot's cities"), True), (_("Change in the other cities"), False))
    ]
    effect = Bar(_("Effect, with its 95%% interval") % {}, value, tone, low, high)
    picture = bar_chart([*changes, effect], label=f"{title}: {words}")
    return Drawn(code, title, words, picture, heads, tuple(rows))  # type: ignore[arg-type]


def effect_words(found: Effect | TooFew) -> str:
    """One honest sentence: more, less, not to be told, or too little to say anything."""
    if isinstance(found, TooFew):
        return {
            "pilot_cities": _("Too few cities take part to say anything: %(found)s, and it needs %(needed)s."),
            "other_cities": _("Too few cities to compare with: %(found)s, and it needs %(needed)s."),
            "acts": _("It was done too rarely to say anything: %(found)s times, and it needs %(needed)s."),
        }[found.what] % {"found": grouped(found.found), "needed": grouped(found.needed)}
    told = {"interval": _interval(found.value, found.low, found.high)}
    if found.shows_more:
        return _("More than without the pilot: %(interval)s per 1,000 residents and week.") % told
    if found.shows_less:
        return _("Less than without the pilot: %(interval)s per 1,000 residents and week.") % told
    return _("No effect can be told from chance: %(interval)s per 1,000 residents and week.") % told


def _interval(value: int, low: int, high: int) -> str:
    middle, least, most = (signed(per_thousand(each)) for each in (value, low, high))
    return _("%(value)s (between %(low)s and %(high)s)") % {"value": middle, "low": least, "high": most}


def _cost(result: PilotResult, unit: str) -> str:
    if isinstance(result.acts, TooFew):
        return ""
    if result.per_act is None or result.per_act_low is None or result.per_act_high is None:
        return _("What an additional act cost cannot be said: there may have been none.")
    told = {
        "value": tenths(result.per_act), "low": tenths(result.per_act_low), "high": tenths(result.per_act_high),
        "unit": unit,
    }  # fmt: skip
    return _("%(value)s %(unit)s for each additional act (between %(low)s and %(high)s).") % told


def tenths(value: Fraction) -> str:
    whole, rest = divmod(round(value * 10), 10)
    return f"{grouped(whole)}.{rest}"


def sums(cities: Sequence[CityCount], code: str, *, pilot: bool) -> tuple[int, int, int, int]:
    """Acts (or doers) and resident seconds of a group: before, during."""
    group = [each for each in cities if each.pilot is pilot]
    names = (f"{code}_before", f"{code}_during", "seconds_before", "seconds_during")
    before, during, seconds_before, seconds_during = (sum(getattr(each, name) for each in group) for name in names)
    return before, during, seconds_before, seconds_during


def _rates(cities: Sequence[CityCount], code: str, *, pilot: bool) -> tuple[int, int]:
    before, during, seconds_before, seconds_during = sums(cities, code, pilot=pilot)
    found = rate(before, seconds_before) or 0, rate(during, seconds_during) or 0
    return per_thousand(found[0]), per_thousand(found[1])


def _change_of(cities: Sequence[CityCount], code: str, *, pilot: bool) -> int:
    before, during = _rates(cities, code, pilot=pilot)
    return during - before


def _group(cities: Sequence[CityCount], code: str, *, pilot: bool) -> tuple[str, ...]:
    before, during = _rates(cities, code, pilot=pilot)
    name = _("The pilot's cities") if pilot else _("The other cities")
    return name, grouped(before), grouped(during), signed(during - before)
