"""The rule book at the desk: versions, the second person's yes, and values of tables as proposals."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.identity.constants import Permission
from denizen.kit import clock
from denizen.people.rulebook.commands import (
    Said,
    UnableToApprove,
    UnableToGoOn,
    UnableToPropose,
    approve_book,
    propose_table_value,
)
from denizen.people.rulebook.queries import (
    Book,
    VersionView,
    book_numbers,
    change_named,
    lawfulness,
    missing_for_approval,
    successions,
    version_for,
    versions,
)
from denizen.portal.desk.compare.words import book_told, offered
from denizen.portal.desk.cycle.cards import card_of
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.forms import ActForm, ApprovalForm
from denizen.portal.refusals import refusal
from denizen.portal.rule_words import grouped_rules
from denizen.portal.words import language

FIRST_TABLE = "cocreation"
WAIVERS = ("untried", "unheard")


@require_safe
@for_staff()
def books(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """All versions with their states."""
    return render(request, "portal/desk/books.html", {"versions": versions(clock.now())})


@require_safe
@for_staff()
def book(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """One version whole: rules, conditions as text, caps, tables; and its approval."""
    return _book(request, visitor, number, None)


@require_POST
@for_staff(Permission.RULES_APPROVE)
def approve(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """The second person's yes (A-38)."""
    now = clock.now()
    form = ApprovalForm(request.POST, missing=missing_for_approval(number))
    if not form.is_valid():
        return _book(request, visitor, number, form)
    from_when = form.moment() or lawfulness(book_numbers([number])[number], effective_from=now, moment=now).lawful_from
    told = {name: Said(form.cleaned_data[name], language()) for name in WAIVERS if name in form.fields}
    try:
        approve_book(actor=visitor.actor, number=number, effective_from=from_when, moment=now, **told)
    except (UnableToApprove, UnableToGoOn) as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, _("Approved. Two people have signed this version now."))
    return redirect("portal:book", number=number)


@require_safe
@for_staff()
def acts(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Types of co-creation acts and the other tables, with their values (B-61)."""
    return _acts(request, visitor, None)


@require_POST
@for_staff(Permission.RULES_PROPOSE)
def propose_act(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Propose the latest version with one value added or changed; no code is touched (B-61)."""
    latest = _latest()
    form = ActForm(request.POST, tables=_tables(latest))
    if not form.is_valid():
        return _acts(request, visitor, form)
    try:
        made = propose_table_value(actor=visitor.actor, moment=clock.now(), **form.cleaned_data)
    except UnableToPropose as refused:
        form.add_error(None, refusal(refused))
        return _acts(request, visitor, form)
    messages.success(request, _("Proposed as version %(number)s. Somebody else approves it.") % {"number": made.number})
    return redirect("portal:book", number=made.number)


def _acts(request: HttpRequest, visitor: Visitor, form: ActForm | None) -> HttpResponse:
    latest = _latest()
    context = {
        "tables": sorted(latest.tables.items(), key=lambda item: (item[0] != FIRST_TABLE, item[0])) if latest else [],
        "latest": next(iter(versions(clock.now())), None),
        "form": form or (ActForm(tables=_tables(latest)) if latest and visitor.may(Permission.RULES_PROPOSE) else None),
    }
    return render(request, "portal/desk/acts.html", context, status=422 if form else 200)


def _book(request: HttpRequest, visitor: Visitor, number: int, form: ApprovalForm | None) -> HttpResponse:
    now = clock.now()
    known = versions(now)
    shown = next((version for version in known if version.number == number), None)
    on_its_way = change_named(number, now)
    if shown is None or on_its_way is None:
        raise Http404
    content = book_numbers([number])[number]
    law = lawfulness(content, effective_from=shown.effective_from or now, moment=now, number=number)
    followed = _followed(shown, known, law.lawful_from)
    before = book_numbers([followed])[followed] if followed else None
    own = version_for(number).proposed_by_id == visitor.actor.pk
    context = {
        "shown": shown,
        "groups": grouped_rules(content),
        "book": content,
        "followed": followed,
        "version": book_told(before, content),
        "law": law,
        "own": own,
        "later": _later(known, law.lawful_from) if shown.state == "proposed" else [],
        "outrun": _outrun(shown, known),
        "card": card_of(on_its_way, visitor, now, settings.APPROVALS_MAX),
        "form": form or ApprovalForm(missing=missing_for_approval(number), offered=offered(law)),
        "may_approve": visitor.may(Permission.RULES_APPROVE),
    }
    return render(request, "portal/desk/book.html", context, status=422 if form else 200)


def _followed(shown: VersionView, known: list[VersionView], lawful_from: datetime) -> int | None:
    """The version this one follows: by force once it is approved, else the one that rules when it may begin."""
    if shown.effective_from is not None:
        return next((each.before or None for each in successions([shown.number])), None)
    ruling = [
        (version.effective_from, version.number)
        for version in known
        if version.effective_from is not None and version.effective_from <= lawful_from
    ]
    return max(ruling)[1] if ruling else None


def _outrun(shown: VersionView, known: list[VersionView]) -> list[VersionView]:
    """Proposals that still wait and are set aside when this one is approved: they were written before it."""
    approved = max((each.number for each in known if each.effective_from is not None), default=0)
    return [each for each in known if each.state == "proposed" and approved < each.number < shown.number]


def _later(known: list[VersionView], lawful_from: datetime) -> list[VersionView]:
    """Announced versions that begin after this one may, and then rule in its place; the first one first."""
    later = [each for each in known if each.effective_from is not None and each.effective_from > lawful_from]
    return sorted(later, key=lambda each: (each.effective_from, each.number))


def _latest() -> Book | None:
    found = next(iter(versions(clock.now())), None)
    return book_numbers([found.number])[found.number] if found else None


def _tables(latest: Book | None) -> list[tuple[str, str]]:
    return sorted(((code, code) for code in (latest.tables if latest else ())), key=lambda item: item[0] != FIRST_TABLE)
