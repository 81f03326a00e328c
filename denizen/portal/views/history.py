"""History: every yes and every no with its reason, and every movement of points, also those no rule made (B-67)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denizen.ground.ledger.queries import Slot
from denizen.kit import clock
from denizen.people.growth.queries import history_for, own_pauses, receipt_for
from denizen.people.risk.queries import entries_in_review
from denizen.people.rulebook.queries import book_numbers
from denizen.portal.doors import Visitor, for_residents
from denizen.portal.movements import movements
from denizen.portal.receipts import told
from denizen.portal.reviews import reviews_told
from denizen.portal.rule_words import rule_told

MOVEMENTS_PAGE = 30


@require_safe
@for_residents
def history(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One's own receipts, newest first. ``older``: where the page before ended."""
    now = clock.now()
    older = request.GET.get("older")
    page = history_for(resident=visitor.resident, older_than=older)
    reviewed = entries_in_review(visitor.resident, [receipt.entry for receipt in page.receipts])
    context = {
        "receipts": [told(receipt, now, in_review=receipt.entry in reviewed) for receipt in page.receipts],
        "reviews": [] if older else reviews_told(visitor.resident, now, open_only=True),
        "own_pauses": [] if older else own_pauses(resident=visitor.resident, moment=now),
        "older": page.older,
        "deep": bool(older),
    }
    return render(request, "portal/history.html", context)


@require_safe
@for_residents
def moved(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One's own points as they moved: awards, uses, ends, and what people of the city gave with their reason."""
    before = request.GET.get("before", "")
    lines = movements(
        visitor.resident,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        limit=MOVEMENTS_PAGE,
        slots=(Slot.WALLET, Slot.DEBT),
    )
    older = lines[-1].posting if len(lines) == MOVEMENTS_PAGE else None
    return render(request, "portal/moved.html", {"lines": lines, "older": older, "deep": bool(before)})


@require_safe
@for_residents
def receipt(request: HttpRequest, visitor: Visitor, entry: int) -> HttpResponse:
    """One receipt with every rule that was asked; somebody else's is not there at all."""
    found = receipt_for(resident=visitor.resident, entry=entry)
    if found is None:
        raise Http404
    book = book_numbers([found.book]).get(found.book) if found.book is not None else None
    rules = {rule.code: rule_told(rule, book) for rule in book.rules} if book else {}
    context = {
        "receipt": found,
        "told": told(found, clock.now(), link=False, in_review=bool(entries_in_review(visitor.resident, [entry]))),
        "rules": rules,
    }
    return render(request, "portal/receipt.html", context)
