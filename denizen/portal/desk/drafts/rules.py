"""The rule page of a draft: a rule as sentences one can change, with what it means beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from denizen.ground.identity.constants import Permission
from denizen.kit import clock
from denizen.people.rulebook.commands import DraftOvertaken, UnableToDraft, save_draft
from denizen.people.rulebook.queries import DraftView, book_numbers, constant_amount
from denizen.people.rulebook.queries.language import Book, Rule, dump_rule
from denizen.portal.desk.drafts import offers
from denizen.portal.desk.drafts.editor import (
    RuleBoxes,
    new_rule,
    print_of,
    rule_problems,
    with_rule,
    without_rule,
)
from denizen.portal.desk.drafts.forms import NewRuleForm
from denizen.portal.desk.drafts.papers import READERS, draft_or_404
from denizen.portal.desk.drafts.reading import UnableToReadBoxes
from denizen.portal.desk.drafts.speech import effect_words, rule_sentence, table_findings, titles_at
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.refusals import refusal

NUMBER = re.compile(r"\d[\d,]*")


@dataclass(frozen=True, slots=True)
class Preview:
    """What the boxes mean now; ``sentence`` is empty while they cannot be read.

    ``outdated``: an amount that the rule's own words still promise.
    """

    sentence: str = ""
    before: str = ""
    text: str = ""
    problems: dict[str, list[str]] = field(default_factory=dict)
    findings: list[tuple[str, str]] = field(default_factory=list)
    outdated: int | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(*READERS)
def rule(request: HttpRequest, visitor: Visitor, number: int, code: str) -> HttpResponse:
    """One rule of a draft: shown, changed box by box, saved."""
    draft, found = _rule_or_404(number, code)
    book = draft.book
    assert book is not None
    titles = titles_at(clock.now())
    if request.method != "POST":
        return _page(request, visitor, draft, RuleBoxes.opened(found, book, titles), print_of(found))
    if not visitor.may(Permission.RULES_PROPOSE):
        messages.error(request, _("You need the permission to propose rules."))
        return redirect("portal:draft_rule", number, code)
    filled = RuleBoxes.posted(request.POST, found, book, titles)
    act, seen = request.POST.get("do", "save"), request.POST.get("seen", "")
    if act != "save":
        filled.act(act)
        return _page(request, visitor, draft, filled, seen)
    try:
        changed = filled.read()
    except UnableToReadBoxes:
        return _page(request, visitor, draft, filled, seen, status=422)
    if print_of(found) not in (seen, print_of(changed)):
        messages.error(
            request,
            _("%(name)s changed this rule after you opened it. What you wrote still stands here; what he wrote stands "
              "beside it. Save again to put yours in its place.") % {"name": draft.saved_by},
        )  # fmt: skip
        return _page(request, visitor, draft, filled, print_of(found), status=409)
    return _save(request, visitor, draft, with_rule(book, changed), filled, changed)


def _save(
    request: HttpRequest, visitor: Visitor, draft: DraftView, book: Book, filled: RuleBoxes, changed: Rule
) -> HttpResponse:
    try:
        save_draft(actor=visitor.actor, draft=draft.id, content=book, revision=draft.revision, moment=clock.now())
    except UnableToDraft as refused:
        messages.error(request, refusal(refused))
        status = 409 if isinstance(refused, DraftOvertaken) else 422
        return _page(request, visitor, draft, filled, request.POST.get("seen", ""), status=status)
    messages.success(request, effect_words(filled.rule, changed, book, filled.titles))
    return redirect("portal:draft_rule", draft.id, changed.code)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(Permission.RULES_PROPOSE)
def add(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """A new rule: its code, its behaviour and what it pays; everything else on its own page."""
    draft = draft_or_404(number)
    if draft.book is None or not draft.open:
        return redirect("portal:draft", number)
    form = NewRuleForm(request.POST or None, book=draft.book)
    if request.method == "POST" and form.is_valid():
        made = new_rule(**form.cleaned_data, book=draft.book)
        try:
            save_draft(
                actor=visitor.actor, draft=number, content=with_rule(draft.book, made), revision=draft.revision,
                moment=clock.now(),
            )  # fmt: skip
        except UnableToDraft as refused:
            form.add_error(None, refusal(refused))
        else:
            return redirect("portal:draft_rule", number, made.code)
    context = {"draft": draft, "form": form}
    return render(request, "portal/desk/drafts/new_rule.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_staff(Permission.RULES_PROPOSE)
def remove(request: HttpRequest, visitor: Visitor, number: int, code: str) -> HttpResponse:
    """Take a rule out of the draft."""
    draft, found = _rule_or_404(number, code)
    assert draft.book is not None
    if request.POST.get("seen") != print_of(found):
        messages.error(
            request, _("This rule was changed after you opened it. Look at it again before you take it out.")
        )
        return redirect("portal:draft_rule", number, code)
    try:
        save_draft(
            actor=visitor.actor, draft=number, content=without_rule(draft.book, found.code),
            revision=draft.revision, moment=clock.now(),
        )  # fmt: skip
    except UnableToDraft as refused:
        messages.error(request, refusal(refused))
        return redirect("portal:draft_rule", number, code)
    messages.success(request, _("“%(code)s” is no longer in the draft.") % {"code": code})
    return redirect("portal:draft", number)


def _rule_or_404(number: int, code: str) -> tuple[DraftView, Rule]:
    draft = draft_or_404(number)
    found = draft.book.rule(code) if draft.book is not None else None
    if found is None:
        raise Http404
    return draft, found


def _page(
    request: HttpRequest, visitor: Visitor, draft: DraftView, filled: RuleBoxes, seen: str, *, status: int = 200
) -> HttpResponse:
    preview = _preview(draft, filled)
    context: dict[str, Any] = {
        "draft": draft,
        "rule": filled.rule,
        "boxes": filled,
        "seen": seen,
        "preview": preview,
        "offers": offers.offers_for(filled),
        "may_edit": draft.open and visitor.may(Permission.RULES_PROPOSE),
    }
    return render(request, "portal/desk/drafts/rule.html", context, status=status)


def _preview(draft: DraftView, filled: RuleBoxes) -> Preview:
    """What the boxes mean: read from a copy, so that looking at half-written boxes marks nothing as wrong twice."""
    current: Rule | None = filled.rule
    if filled.form.is_bound:
        try:
            current = filled.copied().read()
        except UnableToReadBoxes:
            current = None
    if current is None:
        return Preview()
    book = with_rule(filled.book, current)
    base = book_numbers([draft.based_on]).get(draft.based_on) if draft.based_on is not None else None
    before = base.rule(current.code) if base is not None else None
    return Preview(
        sentence=rule_sentence(current, book, filled.titles),
        before=rule_sentence(before, base, filled.titles) if before is not None and base is not None else "",
        text=dump_rule(current),
        problems=rule_problems(current, book),
        findings=table_findings(current, book, filled.titles),
        outdated=outdated_amount(before, current) if before is not None else None,
    )


def outdated_amount(before: Rule, now: Rule) -> int | None:
    """The amount the sentences of a rule still tell residents although it pays another one by now."""
    was, pays = constant_amount(before), constant_amount(now)
    if was is None or was == pays:
        return None
    words = f"{now.incentive.en} {now.incentive.zh}"
    told = {int(number.replace(",", "")) for number in NUMBER.findall(words)}
    return was if was in told and pays not in told else None
