"""The pages of reviews. The commands say who may decide; nobody decides about himself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import is_own_matter, names_of, public_ids_of
from denizen.insight.central_bank.queries import GRADE_TITLES
from denizen.kit import clock
from denizen.people.growth.commands import decide_case
from denizen.people.risk.commands import UnableToDecide
from denizen.people.risk.queries import (
    GROUPS,
    CaseView,
    GroupLine,
    SignalView,
    case_view,
    ended_cases,
    fairness,
    moments_of,
    open_cases,
    parameter_list,
    weighed_signals,
)
from denizen.portal.desk.risk.forms import VerdictForm
from denizen.portal.desk.risk.pictures import picture
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.refusals import refusal
from denizen.portal.risk_words import percent, signal_meaning, signal_sentence, signal_title
from denizen.portal.words import spoken

PICTURES_MAX = 4


@dataclass(frozen=True, slots=True)
class SignalTold:
    """A signal as the case's page shows it."""

    signal: SignalView
    title: str
    sentence: str
    picture: Markup | None


def words() -> dict[str, Any]:
    return {"signal_title": signal_title, "signal_meaning": signal_meaning, "percent": percent}


@require_safe
@for_staff(Permission.RISK_REVIEW)
def cases(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """What waits, the oldest first; then how others ended."""
    context = {**words(), "waiting": open_cases(), "ended": ended_cases(), "now": clock.now()}
    return render(request, "portal/desk/risk/cases.html", context)


@require_safe
@for_staff(Permission.RISK_REVIEW)
def case(request: HttpRequest, visitor: Visitor, public_id: UUID) -> HttpResponse:
    """Everything there is to read before deciding."""
    return _case(request, visitor, _found(public_id), None)


@require_POST
@for_staff(Permission.RISK_REVIEW)
def decide(request: HttpRequest, visitor: Visitor, public_id: UUID) -> HttpResponse:
    """Release or void."""
    found = _found(public_id)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _case(request, visitor, found, form)
    try:
        decide_case(actor=visitor.actor, case=found.line.id, moment=clock.now(), **form.cleaned_data)
    except (UnableToDecide, UnableToAct) as refused:
        form.add_error(None, refusal(refused))
        return _case(request, visitor, _found(public_id), form)
    released = form.cleaned_data["outcome"] == "released"
    messages.success(
        request,
        _("Released. What waited is decided now, in its order.") if released
        else _("Voided. What these entries brought is taken back, and everybody concerned reads why."),
    )  # fmt: skip
    return redirect("portal:risk_case", public_id=public_id)


@require_safe
@for_staff(Permission.RISK_REVIEW)
def signals(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """What is looked for, with every number, and how each pattern has fared."""
    context = {**words(), "weighed": weighed_signals(clock.now()), "parameters": parameter_list()}
    return render(request, "portal/desk/risk/signals.html", context)


@require_safe
@for_staff(Permission.RISK_REVIEW)
def fair(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """Who is reviewed how often, and how it ends, by what no signal may look at (P-04)."""
    by = request.GET.get("by", "grade")
    if by not in GROUPS:
        raise Http404
    lines = [(group_name(by, line), line) for line in fairness(by, clock.now())]
    return render(request, "portal/desk/risk/fairness.html", {**words(), "by": by, "lines": lines})


def group_name(by: str, line: GroupLine) -> str:
    if by == "grade":
        return next((spoken(title) for grade, title in GRADE_TITLES.items() if grade == line.member), line.member)
    if by == "tenure":
        return _tenure(line.member)
    if not line.member:
        return _("not told")
    return _("Tier %(number)s") % {"number": line.member} if by == "city_tier" else line.member


def _tenure(member: str) -> str:
    told = {"1": _("up to 90 days here"), "2": _("up to a year here"), "3": _("longer here")}
    return told[member]


def _found(public_id: UUID) -> CaseView:
    view = case_view(public_id)
    if view is None:
        raise Http404
    return view


def _own_part(view: CaseView, resident: int | None) -> CaseView:
    """Of a case about himself a reviewer reads what everybody concerned does: nothing of the others."""
    return replace(
        view,
        parties=tuple(line for line in view.parties if line.resident == resident),
        statements=tuple(said for said in view.statements if said.resident == resident),
    )


def _case(request: HttpRequest, visitor: Visitor, view: CaseView, form: VerdictForm | None) -> HttpResponse:
    people = {line.resident for line in view.parties}
    names = names_of(people)
    own = is_own_matter(visitor.actor, people)
    view = _own_part(view, visitor.actor.resident_id) if own else view
    context = {
        **words(),
        "view": view,
        "line": view.line,
        "signals": [
            SignalTold(
                signal, signal_title(signal.code), signal_sentence(signal),
                picture(signal, names, moments_of(signal.id)) if place < PICTURES_MAX and not own else None,
            )
            for place, signal in enumerate(view.signals)
        ],
        "names": names,
        "public_ids": public_ids_of(people),
        "own": own,
        "form": form or (VerdictForm() if view.line.state == "open" and not own else None),
        "now": clock.now(),
    }  # fmt: skip
    return render(request, "portal/desk/risk/case.html", context, status=422 if form else 200)
