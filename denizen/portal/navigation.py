"""The places around every page: the resident's tab bar, the desk's rail, and where the page listens for changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from denizen.ground.chronicle.queries import late_entry_count
from denizen.ground.identity.constants import Permission
from denizen.ground.ledger.queries import waiting_correction_count
from denizen.people.risk.queries import open_case_count
from denizen.people.rulebook.queries import open_pause_count
from denizen.portal.doors import Visitor
from denizen.portal.words import of, spoken
from denizen.shell.navigation import Place

GRANTS = (Permission.GRANTS_GOODWILL, Permission.GRANTS_SURPRISE)
CORRECTIONS = (Permission.CORRECTIONS_PROPOSE, Permission.CORRECTIONS_APPROVE)


def places(request: HttpRequest) -> dict[str, Any]:
    """For every template. Asks nothing of the database unless a page behind a door shows its places."""
    visitor: Visitor | None = getattr(request, "visitor", None)
    words = {"spoken": spoken, "of": of}
    if visitor is None:
        return words
    return {
        **words,
        "visitor": visitor,
        "resident_nav": resident_places() if visitor.profile else guest_places() if not visitor.staff else [],
        "desk_nav": SimpleLazyObject(lambda: desk_places(visitor)),
        "live_ticket_url": reverse("live_ticket") if visitor.profile else "",
    }


def resident_places() -> list[Place]:
    return [
        Place("today", _("Today"), reverse("portal:today"), "today"),
        Place("ways", _("Ways to earn"), reverse("portal:ways"), "earn"),
        Place("check-in", _("Check in"), reverse("portal:today") + "#check-in", "plus", prominent=True),
        Place("history", _("History"), reverse("portal:history"), "history"),
        Place("me", _("Me"), reverse("portal:me"), "me"),
    ]


def guest_places() -> list[Place]:
    return [
        Place("today", _("The city"), reverse("portal:today"), "today"),
        Place("rules", _("Rule book"), reverse("portal:rules"), "rules"),
        Place("levels", _("Levels"), reverse("portal:levels"), "star"),
        Place("sign-in", _("Sign in"), reverse("account_login"), "me"),
    ]


def desk_places(visitor: Visitor) -> list[Place]:
    """What a member of the staff may open, with what waits there."""
    rules, bank, city = _("Rules"), _("Central bank"), _("City")
    found = [Place("desk", _("My desk"), reverse("portal:desk"))]
    if visitor.may(Permission.RESIDENTS_READ):
        found.append(Place("residents", _("Residents"), reverse("portal:residents")))
    found.append(Place("board", _("Rule changes"), reverse("portal:board"), section=rules))
    found.append(Place("books", _("Rule book"), reverse("portal:books"), section=rules))
    if visitor.may(Permission.RULES_PROPOSE, Permission.RULES_APPROVE, Permission.RULES_SPEAK, Permission.RULES_CHECK):
        found.append(Place("drafts", _("Drafts"), reverse("portal:drafts"), section=rules))
    if visitor.may(Permission.RULES_PROPOSE, Permission.RULES_APPROVE):
        found.append(Place("backtests", _("Backtests"), reverse("portal:backtests"), section=rules))
    if visitor.may(Permission.RULES_PROPOSE, Permission.RULES_APPROVE, Permission.RESIDENTS_READ):
        found.append(Place("rehearsal", _("Dry run"), reverse("portal:rehearsal"), section=rules))
    found.append(Place("pilots", _("Pilots"), reverse("portal:pilots"), section=rules))
    found.append(Place("stop", _("Paused rules"), reverse("portal:stop"), count=open_pause_count(), section=rules))
    found.append(Place("acts", _("Co-creation acts"), reverse("portal:acts"), section=rules))
    if visitor.may(Permission.BANK_READ):
        found.append(Place("bank", _("The city's money"), reverse("portal:bank"), section=bank))
    if visitor.may(*GRANTS, *CORRECTIONS):
        found.append(Place("budgets", _("Envelopes"), reverse("portal:budgets"), section=bank))
    if visitor.may(*CORRECTIONS, Permission.GRANTS_GOODWILL):
        count = waiting_correction_count()
        found.append(Place("second", _("Second person"), reverse("portal:second"), count=count, section=bank))
    if visitor.may(Permission.ENTRIES_REVIEW):
        found.append(Place("late", _("Late entries"), reverse("portal:late"), count=late_entry_count(), section=city))
    if visitor.may(Permission.RISK_REVIEW):
        found.append(Place("risk", _("Reviews"), reverse("portal:risk"), count=open_case_count(), section=city))
    if visitor.may(Permission.KEYS_ISSUE):
        found.append(Place("keys", _("Service keys"), reverse("portal:keys"), section=city))
    if visitor.may(Permission.YEARS_FREEZE):
        found.append(Place("years", _("Yearly lists"), reverse("portal:years"), section=city))
    found.append(Place("health", _("Health"), reverse("portal:health"), section=city))
    if visitor.profile is not None:
        found.append(Place("me", _("My own page"), reverse("portal:me"), section=city))
    return found
