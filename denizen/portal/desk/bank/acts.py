"""What staff do at the central bank: assume, look at a grant, close a month."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import Permission
from denizen.insight.central_bank.commands import (
    UnableToAssume,
    UnableToClose,
    UnableToReview,
    Values,
    close_month,
    review_grant,
    set_assumption,
)
from denizen.insight.central_bank.queries import month_close_of
from denizen.kit import db
from denizen.portal.desk.bank.asked import clocks, scope_asked
from denizen.portal.desk.bank.closes import close_page
from denizen.portal.desk.bank.grants import ReviewForm, grants_page
from denizen.portal.desk.bank.liability import AssumptionForm, liability_page
from denizen.portal.desk.bank.pages import csv_of, show
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.refusals import refusal


@require_POST
@for_staff(Permission.BANK_CLOSE)
def bank_assume(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A new version of everything assumed."""
    city, form = clocks(), AssumptionForm(request.POST)
    scope = scope_asked(request, city)
    if not form.is_valid():
        return show(request, liability_page(scope, city, form), scope, 422)
    told = dict(form.cleaned_data)
    reason = told.pop("reason")
    try:
        with db.opening():
            set_assumption(actor=visitor.actor, values=Values(**told), reason=reason, moment=city.now)
    except (UnableToAssume, UnableToAct) as refused:
        form.add_error(None, refusal(refused))
        return show(request, liability_page(scope, city, form), scope, 422)
    messages.success(request, _("Assumed from now on; earlier closes keep what was assumed then."))
    return redirect("portal:bank_liability")


@require_POST
@for_staff(Permission.BANK_READ)
def bank_review(request: HttpRequest, visitor: Visitor, posting: int) -> HttpResponse:
    """What was found about a grant."""
    city, form = clocks(), ReviewForm(request.POST)
    scope = scope_asked(request, city)
    if not form.is_valid():
        return show(request, grants_page(scope, city, {posting: form}), scope, 422)
    told = form.cleaned_data
    try:
        with db.opening():
            review_grant(
                actor=visitor.actor, posting=posting, meant_well=told["meant_well"] == "yes",
                fitting=told["fitting"] == "yes", lesson=told["lesson"], moment=city.now,
            )  # fmt: skip
    except (UnableToReview, UnableToAct) as refused:
        form.add_error(None, refusal(refused))
        return show(request, grants_page(scope, city, {posting: form}), scope, 422)
    messages.success(request, _("Written down, so that others learn from it."))
    return redirect("portal:bank_grants")


@require_POST
@for_staff(Permission.BANK_CLOSE)
def bank_close(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Freeze the statement of the month that comes next."""
    city = clocks()
    try:
        with db.opening():
            close = close_month(
                actor=visitor.actor, month=_month(request.POST.get("month", "")), zone=city.zone, moment=city.now
            )
    except (UnableToClose, UnableToAct) as refused:
        messages.error(request, refusal(refused))
        return redirect("portal:bank_closes")
    messages.success(request, _("The month is closed; its statement never changes."))
    return redirect("portal:bank_month", month=f"{close.month:%Y-%m}")


@require_safe
@for_staff(Permission.BANK_READ)
def bank_month(request: HttpRequest, visitor: Visitor, month: str) -> HttpResponse:  # noqa: ARG001
    """The statement of a closed month, worked out again beside."""
    city = clocks()
    close = month_close_of(_month(month))
    if close is None:
        raise Http404
    scope = scope_asked(request, city)
    page = close_page(close, city)
    wanted = request.GET.get("csv")
    return csv_of(page, wanted, scope) if wanted else show(request, page, scope)


def _month(text: str) -> date:
    """``2026-10`` as its first day."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Http404 from error
