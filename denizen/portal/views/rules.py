"""The rule book and the levels, for everybody to read, signed in or not (A-02, A-35)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denizen.ground.identity.constants import RIGHT_TITLES
from denizen.ground.identity.queries import published_levels
from denizen.kit import clock
from denizen.people.growth.queries import ways_to_earn
from denizen.people.rulebook.queries import (
    VersionView,
    book_numbers,
    changes,
    paused_rules,
    successions,
    suspensions,
    versions,
)
from denizen.portal.doors import Visitor, for_everybody
from denizen.portal.law_words import VersionTold, version_told
from denizen.portal.rule_words import grouped_rules
from denizen.portal.views.ways import MeterTold, meter

PUBLIC = {"in_force", "announced", "replaced"}


@require_safe
@for_everybody
def rules(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The book in force: announced changes first, what is paused, and what is left for the resident who looks."""
    known = _known()
    current = next((version for version in known if version.state == "in_force"), None)
    announced = [version.number for version in known if version.state == "announced"]
    context: dict[str, object] = {
        "announced": versions_told(announced),
        "paused": paused_rules(clock.now()),
        "meters": _meters(visitor),
        "told": None,
    }
    return _page(request, current, known, context)


@require_safe
@for_everybody
def version(request: HttpRequest, _visitor: Visitor, number: int) -> HttpResponse:
    """One approved version, at an address that stays; what is only proposed is read at the desk."""
    known = _known()
    shown = next((version for version in known if version.number == number), None)
    if shown is None:
        raise Http404
    told = next(iter(versions_told([number])), None)
    return _page(request, shown, known, {"announced": [], "paused": {}, "meters": {}, "told": told})


@require_safe
@for_everybody
def history(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """Every version with what it changed, who signed it, and every pause of a rule."""
    known = _known()
    context = {
        "history": versions_told([version.number for version in known]),
        "states": {version.number: version.state for version in known},
        "pauses": [pause for pause in suspensions(clock.now()) if pause.confirmed_at is not None],
    }
    return render(request, "portal/law/history.html", context)


@require_safe
@for_everybody
def levels(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """The levels in force, with condition and rights."""
    context = {"levels": published_levels(clock.now()), "right_titles": RIGHT_TITLES}
    return render(request, "portal/levels.html", context)


def versions_told(numbers: list[int]) -> list[VersionTold]:
    """Versions beside the ones they follow, latest first."""
    if not numbers:
        return []
    signed = {change.number: change for change in changes(clock.now())}
    return [version_told(each, signed[each.number]) for each in successions(numbers)]


def _known() -> list[VersionView]:
    return [version for version in versions(clock.now()) if version.state in PUBLIC]


def _meters(visitor: Visitor) -> dict[str, tuple[MeterTold, ...]]:
    """What is left of the limits of the resident who looks, by rule."""
    if visitor.profile is None:
        return {}
    ways = ways_to_earn(resident=visitor.resident, moment=clock.now())
    return {way.rule: tuple(meter(limit) for limit in way.limits) for way in ways}


def _page(
    request: HttpRequest, shown: VersionView | None, known: list[VersionView], context: dict[str, object]
) -> HttpResponse:
    """``open`` asks for all groups, or for the one of this key or with the rule of this code."""
    book = book_numbers([shown.number])[shown.number] if shown else None
    groups = grouped_rules(book) if book else []
    asked = request.GET.get("open", "")
    at = next((group.key for group in groups if asked == group.key or asked in {rule.code for rule in group.rules}), "")
    overdue = shown is not None and shown.review_on is not None and shown.review_on <= clock.now().date()
    context |= {
        "shown": shown, "versions": known, "groups": groups, "book": book, "opened": asked == "all", "at": at,
        "overdue": overdue,
    }  # fmt: skip
    return render(request, "portal/rules.html", context)
