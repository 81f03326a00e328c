"""The other parts of a draft's book: envelopes, shared limits, tables, guidelines and values."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from denizen.ground.identity.constants import Permission
from denizen.kit import clock
from denizen.people.rulebook.commands import UnableToDraft, save_draft
from denizen.people.rulebook.queries.language import Book
from denizen.portal.desk.drafts.items import PARTS, Part
from denizen.portal.desk.drafts.papers import READERS, draft_or_404
from denizen.portal.desk.drafts.reading import UnableToReadBoxes
from denizen.portal.desk.drafts.speech import problems_of, titles_at
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.refusals import refusal

NEW = "new"


@require_safe
@for_staff(*READERS)
def part(request: HttpRequest, visitor: Visitor, number: int, part: str) -> HttpResponse:
    """All items of one part."""
    draft, kind = draft_or_404(number), _part_or_404(part)
    if draft.book is None:
        return redirect("portal:draft_text", number)
    context = {
        "draft": draft, "part": kind, "items": kind.lines(draft.book),
        "may_edit": draft.open and visitor.may(Permission.RULES_PROPOSE),
    }  # fmt: skip
    return render(request, "portal/desk/drafts/part.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(*READERS)
def item(request: HttpRequest, visitor: Visitor, number: int, part: str, code: str) -> HttpResponse:
    """One item: shown, changed, removed; or a new one under the code ``new``."""
    draft, kind = draft_or_404(number), _part_or_404(part)
    if draft.book is None:
        return redirect("portal:draft_text", number)
    if code != NEW and code not in kind.codes(draft.book):
        raise Http404
    may_edit = draft.open and visitor.may(Permission.RULES_PROPOSE)
    titles = titles_at(clock.now())
    editor = kind.editor(draft.book, None if code == NEW else code, titles, request.POST or None)
    present = kind.print_of(draft.book, code)
    seen, status = request.POST.get("seen", present), 200
    if request.method == "POST" and may_edit:
        act = request.POST.get("do", "save")
        if act not in ("save", "remove"):
            editor.act(act)
        else:
            book = _changed(editor, act)
            if book is not None and present not in (seen, kind.print_of(book, code)):
                messages.error(
                    request,
                    _(
                        "%(name)s changed this after you opened it. What you wrote still stands here; "
                        "do it again to put it in place of his."
                    )
                    % {"name": draft.saved_by},
                )
                seen, status = present, 409
            elif book is not None and _saved(request, visitor, number, book, draft.revision):
                return redirect("portal:draft_part", number, part)
            else:
                status = 422
    context: dict[str, Any] = {
        "draft": draft, "part": kind, "editor": editor, "code": code, "may_edit": may_edit, "new": code == NEW,
        "seen": seen,
        "title": next((title for known, title, _words in kind.lines(draft.book) if known == code), code),
        "problems": problems_of(draft, f"{kind.noun} {code}"),
    }  # fmt: skip
    return render(request, "portal/desk/drafts/item.html", context, status=status)


def _changed(editor: Any, act: str) -> Book | None:
    try:
        book: Book = editor.without() if act == "remove" else editor.read()
    except UnableToReadBoxes:
        return None
    return book


def _saved(request: HttpRequest, visitor: Visitor, number: int, book: Book, revision: int) -> bool:
    try:
        save_draft(actor=visitor.actor, draft=number, content=book, revision=revision, moment=clock.now())
    except UnableToDraft as refused:
        messages.error(request, refusal(refused))
        return False
    messages.success(request, _("Saved."))
    return True


def _part_or_404(name: str) -> Part:
    if name not in PARTS:
        raise Http404
    return PARTS[name]
