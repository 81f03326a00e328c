"""Today: the greeting, the city at dusk, checking in, what arrived last. For guests: what this city is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.ledger.queries import balance
from denizen.kit import clock
from denizen.people.growth.commands import check_in as record_check_in
from denizen.people.growth.queries import has_checked_in, history_for, own_pauses, ways_to_earn, windows_lit
from denizen.people.standing.constants import YEARLY_PLACES
from denizen.people.standing.queries import distance_to, rank_of
from denizen.portal.doors import Visitor, for_everybody, for_residents
from denizen.portal.money import expiring_words
from denizen.portal.receipts import told
from denizen.portal.words import greeting, today_in_words

RECEIPTS_SHOWN = 4
WAYS_SHOWN = 4


@require_safe
@for_everybody
def today(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The front page: a resident's day, the desk for who only works here, and a calm hello for guests."""
    now = clock.now()
    if visitor.profile is not None:
        context = {
            "greeting": greeting(visitor.profile.name, now),
            "day_words": today_in_words(now),
            "still_possible": _still_possible(visitor.resident, now),
            **dusk_context(visitor.resident, now),
            **pulse_context(visitor.resident, now),
        }
        response = render(request, "portal/today.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response
    if visitor.staff is not None:
        return redirect("portal:desk")
    return render(request, "portal/welcome.html", {"lit": windows_lit(moment=now)})


@require_POST
@for_residents
def check_in(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Light one's window, once a day. Points follow as soon as the worker has decided (B-08, B-50)."""
    now = clock.now()
    answer = record_check_in(resident=visitor.resident, moment=now)
    fresh = answer.status == "accepted"
    if request.headers.get("HX-Request"):
        return render(request, "portal/parts/dusk.html", {**dusk_context(visitor.resident, now), "just_lit": fresh})
    if fresh:
        messages.success(request, _("Your window is lit. What it brings stands in your history in a moment."))
    else:
        messages.info(request, _("Your window was lit already today. It counts once a day."))
    return redirect("portal:today")


@require_safe
@for_residents
def pulse(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What changes while one looks: points, place and the latest receipts, as a fragment."""
    context = pulse_context(visitor.resident, clock.now(), known=request.GET.get("known", ""))
    return render(request, "portal/parts/pulse.html", context)


def dusk_context(resident: int, now: Any) -> dict[str, Any]:
    return {"lit": windows_lit(moment=now), "home_lit": has_checked_in(resident=resident, moment=now)}


def pulse_context(resident: int, now: Any, *, known: str = "") -> dict[str, Any]:
    """``known``: the points the page showed before; the number blooms when there are more now."""
    points = balance(resident, now)
    page = history_for(resident=resident, limit=RECEIPTS_SHOWN)
    rank = rank_of(resident)
    return {
        "points": points,
        "expiring": expiring_words(points),
        "blooms": known.isdecimal() and len(known) < 19 and points.available > int(known),
        "receipts": [told(receipt, now) for receipt in page.receipts],
        "rank": rank,
        "distance": distance_to(resident, YEARLY_PLACES) if rank is None or rank > YEARLY_PLACES else 0,
        "honoured": YEARLY_PLACES,
        "own_pauses": own_pauses(resident=resident, moment=now),
    }


def _still_possible(resident: int, now: Any) -> list[Any]:
    """A few ways that reset within days and are not used up."""
    ways = ways_to_earn(resident=resident, moment=now)
    daily = [way for way in ways if not (way.done or way.paused) and any(limit.per == "day" for limit in way.limits)]
    weekly = [
        way
        for way in ways
        if not (way.done or way.paused) and any(limit.per in {"week", "month"} for limit in way.limits)
    ]
    return [way for way in (*daily, *weekly) if way.kind != "checked_in"][:WAYS_SHOWN]
