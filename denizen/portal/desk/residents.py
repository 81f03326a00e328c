"""Residents at the desk: found, read whole, helped. Each act is a command that names its staff and department."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.identity import queries as identity
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import ResidentLine
from denizen.ground.ledger.commands import CorrectedLine, GrantKind, UnableToCorrect, UnableToGrant, correct
from denizen.ground.ledger.commands import grant as give
from denizen.ground.ledger.queries import balance
from denizen.kit import clock, db
from denizen.people.growth.queries import history_for, receipt_for
from denizen.people.rulebook.queries import book_numbers
from denizen.people.standing import queries as standing
from denizen.people.standing.commands import UnableToGiveHonour, give_honour
from denizen.portal.desk.envelopes import envelope_choices
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.forms import CorrectionForm, GrantForm, HonourForm
from denizen.portal.movements import movements
from denizen.portal.path import growth_path
from denizen.portal.refusals import refusal
from denizen.portal.rule_words import rule_told

PAGE = 50
MOVEMENTS_SHOWN = 20
GRANTS = (Permission.GRANTS_GOODWILL, Permission.GRANTS_SURPRISE)


@require_safe
@for_staff(Permission.RESIDENTS_READ)
def residents(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """Search by name, outside reference or public id; newest first, by keyset."""
    words = request.GET.get("q", "").strip()[:200]
    before = request.GET.get("before", "")
    lines = identity.residents_found(words=words, before=_number(before), limit=PAGE)
    older = lines[-1].resident if len(lines) == PAGE else None
    return render(request, "portal/desk/residents.html", {"lines": lines, "words": words, "older": older})


@require_safe
@for_staff(Permission.RESIDENTS_READ)
def resident(request: HttpRequest, visitor: Visitor, public_id: uuid.UUID) -> HttpResponse:
    """Everything about one resident; ``entry`` opens one of his entries in the drawer."""
    return _page(request, visitor, _found(public_id))


@require_safe
@for_staff(Permission.RESIDENTS_READ)
def entry(request: HttpRequest, _visitor: Visitor, public_id: uuid.UUID, number: int) -> HttpResponse:
    """One entry with its trace and the text of every rule, as the drawer's content alone."""
    line = _found(public_id)
    context = _drawer(line, number)
    if context is None:
        raise Http404
    return render(request, "portal/desk/parts/drawer.html", {"line": line, "drawer": context})


@require_POST
@for_staff(*GRANTS)
def grant(request: HttpRequest, visitor: Visitor, public_id: uuid.UUID) -> HttpResponse:
    """Give points freely, out of an envelope, with a human reason (B-34)."""
    line = _found(public_id)
    form = grant_form(visitor, request.POST)
    if not form.is_valid():
        return _page(request, visitor, line, grant=form)
    told = form.cleaned_data
    try:
        with db.opening():
            give(
                actor=visitor.actor,
                resident=line.resident,
                amount=told["amount"],
                reason=told["reason"],
                envelope=told["envelope"],
                moment=clock.now(),
                kind=GrantKind(told["kind"]),
                lot_days=told["lot_days"],
                key=told["key"],
            )
    except UnableToGrant as refused:
        form.add_error(None, refusal(refused))
        return _page(request, visitor, line, grant=form)
    messages.success(request, _("Given. The resident reads your reason in his history."))
    return redirect("portal:resident", public_id=public_id)


@require_POST
@for_staff(Permission.CORRECTIONS_PROPOSE)
def correction(request: HttpRequest, visitor: Visitor, public_id: uuid.UUID) -> HttpResponse:
    """Give or take points beyond the rules; more than a little waits for a second person (A-27)."""
    line = _found(public_id)
    form = CorrectionForm(request.POST, envelopes=envelope_choices(), prefix="correction")
    if not form.is_valid():
        return _page(request, visitor, line, correction=form)
    told = form.cleaned_data
    try:
        with db.opening():
            made = correct(
                actor=visitor.actor,
                lines=[CorrectedLine(line.resident, told["amount"])],
                reason=told["reason"],
                envelope=told["envelope"],
                moment=clock.now(),
            )
    except (UnableToCorrect, UnableToGrant) as refused:
        form.add_error(None, refusal(refused))
        return _page(request, visitor, line, correction=form)
    if made.needs_second:
        messages.warning(request, _("Proposed. It takes effect when a second person agrees."))
    else:
        messages.success(request, _("Corrected."))
    return redirect("portal:resident", public_id=public_id)


