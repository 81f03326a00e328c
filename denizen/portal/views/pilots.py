"""Pilots for everybody: where something is tried, until when, what the city wants to learn, and what it learnt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denizen.kit import clock
from denizen.people.growth.queries import pilots
from denizen.portal.doors import Visitor, for_everybody
from denizen.portal.pilot_words import pilot_told


@require_safe
@for_everybody
def pilots_public(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """Every pilot; the result is told when it has ended, so that nobody acts for the sake of the measurement."""
    now = clock.now()
    told = [pilot_told(view, now, counted=view.state == "ended") for view in pilots(now)]
    return render(request, "portal/pilots.html", {"pilots": told})
