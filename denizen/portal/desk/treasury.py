"""The central bank: envelopes, and what waits for a second person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import names_of, public_ids_of, residents_of
from denizen.ground.ledger.commands import (
    CorrectedLine,
    CorrectionKind,
    UnableToCorrect,
    UnableToGrant,
    approve,
    correct,
    fund_envelope,
    refuse,
)
from denizen.ground.ledger.queries import corrections
from denizen.kit import clock, db
from denizen.portal.desk.envelopes import envelope_choices, envelopes
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.forms import FundForm, ManyForm
from denizen.portal.refusals import refusal

MONEY = (
    Permission.GRANTS_GOODWILL, Permission.GRANTS_SURPRISE, Permission.CORRECTIONS_PROPOSE,
    Permission.CORRECTIONS_APPROVE,
)  # fmt: skip
CORRECTIONS = (Permission.CORRECTIONS_PROPOSE, Permission.CORRECTIONS_APPROVE)


@require_safe
@for_staff(*MONEY)
def budgets(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What went into each envelope, what went out, what is left."""
    return _budgets(request, visitor, None)


@require_POST
@for_staff(Permission.CORRECTIONS_APPROVE)
def fund(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Put points into an envelope."""
    form = FundForm(request.POST, envelopes=envelope_choices())
    if not form.is_valid():
        return _budgets(request, visitor, form)
    told = form.cleaned_data
    try:
        with db.opening():
            fund_envelope(actor=visitor.actor, moment=clock.now(), **told)
    except UnableToGrant as refused:
        form.add_error(None, refusal(refused))
        return _budgets(request, visitor, form)
    messages.success(request, _("The points are in the envelope."))
    return redirect("portal:budgets")


@require_safe
@for_staff(*CORRECTIONS, Permission.GRANTS_GOODWILL)
def second(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Corrections and grants for many that wait, and those decided last."""
    return _second(request, visitor, None)


@require_POST
@for_staff(Permission.GRANTS_GOODWILL)
def many(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Propose goodwill for many; a little takes effect at once, more waits for a second person."""
    form = ManyForm(request.POST, envelopes=envelope_choices())
    if not form.is_valid():
        return _second(request, visitor, form)
    told = form.cleaned_data
    known = residents_of(told["people"])
    if len(known) < len(told["people"]):
        form.add_error("people", _("Not everybody is known here."))
        return _second(request, visitor, form)
    try:
        with db.opening():
            made = correct(
                actor=visitor.actor,
                lines=[CorrectedLine(known[public_id], told["amount"]) for public_id in told["people"]],
                reason=told["reason"],
                envelope=told["envelope"],
                moment=clock.now(),
                kind=CorrectionKind.BULK,
            )
    except (UnableToCorrect, UnableToGrant) as refused:
        form.add_error(None, refusal(refused))
        return _second(request, visitor, form)
    if made.needs_second:
        messages.warning(request, _("Proposed. It takes effect when a second person agrees."))
    else:
        messages.success(request, _("Given to everybody in the list."))
    return redirect("portal:second")


def _second(request: HttpRequest, visitor: Visitor, form: ManyForm | None) -> HttpResponse:
    waiting, decided = corrections(waiting=True), corrections(waiting=False, limit=20)
    people = {part.resident for each in (*waiting, *decided) for part in each.parts}
    context = {
        "waiting": waiting,
        "decided": decided,
        "names": names_of(people),
        "public_ids": public_ids_of(people),
        "titles": dict(envelope_choices()),
        "me": visitor.actor.pk,
        "may_decide": visitor.may(Permission.CORRECTIONS_APPROVE),
        "form": form or (ManyForm(envelopes=envelope_choices()) if visitor.may(Permission.GRANTS_GOODWILL) else None),
    }
    return render(request, "portal/desk/second.html", context, status=422 if form else 200)


@require_POST
@for_staff(Permission.CORRECTIONS_APPROVE)
def decide(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """Agree to a correction, or turn it down."""
    agreed = request.POST.get("answer") == "yes"
    try:
        with db.opening():
            (approve if agreed else refuse)(actor=visitor.actor, correction=number, moment=clock.now())
    except UnableToCorrect as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, _("Agreed; it has taken effect.") if agreed else _("Turned down; nothing moved."))
    return redirect("portal:second")


def _budgets(request: HttpRequest, visitor: Visitor, form: FundForm | None) -> HttpResponse:
    may_fund = visitor.may(Permission.CORRECTIONS_APPROVE)
    context = {
        "envelopes": envelopes(),
        "form": form or (FundForm(envelopes=envelope_choices()) if may_fund else None),
    }
    return render(request, "portal/desk/budgets.html", context, status=422 if form else 200)
