"""The page of the dry run. Trying leaves nothing behind, so nothing needs to be confirmed or undone."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from denizen.ground.chronicle.commands import APP, CallBudget
from denizen.ground.chronicle.kinds import KINDS, Kind
from denizen.ground.chronicle.queries import sources
from denizen.ground.identity import queries as identity
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import ResidentLine
from denizen.kit import clock
from denizen.people.growth.commands.rehearse import UnableToRehearse, rehearse
from denizen.people.rulebook.queries import Book, versions
from denizen.people.rulebook.queries.drafts import draft_book, drafts
from denizen.portal.desk.rehearsal.forms import EntryForm, kind_choices
from denizen.portal.desk.rehearsal.told import RehearsalTold, rehearsal_told
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.refusals import refusal
from denizen.portal.words import chinese

FOUND_MAX = 8
TRIALS_PER_MINUTE = 30
FIRST_KIND = "checked_in"
DRAFT = "draft-"

trial_budget = CallBudget(TRIALS_PER_MINUTE, TRIALS_PER_MINUTE)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(Permission.RULES_PROPOSE, Permission.RULES_APPROVE, Permission.RESIDENTS_READ)
def rehearsal(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Choose who does what when, and by which rules; read what would happen.

    Who may not read residents tries with a newcomer. Trials are limited by the minute: each holds wallets for a moment.
    """
    asked = request.POST if request.method == "POST" else request.GET
    kind = KINDS.get(asked.get("kind", ""), KINDS[FIRST_KIND])
    may_read = visitor.may(Permission.RESIDENTS_READ)
    resident = _resident(asked.get("resident", "")) if may_read else None
    form = _form(request, kind, may_read)
    told = _tried(visitor, form, resident) if request.method == "POST" and form.is_valid() else None
    words = asked.get("q", "").strip()[:200]
    context = {
        "kinds": kind_choices(),
        "kind": kind,
        "kind_title": kind.title_zh if chinese() else kind.title_en,
        "form": form,
        "resident": resident,
        "may_read": may_read,
        "words": words,
        "found": identity.residents_found(words=words, limit=FOUND_MAX) if words and may_read else None,
        "told": told,
    }
    return render(request, "portal/desk/rehearsal/rehearsal.html", context, status=422 if form.errors else 200)


def _resident(text: str) -> ResidentLine | None:
    try:
        public_id = UUID(text)
    except ValueError:
        return None
    return next(iter(identity.residents_found(words=str(public_id), limit=1)), None)


def _form(request: HttpRequest, kind: Kind, may_read: bool) -> EntryForm:
    now = clock.now().astimezone(ZoneInfo(settings.CITY_TIME_ZONE)).replace(tzinfo=None)
    return EntryForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        sources=[(code, code) for code in dict.fromkeys([APP, *(each.code for each in sources())])],
        books=_books(),
        with_people=may_read,
        initial={"occurred_at": now, "source": APP},
    )


def _books() -> list[tuple[str, str]]:
    """What is in force at that moment first, then drafts that are sound, then every version."""
    told = [("", _("What is in force then"))]
    told += [
        (f"{DRAFT}{draft.id}", _("Draft: %(title)s") % {"title": draft.title}) for draft in drafts() if draft.sound
    ]
    told += [
        (str(version.number), _("Version %(number)s") % {"number": version.number}) for version in versions(clock.now())
    ]
    return told


def _book(chosen: str) -> Book | int | None:
    if chosen.startswith(DRAFT):
        return draft_book(int(chosen.removeprefix(DRAFT)))
    return int(chosen) if chosen else None


def _tried(visitor: Visitor, form: EntryForm, resident: ResidentLine | None) -> RehearsalTold | None:
    """What would happen; None with an error on the form when it cannot be tried."""
    if wait := trial_budget.wait_seconds(visitor.actor.pk, time.monotonic()):
        form.add_error(None, _("Too many trials in a minute; try again in %(wait)s seconds.") % {"wait": wait})
        return None
    reference = str(resident.public_id) if resident is not None else f"rehearsal-{uuid4()}"
    moment = max(clock.now(), form.occurred_at() + timedelta(seconds=1))
    try:
        found = rehearse(
            source=form.cleaned_data["source"],
            raw=[form.entry(reference)],
            moment=moment,
            under=_book(form.cleaned_data["book"]),
            newcomers=resident is None or not form.with_people,
        )
    except UnableToRehearse as refused:
        form.add_error(None, refusal(refused))
        return None
    for problem in (problem for each in found.tried for problem in each.answer.problems):
        _complain(form, problem)
    return None if form.errors else rehearsal_told(found, newcomer=resident is None)


def _complain(form: EntryForm, problem: Any) -> None:
    """What the API would answer, at the field it is about."""
    name = problem.field.replace("payload.", "part_")
    form.add_error(name if name in form.fields else None, problem.message("zh" if chinese() else "en"))
