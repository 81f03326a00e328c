"""What a resident says to a review of his own entries."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from denizen.kit import clock
from denizen.people.risk.commands import UnableToSay
from denizen.people.risk.commands import say as add_statement
from denizen.portal.doors import Visitor, for_residents
from denizen.portal.refusals import refusal


@require_POST
@for_residents
def say(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """Add one's own words to the review."""
    try:
        add_statement(resident=visitor.resident, case=number, words=request.POST.get("words", ""), moment=clock.now())
    except UnableToSay as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, _("Thank you. Whoever decides reads it first."))
    return redirect("portal:me")
