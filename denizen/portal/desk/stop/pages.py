"""The pages of paused rules. Two persons pause, two persons end a pause; the commands say who may."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import names_of, public_ids_of
from denizen.ground.ledger.commands import UnableToCorrect, UnableToGrant
from denizen.kit import clock
from denizen.people.growth.commands.mend import (
    Shortfall,
    UnableToMend,
    propose_mending,
    shortfall,
    standing_mending,
)
from denizen.people.growth.queries.affected import held_counts, held_entries, paid_by_rule
from denizen.people.rulebook.commands import (
    UnableToLift,
    UnableToSuspend,
    ask_suspension,
    confirm_false_alarm,
    confirm_suspension,
    refuse_suspension,
    tell_false_alarm,
)
from denizen.people.rulebook.queries import SuspensionView, suspension_for, suspensions, version_in_force, versions
from denizen.portal.desk.envelopes import book_now, envelope_choices
from denizen.portal.desk.stop.forms import MendingForm, SinceForm, SuspensionForm
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.refusals import refusal
from denizen.portal.words import spoken

PAGE = 50
PAID_SHOWN = 20
HELD_EXPORTED_MAX = 1_000_000


@require_safe
@for_staff()
def stop(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What is asked for, what is paused, and every pause before."""
    return _stop(request, visitor, None)


