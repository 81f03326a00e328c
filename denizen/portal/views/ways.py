"""Ways to earn: every rule in force with what is left of its limits for the resident who looks (B-04)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denizen.kit import clock
from denizen.people.growth.queries import LimitLeft, Way, ways_to_earn
from denizen.portal.doors import Visitor, for_residents
from denizen.portal.rule_words import group_of, group_titles, left_words, pilot_label, window_words


@dataclass(frozen=True, slots=True)
class MeterTold:
    """One limit as a meter. ``shared``: several ways count against it, so it is told once for all of them."""

    what: str
    used: int
    whole: int
    left: str
    full: bool
    shared: bool

    @property
    def begun(self) -> bool:
        """Whether its way shows it: its own, once it is used."""
        return self.used > 0 and not self.shared


@dataclass(frozen=True, slots=True)
class WayTold:
    """A way with its meters."""

    way: Way
    meters: tuple[MeterTold, ...]
    pilot: str


@require_safe
@for_residents
def ways(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Groups that open one by one; ``open``: which one is asked for."""
    found: dict[str, list[WayTold]] = {key: [] for key in group_titles()}
    shared: dict[str, MeterTold] = {}
    for way in ways_to_earn(resident=visitor.resident, moment=clock.now()):
        told = WayTold(way, tuple(meter(limit) for limit in way.limits), pilot_label(way))
        found[group_of(way.system, way.contribution_class)].append(told)
        shared |= {line.what: line for line in told.meters if line.shared and line.used}
    titles = group_titles()
    groups = [(key, titles[key], members) for key, members in found.items() if members]
    asked = request.GET.get("open", "")
    opened = asked if asked in found else next((key for key, _, _ in groups), "")
    return render(request, "portal/ways.html", {"groups": groups, "shared": shared.values(), "opened": opened})


def meter(limit: LimitLeft) -> MeterTold:
    return MeterTold(
        window_words(limit), min(limit.used, limit.limit), limit.limit, left_words(limit), limit.left == 0,
        bool(limit.shared),
    )  # fmt: skip
