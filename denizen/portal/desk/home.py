"""My desk: what waits for the person who looks."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denizen.ground.chronicle.queries import late_entry_count, queue_state
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import staff_card
from denizen.ground.ledger.queries import waiting_correction_count
from denizen.kit import clock
from denizen.people.rulebook.queries import Stage, changes, pauses_for_second, tasks_for, versions
from denizen.portal.desk.cycle.cards import card_of
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.words import greeting


@require_safe
@for_staff()
def desk(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Counts of what waits; only what the person may decide."""
    now = clock.now()
    known = versions(now)
    may_review, may_second = visitor.may(Permission.ENTRIES_REVIEW), visitor.may(Permission.CORRECTIONS_APPROVE)
    on_their_way = changes(now)
    turns = tasks_for(visitor.actor.pk, visitor.permits, on_their_way)
    context = {
        "greeting": greeting(visitor.actor.name, now),
        "card": staff_card(visitor.actor, now),
        "late": late_entry_count() if may_review else None,
        "second": waiting_correction_count() if may_second else None,
        "proposed": [change for change in on_their_way if change.stage in (Stage.TRYING, Stage.APPROVING)],
        "pauses": pauses_for_second(visitor.actor, now) if visitor.may(Permission.RULES_APPROVE) else None,
        "in_force": next((version for version in known if version.state == "in_force"), None),
        "turns": [card_of(change, visitor, now, settings.APPROVALS_MAX) for change in turns],
        "queue": queue_state(),
        "may_read": visitor.may(Permission.RESIDENTS_READ),
    }
    return render(request, "portal/desk/home.html", context)