@require_POST
@for_staff(Permission.RULES_APPROVE)
def ask(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask for a pause; nothing is paused before another person confirms."""
    form = _form(request.POST)
    if not form.is_valid():
        return _stop(request, visitor, form)
    try:
        ask_suspension(actor=visitor.actor, moment=clock.now(), **form.cleaned_data)
    except UnableToSuspend as refused:
        form.add_error(None, refusal(refused))
        return _stop(request, visitor, form)
    messages.success(request, _("Asked for. The rule is paused as soon as another person confirms."))
    return redirect("portal:stop")


@require_POST
@for_staff(Permission.RULES_APPROVE)
def answer(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """The second person's word on a pause, or either person's on its end."""
    acts: dict[str, tuple[Callable[..., object], str]] = {
        "confirm": (confirm_suspension, _("Paused. What comes from now on waits in its order.")),
        "refuse": (refuse_suspension, _("Not paused. The rule goes on as it was.")),
        "alarm": (tell_false_alarm, _("Noted. The pause ends as soon as another person agrees.")),
        "lift": (confirm_false_alarm, _("Ended. What waited is decided now by the rules of its day.")),
    }
    act, said = acts.get(request.POST.get("answer", ""), (None, ""))
    if act is None:
        raise Http404
    try:
        act(actor=visitor.actor, suspension=number, moment=clock.now())
    except (UnableToSuspend, UnableToLift) as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, said)
    return redirect("portal:stopped", number=number)


@require_safe
@for_staff()
def stopped(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """One pause: its story, what waits, whom the rule has paid, and what is owed."""
    return _stopped(request, visitor, _found(number), None)


@require_POST
@for_staff(Permission.CORRECTIONS_PROPOSE)
def mend(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """Propose what was paid too little as a correction; a second person decides at his own place."""
    view = _found(number)
    form = MendingForm(request.POST, envelopes=envelope_choices())
    if view.lifted_by_version is None:
        raise Http404
    if not form.is_valid():
        return _stopped(request, visitor, view, form)
    try:
        propose_mending(
            actor=visitor.actor, suspension=number, version=view.lifted_by_version, since=form.moment(),
            reason=form.cleaned_data["reason"], envelope=form.cleaned_data["envelope"], moment=clock.now(),
        )  # fmt: skip
    except (UnableToMend, UnableToCorrect, UnableToGrant) as refused:
        form.add_error(None, refusal(refused))
        return _stopped(request, visitor, view, form)
    messages.success(request, _("Proposed. Nothing moves before a second person agrees."))
    return redirect("portal:stopped", number=number)


@require_safe
@for_staff(Permission.RESIDENTS_READ)
def affected(request: HttpRequest, _visitor: Visitor, number: int) -> HttpResponse:
    """Everybody concerned, as CSV: entries held, and what the rule paid since the chosen moment."""
    view = _found(number)
    held = held_entries(suspension=number, limit=HELD_EXPORTED_MAX)
    paid = paid_by_rule(rule=view.rule, since=_since(request, view))
    ids = public_ids_of({*(each.resident for each in held), *(each.resident for each in paid)})
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pause-{number}.csv"'
    out = csv.writer(response)
    out.writerow(["resident", "what", "occurred_at", "times", "points", "contribution"])
    for each in held:
        state = "held" if each.waits else "released"
        out.writerow([ids[each.resident], state, each.occurred_at.isoformat(), 1, "", ""])
    for line in paid:
        out.writerow([ids[line.resident], "paid", "", line.times, line.points, line.contribution])
    return response


def _stop(request: HttpRequest, visitor: Visitor, form: SuspensionForm | None) -> HttpResponse:
    known = suspensions(clock.now())
    may = visitor.may(Permission.RULES_APPROVE)
    context = {
        "open": [view for view in known if view.is_open],
        "over": [view for view in known if not view.is_open],
        "counts": held_counts(view.id for view in known),
        "me": visitor.actor.pk,
        "may": may,
        "form": form or (_form(None) if may else None),
    }
    return render(request, "portal/desk/stop/stop.html", context, status=422 if form else 200)


def _form(data: Any) -> SuspensionForm:
    book = book_now()
    rules = [(rule.code, f"{spoken(rule.title)} · {rule.code}") for rule in book.rules] if book else []
    return SuspensionForm(data, rules=rules)


def _found(number: int) -> SuspensionView:
    view = suspension_for(number, clock.now())
    if view is None:
        raise Http404
    return view


def _stopped(request: HttpRequest, visitor: Visitor, view: SuspensionView, form: MendingForm | None) -> HttpResponse:
    since = form.moment() if form is not None and form.is_valid() else _since(request, view)
    may_read = visitor.may(Permission.RESIDENTS_READ)
    after = request.GET.get("after", "")
    held = held_entries(suspension=view.id, after=_number(after), limit=PAGE + 1) if may_read else []
    paid = paid_by_rule(rule=view.rule, since=since)
    people = {*(each.resident for each in held), *(each.resident for each in paid[:PAID_SHOWN])}
    asked = "owed" in request.GET or form is not None
    owed, said = _owed(view, since) if asked and view.lifted_by_version is not None else (None, "")
    context = {
        "view": view,
        "count": held_counts([view.id])[view.id],
        "held": held[:PAGE],
        "more": held[PAGE - 1].entry if len(held) > PAGE else None,
        "paid": paid[:PAID_SHOWN] if may_read else [],
        "paid_in_all": (len(paid), sum(each.points for each in paid), sum(each.contribution for each in paid)),
        "names": names_of(people),
        "public_ids": public_ids_of(people),
        "since": since,
        "since_text": f"{_local(since):%Y-%m-%dT%H:%M}",
        "since_form": SinceForm(initial={"since": _local(since)}),
        "owed": owed,
        "owed_said": said,
        "mending": standing_mending(view.id),
        "form": form or _mending_form(visitor, owed, since),
        "me": visitor.actor.pk,
        "may": visitor.may(Permission.RULES_APPROVE),
        "may_read": may_read,
    }
    return render(request, "portal/desk/stop/stopped.html", context, status=422 if form else 200)


def _owed(view: SuspensionView, since: datetime) -> tuple[Shortfall | None, str]:
    """What is owed by the version that repairs the rule, or why it cannot be said."""
    try:
        return shortfall(rule=view.rule, kind=view.kind, version=view.lifted_by_version or 0, since=since), ""
    except UnableToMend as refused:
        return None, refusal(refused)


def _mending_form(visitor: Visitor, owed: Shortfall | None, since: datetime) -> MendingForm | None:
    if owed is None or not owed.owed or not visitor.may(Permission.CORRECTIONS_PROPOSE):
        return None
    return MendingForm(envelopes=envelope_choices(), initial={"since": f"{_local(since):%Y-%m-%dT%H:%M}"})


def _local(moment: datetime) -> datetime:
    """A moment on the city's clocks, as a field of a form shows it."""
    return moment.astimezone(ZoneInfo(settings.CITY_TIME_ZONE)).replace(tzinfo=None)


def _since(request: HttpRequest, view: SuspensionView) -> datetime:
    """The chosen moment; else since the version took force that was paused."""
    form = SinceForm(request.GET if "since" in request.GET else None)
    if form.is_bound and form.is_valid():
        return form.moment()
    began = view.confirmed_at or view.asked_at
    broken = version_in_force(began)
    return _began(broken.number, began) if broken is not None else began


def _began(number: int, paused_at: datetime) -> datetime:
    """When the version took force under which the rule was paused."""
    spans = [each.effective_from for each in versions(paused_at) if each.number == number]
    return next((moment for moment in spans if moment is not None), paused_at)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
