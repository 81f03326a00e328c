"""Keys of services: issued once, shown once, revoked at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.chronicle.commands import (
    UnableToIssueKey,
    UnableToRevokeKey,
    declare_source,
    issue_service_key,
    revoke_service_key,
)
from denizen.ground.chronicle.queries import service_keys, sources
from denizen.ground.identity.commands import note_act
from denizen.ground.identity.constants import Permission
from denizen.kit import clock, db
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.forms import KeyForm
from denizen.portal.refusals import refusal


@require_safe
@for_staff(Permission.KEYS_ISSUE)
def keys(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    return _page(request, _form(None))


@require_POST
@for_staff(Permission.KEYS_ISSUE)
def issue(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Issue a key; its words stand on this answer only and are kept nowhere."""
    now = clock.now()
    form = _form(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    told = form.cleaned_data
    known = {line.code: line.lateness_seconds_max for line in sources()}
    try:
        issued = issue_service_key(
            actor=f"staff:{visitor.actor.pk}",
            source=declare_source(code=told["source"], lateness_seconds_max=known[told["source"]]),
            kinds=told["kinds"],
            may_create_residents=told["may_create_residents"],
            title=told["title"],
            now=now,
        )
    except UnableToIssueKey as refused:
        form.add_error(None, refusal(refused))
        return _page(request, form, status=422)
    _note(visitor, "keys.issue", issued.key.pk, now)
    return _page(request, _form(None), token=issued.token)


@require_POST
@for_staff(Permission.KEYS_ISSUE)
def revoke(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    now = clock.now()
    try:
        revoke_service_key(actor=f"staff:{visitor.actor.pk}", key_id=number, now=now)
    except UnableToRevokeKey as refused:
        messages.error(request, refusal(refused))
        return redirect("portal:keys")
    _note(visitor, "keys.revoke", number, now)
    messages.success(request, _("Revoked. Nobody can report with it from now on."))
    return redirect("portal:keys")


def _form(data: Any) -> KeyForm:
    return KeyForm(data, sources=[(line.code, line.code) for line in sources()])


def _page(request: HttpRequest, form: KeyForm, *, token: str = "", status: int = 200) -> HttpResponse:
    context = {"keys": service_keys(), "form": form, "token": token}
    return render(request, "portal/desk/keys.html", context, status=status)


def _note(visitor: Visitor, act: str, number: int, now: datetime) -> None:
    with db.opening():
        note_act(
            actor=visitor.actor, act=act, subject_kind="service_key", subject_id=str(number), details={}, moment=now
        )
