"""Entries that came later than their source may: a person admits or dismisses them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.chronicle.queries import late_entries
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import names_of, public_ids_of
from denizen.kit import clock
from denizen.people.growth.commands import UnableToAdmit, UnableToDismiss, dismiss
from denizen.people.growth.commands import admit as record_admission
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.forms import DismissForm
from denizen.portal.refusals import refusal


@require_safe
@for_staff(Permission.ENTRIES_REVIEW)
def late(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """Who did what when, how late it was told, and by whom."""
    after = request.GET.get("after", "")
    page = late_entries(after=int(after) if after.isdecimal() and len(after) < 19 else 0)
    people = {entry.resident_id for entry in page.entries}
    context = {"page": page, "names": names_of(people), "public_ids": public_ids_of(people)}
    return render(request, "portal/desk/late.html", context)


@require_POST
@for_staff(Permission.ENTRIES_REVIEW)
def admit(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """Let it be decided like any other, by the rules in force when it happened."""
    try:
        record_admission(actor=visitor.actor, entry_id=number, moment=clock.now())
    except UnableToAdmit as refused:
        messages.error(request, refusal(refused))
        return redirect("portal:late")
    messages.success(request, _("Admitted. It is decided by the rules of its day."))
    return redirect("portal:late")


@require_POST
@for_staff(Permission.ENTRIES_REVIEW)
def turn_down(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """Keep it on record without effect, with the reason."""
    form = DismissForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, in a sentence the resident may read."))
        return redirect("portal:late")
    try:
        dismiss(actor=visitor.actor, entry_id=number, reason=form.cleaned_data["reason"], moment=clock.now())
    except UnableToDismiss as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, _("Dismissed. It stays on record and moves nothing."))
    return redirect("portal:late")
