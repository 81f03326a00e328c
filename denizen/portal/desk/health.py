"""Health: is everything decided, who reports, how large has the city grown, and how are its books proven."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_safe

from denizen.ground.chronicle.queries import queue_state, sources
from denizen.kit import clock
from denizen.portal.doors import Visitor, for_staff

CALM_SECONDS_MAX = 60


@require_safe
@for_staff()
def health(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    now = clock.now()
    queue = queue_state()
    waited = (now - queue.oldest_ready_at).total_seconds() if queue.oldest_ready_at else 0
    context = {
        "queue": queue,
        "behind": waited > CALM_SECONDS_MAX,
        "size": filesizeformat(queue.database_bytes),
        "sources": sources(),
    }
    return render(request, "portal/desk/health.html", context)
