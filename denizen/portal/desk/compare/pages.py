"""The page of the comparison: two versions, or a version and a draft."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from denizen.ground.identity.constants import Permission
from denizen.kit import clock
from denizen.people.rulebook.queries import Book, book_numbers, draft_for, lawfulness, versions
from denizen.portal.desk.compare.words import book_told, offered, texts_told
from denizen.portal.doors import Visitor, for_staff

DIGITS_MAX = 9
WRITERS = (Permission.RULES_PROPOSE, Permission.RULES_APPROVE, Permission.RULES_SPEAK, Permission.RULES_CHECK)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two books. ``number`` is None for a draft."""

    name: str
    number: int | None
    book: Book


@require_safe
@for_staff()
def compare(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Sentences, what is taken and why, from when it may be in force, and both texts of every rule that differs."""
    now = clock.now()
    known = [version.number for version in versions(now)]
    right = _right(request, visitor, known)
    left = _version(request.GET.get("a"), known) or _default_left(right, known)
    context: dict[str, object] = {"known": known, "left": left, "right": right}
    if left is not None and right is not None:
        law = lawfulness(right.book, effective_from=now, moment=now, number=right.number)
        context |= {
            "version": book_told(left.book, right.book),
            "texts": texts_told(left.book, right.book),
            "law": law,
            "offered": offered(law),
        }
    return render(request, "portal/desk/compare/compare.html", context)


def _right(request: HttpRequest, visitor: Visitor, known: list[int]) -> Side | None:
    """The later book: a draft, or a version, or the latest version."""
    asked = request.GET.get("draft")
    if asked is None:
        latest = str(known[0]) if known else None
        return _version(request.GET.get("b") or latest, known)
    draft = draft_for(int(asked)) if _is_number(asked) and visitor.may(*WRITERS) else None
    if draft is None:
        raise Http404
    if draft.book is None or not draft.sound:
        return None
    return Side(_("Draft: %(title)s") % {"title": draft.title}, None, draft.book)


def _default_left(right: Side | None, known: list[int]) -> Side | None:
    """The version before the later book; for a draft the latest version."""
    earlier = [number for number in known if right is None or right.number is None or number < right.number]
    return _version(str(earlier[0]) if earlier else None, known)


def _version(asked: str | None, known: list[int]) -> Side | None:
    if not asked:
        return None
    if not _is_number(asked) or int(asked) not in known:
        raise Http404
    number = int(asked)
    return Side(_("Rule book %(number)s") % {"number": number}, number, book_numbers([number])[number])


def _is_number(asked: str) -> bool:
    return asked.isdecimal() and len(asked) <= DIGITS_MAX
