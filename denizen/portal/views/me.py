"""Me: everything the city holds about its resident, for him to read, with the reason of each (A-02, B-49, B-70)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.identity import queries as identity
from denizen.ground.identity.commands import UnableToInvite, issue_invite_code
from denizen.ground.identity.constants import RIGHT_TITLES, Right
from denizen.ground.ledger.queries import balance
from denizen.kit import clock, db
from denizen.people.growth.queries import own_pauses
from denizen.people.risk.queries import points_in_review
from denizen.people.standing import queries as standing
from denizen.people.standing.constants import YEARLY_PLACES
from denizen.portal.doors import Visitor, for_residents
from denizen.portal.money import expiring_words
from denizen.portal.path import growth_path
from denizen.portal.refusals import refusal
from denizen.portal.reviews import reviews_told


@require_safe
@for_residents
def me(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The resident's own page."""
    now = clock.now()
    resident = visitor.resident
    levels = identity.levels_held(resident, now)
    rights = {right for level in levels for right in level.version.rights}
    context = {
        **points_context(resident, now),
        **standing_context(visitor, now),
        "reviews": reviews_told(resident, now),
        "own_pauses": own_pauses(resident=resident, moment=now),
        "levels": levels,
        "path": growth_path(resident=resident, joined_at=visitor.joined_at, now=now),
        "right_titles": RIGHT_TITLES,
        "may_invite": Right.INVITE_FRIENDS in rights,
        "invite_code": identity.invite_code_of(resident) if Right.INVITE_FRIENDS in rights else "",
    }
    return render(request, "portal/me.html", context)


@require_safe
@for_residents
def points(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The card of points alone, for a page that hears of a change."""
    context = points_context(visitor.resident, clock.now(), known=request.GET.get("known", ""))
    return render(request, "portal/parts/points.html", context)


@require_POST
@for_residents
def invite(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask for one's invitation code; the same one however often it is asked for (B-20)."""
    try:
        with db.opening():
            issue_invite_code(resident_id=visitor.resident, moment=clock.now())
    except UnableToInvite as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, _("This is your code, and it stays yours. Give it to friends before they order."))
    return redirect("portal:me")


def points_context(resident: int, now: datetime, *, known: str = "") -> dict[str, Any]:
    held = balance(resident, now)
    return {
        "in_review": points_in_review(resident) if held.reserved else 0,
        "points": held,
        "expiring": expiring_words(held),
        "blooms": known.isdecimal() and len(known) < 19 and held.available > int(known),
    }


def standing_context(visitor: Visitor, now: datetime) -> dict[str, Any]:
    resident = visitor.resident
    rank = standing.rank_of(resident)
    return {
        "profile": visitor.profile,
        "marks": identity.labels_for([resident], now).get(resident, []),
        "labels": standing.labels_for([resident], now).get(resident, []),
        "contribution": standing.profile(resident),
        "rank": rank,
        "distance": standing.distance_to(resident, YEARLY_PLACES),
        "honoured": YEARLY_PLACES,
        "honours": standing.honours_for(resident, resident),
    }