@require_POST
@for_staff(Permission.HONOURS_GIVE)
def honour(request: HttpRequest, visitor: Visitor, public_id: uuid.UUID) -> HttpResponse:
    """Give an honour (D-20)."""
    line = _found(public_id)
    form = HonourForm(request.POST, prefix="honour")
    if not form.is_valid():
        return _page(request, visitor, line, honour=form)
    try:
        give_honour(actor=visitor.actor, resident=line.resident, moment=clock.now(), **form.cleaned_data)
    except UnableToGiveHonour as refused:
        form.add_error(None, refusal(refused))
        return _page(request, visitor, line, honour=form)
    messages.success(request, _("The honour is given and signed."))
    return redirect("portal:resident", public_id=public_id)


def grant_form(visitor: Visitor, data: Any = None) -> GrantForm:
    """The form for what the person may give."""
    kinds = {
        GrantKind.GOODWILL: (Permission.GRANTS_GOODWILL, _("Goodwill")),
        GrantKind.SURPRISE: (Permission.GRANTS_SURPRISE, _("Surprise")),
    }
    allowed = [(kind.value, title) for kind, (permit, title) in kinds.items() if visitor.may(permit)]
    return GrantForm(data, kinds=allowed, envelopes=envelope_choices(), prefix="grant")


def _page(request: HttpRequest, visitor: Visitor, line: ResidentLine, **bound: forms.Form) -> HttpResponse:
    """The resident's page with whatever forms the person may use; a refused one comes back as it was filled in."""
    number = _number(request.GET.get("entry", ""))
    context = {
        **_record(line, request.GET.get("older")),
        "path": growth_path(resident=line.resident, joined_at=line.created_at, now=clock.now()),
        "line": line,
        "drawer": _drawer(line, number) if number is not None else None,
        "grant_form": bound.get("grant") or (grant_form(visitor) if visitor.may(*GRANTS) else None),
        "correction_form": bound.get("correction")
        or (
            CorrectionForm(envelopes=envelope_choices(), prefix="correction")
            if visitor.may(Permission.CORRECTIONS_PROPOSE)
            else None
        ),
        "honour_form": bound.get("honour")
        or (HonourForm(prefix="honour") if visitor.may(Permission.HONOURS_GIVE) else None),
        "open_form": next(iter(bound), ""),
    }
    return render(request, "portal/desk/resident.html", context, status=422 if bound else 200)


def _record(line: ResidentLine, older: str | None) -> dict[str, Any]:
    now = clock.now()
    key = line.resident
    page = history_for(resident=key, older_than=older)
    return {
        "points": balance(key, now),
        "contribution": standing.profile(key),
        "rank": standing.rank_of(key),
        "marks": identity.labels_for([key], now).get(key, []),
        "labels": standing.labels_for([key], now).get(key, []),
        "honours": standing.honours_for(key, key),
        "page": page,
        "movements": movements(key, before=None, limit=MOVEMENTS_SHOWN),
        "acts": identity.acts_on(resident=key),
    }


def _drawer(line: ResidentLine, number: int) -> dict[str, Any] | None:
    found = receipt_for(resident=line.resident, entry=number)
    if found is None:
        return None
    book = book_numbers([found.book]).get(found.book) if found.book is not None else None
    return {"receipt": found, "rules": {rule.code: rule_told(rule, book) for rule in book.rules} if book else {}}


def _found(public_id: uuid.UUID) -> ResidentLine:
    line = identity.resident_line(public_id)
    if line is None:
        raise Http404
    return line


def _number(words: str) -> int | None:
    return int(words) if words.isdecimal() and len(words) < 19 else None
