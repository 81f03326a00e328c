"""The board of all changes (A-36, A-38, A-52)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denizen.kit import clock
from denizen.people.rulebook.queries import changes
from denizen.portal.desk.cycle.cards import card_of, columns, gone_by
from denizen.portal.doors import Visitor, for_staff


@require_safe
@for_staff()
def board(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Every change under its stage; with ``?show=mine`` those the reader had a hand in or that wait for him."""
    now = clock.now()
    known = changes(now)
    only_mine = request.GET.get("show") == "mine"
    cards = [card_of(change, visitor, now, settings.APPROVALS_MAX) for change in known]
    shown = [card for card in cards if not only_mine or card.mine or card.change.touched_by(visitor.actor.pk)]
    context = {
        "columns": columns(shown),
        "gone_by": gone_by(shown),
        "overdue": [card for card in cards if card.change.review_overdue],
        "long_chains": [card for card in cards if card.chain_too_long],
        "approvals_max": settings.APPROVALS_MAX,
        "only_mine": only_mine,
        "any": bool(known),
    }
    return render(request, "portal/desk/cycle/board.html", context)
