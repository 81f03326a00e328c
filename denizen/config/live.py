"""Where a page fetches the ticket for its live stream."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from denizen.ground.identity.queries import resident_of
from denizen.kit.tickets import SECONDS_MAX, issue_ticket

TOPIC = "resident"
SIGNED_OUT = "-"
"""Before a resident's key on the live channel: his streams end, and come back only with a new ticket."""


@require_POST
@never_cache
def ticket(request: HttpRequest) -> JsonResponse:
    """A ticket for the signed-in resident's own stream; 401 for guests and for staff who are no residents."""
    profile = resident_of(request.user)
    if profile is None:
        return JsonResponse({"code": "sign_in"}, status=401)
    return JsonResponse({"ticket": issue_ticket(resident=profile.resident_id, topic=TOPIC), "seconds": SECONDS_MAX})
