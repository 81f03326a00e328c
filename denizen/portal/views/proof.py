"""The proof of the books, for everybody: the roots of days, and for a resident the way from his lines to them."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denizen.ground.ledger import queries as ledger
from denizen.ground.ledger.commands import ROOTS_NAME
from denizen.portal.doors import Visitor, for_everybody, for_residents
from denizen.portal.movements import movements

DAYS_SHOWN = 14
LINES_PAGE = 30


@require_safe
@for_everybody
def proof(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """What is sealed, what that means, and how to check it."""
    days = ledger.closed_days(latest=DAYS_SHOWN)
    context = {"so_far": ledger.sealed_so_far(), "days": days[::-1], "last": days[-1] if days else None}
    return render(request, "portal/proof/proof.html", context)


@require_safe
@for_everybody
def roots(_request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """The roots file as it stands outside the database; out of the database where there is none yet."""
    path = settings.ROOTS_FOLDER / ROOTS_NAME
    text = path.read_text(encoding="utf-8") if path.is_file() else ledger.roots_text()
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{ROOTS_NAME}"'
    return answer


@require_safe
@for_residents
def own_lines(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One's own lines in the journal, newest first, with the proof of each that a published day covers."""
    before = request.GET.get("before", "")
    known = int(before) if before.isdecimal() and len(before) < 19 else None
    lines = movements(visitor.resident, before=known, limit=LINES_PAGE)
    days = ledger.closed_days(latest=1)
    context = {
        "lines": lines,
        "covered": days[-1].fields.last_id if days else 0,
        "older": lines[-1].posting if len(lines) == LINES_PAGE else None,
        "deep": bool(before),
    }
    return render(request, "portal/proof/own.html", context)


@require_safe
@for_residents
def inclusion(_request: HttpRequest, visitor: Visitor, posting: int) -> HttpResponse:
    """The proof of one of one's own lines, for ``verify_journal.py --inclusion``; somebody else's is not there."""
    if not ledger.touches(posting=posting, resident=visitor.resident):
        raise Http404
    try:
        found = ledger.inclusion_of(posting)
    except ledger.UnableToProve as early:
        raise Http404 from early
    answer = JsonResponse({"denizen": ledger.INCLUSION_FORM, "proofs": [found]}, json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="proof-{posting}.json"'
    return answer
