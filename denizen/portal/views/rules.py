"""The rule book and the levels, for everybody to read, signed in or not (A-02, A-35)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denizen.ground.identity.constants import RIGHT_TITLES
from denizen.ground.identity.queries import published_levels
from denizen.kit import clock
from denizen.people.rulebook.queries import VersionView, book_numbers, versions
from denizen.portal.doors import Visitor, for_everybody
from denizen.portal.rule_words import grouped_rules

PUBLIC = {"in_force", "announced", "replaced"}


@require_safe
@for_everybody
def rules(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """The book in force."""
    known = [version for version in versions(clock.now()) if version.state in PUBLIC]
    current = next((version for version in known if version.state == "in_force"), None)
    return _page(request, current, known)


@require_safe
@for_everybody
def version(request: HttpRequest, _visitor: Visitor, number: int) -> HttpResponse:
    """One approved version; what is only proposed is read at the desk."""
    known = [version for version in versions(clock.now()) if version.state in PUBLIC]
    shown = next((version for version in known if version.number == number), None)
    if shown is None:
        raise Http404
    return _page(request, shown, known)


@require_safe
@for_everybody
def levels(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """The levels in force, with condition and rights."""
    context = {"levels": published_levels(clock.now()), "right_titles": RIGHT_TITLES}
    return render(request, "portal/levels.html", context)


def _page(request: HttpRequest, shown: VersionView | None, known: list[VersionView]) -> HttpResponse:
    groups = grouped_rules(book_numbers([shown.number])[shown.number]) if shown else []
    return render(request, "portal/rules.html", {"shown": shown, "versions": known, "groups": groups})
