"""Drafts as papers: begun, shown whole, read as text, discarded, handed over."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from markupsafe import Markup

from denizen.ground.identity.constants import Permission
from denizen.kit import clock
from denizen.people.rulebook.commands import (
    DraftOvertaken,
    UnableToDraft,
    UnableToPropose,
    discard_draft,
    hand_over,
    save_draft,
    start_draft,
)
from denizen.people.rulebook.queries import (
    DraftView,
    book_numbers,
    draft_for,
    drafts,
    unserving_rules,
    version_in_force,
    versions,
)
from denizen.people.rulebook.queries.language import Book, Rule, UnableToLoadBook
from denizen.portal.desk.drafts.forms import HandOverForm, ImportForm, StartForm, TextForm
from denizen.portal.desk.drafts.speech import Titles, problem_words, rule_sentence, short_amount, titles_at
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.refusals import refusal
from denizen.portal.rule_words import group_of, group_titles
from denizen.portal.words import spoken

READERS = (
    Permission.RULES_PROPOSE, Permission.RULES_APPROVE, Permission.RULES_SPEAK, Permission.RULES_CHECK,
)  # fmt: skip
REVISION_DIGITS_MAX = 9


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the list of a draft. ``mark``: ``new`` or ``changed`` against the version the draft is based on."""

    code: str
    title: str
    sentence: Markup
    amount: str
    mark: str
    problems: int
    unserving: bool


@dataclass(frozen=True, slots=True)
class LineGroup:
    key: str
    title: str
    lines: tuple[RuleLine, ...]


def draft_or_404(number: int) -> DraftView:
    found = draft_for(number)
    if found is None:
        raise Http404
    return found


def revision_asked(request: HttpRequest) -> int:
    """The revision somebody has read; what is no number was read by nobody."""
    told = request.POST.get("revision", "")
    return int(told) if told.isdecimal() and len(told) <= REVISION_DIGITS_MAX else 0


@require_safe
@for_staff(*READERS)
def papers(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Drafts that are worked on, and how to begin one."""
    return _papers(request, visitor, None, None)


@require_POST
@for_staff(Permission.RULES_PROPOSE)
def start(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A new draft from a version."""
    form = StartForm(request.POST, versions=_version_choices())
    if not form.is_valid():
        return _papers(request, visitor, form, None)
    try:
        draft = start_draft(actor=visitor.actor, moment=clock.now(), **form.cleaned_data)
    except UnableToDraft as refused:
        form.add_error(None, refusal(refused))
        return _papers(request, visitor, form, None)
    return redirect("portal:draft", number=draft.pk)


@require_POST
@for_staff(Permission.RULES_PROPOSE)
def take_in(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A new draft from a text; its faults are shown with it."""
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _papers(request, visitor, None, form)
    now = clock.now()
    current = version_in_force(now)
    try:
        draft = start_draft(
            actor=visitor.actor, title=form.cleaned_data["title"], text=form.cleaned_data["text"],
            based_on=current.number if current else None, moment=now,
        )  # fmt: skip
    except UnableToDraft as refused:
        form.add_error(None, refusal(refused))
        return _papers(request, visitor, None, form)
    return redirect("portal:draft", number=draft.pk)


@require_safe
@for_staff(*READERS)
def paper(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """One draft: its rules in sentences, what is wrong, what can be done with it."""
    draft = draft_or_404(number)
    return _paper(request, visitor, draft, None) if draft.book is not None else redirect("portal:draft_text", number)


@require_POST
@for_staff(Permission.RULES_PROPOSE)
def discard(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    try:
        discard_draft(actor=visitor.actor, draft=number, moment=clock.now())
    except UnableToDraft as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, _("Put away. It can still be read, and a new draft can begin with its text."))
    return redirect("portal:drafts")


@require_POST
@for_staff(Permission.RULES_PROPOSE)
def give(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """Hand a draft over: it becomes a proposal that another person approves."""
    draft = draft_or_404(number)
    form = HandOverForm(request.POST)
    if draft.book is None or not form.is_valid():
        return _paper(request, visitor, draft, form)
    try:
        version = hand_over(
            actor=visitor.actor, draft=number, revision=revision_asked(request),
            note=form.cleaned_data["note"], moment=clock.now(),
        )  # fmt: skip
    except (UnableToDraft, UnableToPropose) as refused:
        form.add_error(None, refusal(refused))
        return _paper(request, visitor, draft, form)
    except UnableToLoadBook:
        form.add_error(None, _("The draft still has problems: mend them first."))
        return _paper(request, visitor, draft, form)
    words = _("Handed over as version %(number)s. Somebody else approves it.") % {"number": version.number}
    messages.success(request, words)
    return redirect("portal:book", number=version.number)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(*READERS)
def text(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """The whole book as text: to read, to copy, to paste another, with every fault at its line."""
    draft = draft_or_404(number)
    form = TextForm(request.POST or None, initial={"text": draft.text})
    status = 200
    if request.method == "POST" and visitor.may(Permission.RULES_PROPOSE) and form.is_valid():
        try:
            save_draft(
                actor=visitor.actor, draft=number, content=form.cleaned_data["text"].replace("\r\n", "\n"),
                revision=revision_asked(request), moment=clock.now(),
            )  # fmt: skip
        except DraftOvertaken as overtaken:
            form.add_error(None, refusal(overtaken))
            status = 409
        except UnableToDraft as refused:
            form.add_error(None, refusal(refused))
            status = 422
        else:
            draft = draft_or_404(number)
            said = messages.success if draft.sound else messages.warning
            said(request, _("Saved.") if draft.sound else _("Saved, with problems that are named below."))
            return redirect("portal:draft_text" if draft.problems else "portal:draft", number)
    first = next((problem for problem in draft.problems if problem.file_line), None)
    context = {
        "draft": draft, "form": form, "may_edit": draft.open and visitor.may(Permission.RULES_PROPOSE),
        "faults": [(problem.file_line, problem.item, problem_words(problem)) for problem in draft.problems],
        "wrong": first.file_line if first else 0, "said": problem_words(first) if first else "",
    }  # fmt: skip
    return render(request, "portal/desk/drafts/text.html", context, status=status)


@require_GET
@for_staff(*READERS)
def export(_request: HttpRequest, _visitor: Visitor, number: int) -> HttpResponse:
    """The text as a file, for review or for another city."""
    draft = draft_or_404(number)
    answer = HttpResponse(draft.text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="draft-{number}.rules.yaml"'
    return answer


def _papers(
    request: HttpRequest, visitor: Visitor, start_form: StartForm | None, import_form: ImportForm | None
) -> HttpResponse:
    may_edit = visitor.may(Permission.RULES_PROPOSE)
    choices = _version_choices()
    context = {
        "drafts": drafts(),
        "ended": drafts(ended=True)[:10],
        "start_form": (start_form or StartForm(versions=choices)) if may_edit and choices else None,
        "import_form": (import_form or ImportForm(initial={"title": _("From a text")})) if may_edit else None,
        "importing": import_form is not None,
    }
    return render(request, "portal/desk/drafts/papers.html", context, status=422 if start_form or import_form else 200)


def _paper(request: HttpRequest, visitor: Visitor, draft: DraftView, form: HandOverForm | None) -> HttpResponse:
    if draft.book is None:
        return redirect("portal:draft_text", draft.id)
    query = request.GET.get("q", "").strip()
    titles = titles_at(clock.now())
    base = book_numbers([draft.based_on]).get(draft.based_on) if draft.based_on is not None else None
    context = {
        "draft": draft,
        "groups": _groups(draft, draft.book, base, titles, query),
        "removed": [spoken(each.title) for each in base.rules if not draft.book.rule(each.code)] if base else [],
        "unserving": unserving_rules(draft.book),
        "faults": [(problem.item, problem.place, problem_words(problem)) for problem in draft.problems],
        "query": query,
        "may_edit": draft.open and visitor.may(Permission.RULES_PROPOSE),
        "form": form or HandOverForm(),
        "parts": _parts(draft.book),
    }
    return render(request, "portal/desk/drafts/paper.html", context, status=422 if form else 200)


def _groups(draft: DraftView, book: Book, base: Book | None, titles: Titles, query: str) -> list[LineGroup]:
    found: dict[str, list[RuleLine]] = {key: [] for key in group_titles()}
    for rule in book.rules:
        line = _line(draft, rule, book, base, titles)
        if query.casefold() in f"{line.title} {line.code} {line.sentence.striptags()}".casefold():
            found.setdefault(group_of(rule.system, rule.contribution_class), []).append(line)
    return [LineGroup(key, group_titles().get(key, key), tuple(lines)) for key, lines in found.items() if lines]


def _line(draft: DraftView, rule: Rule, book: Book, base: Book | None, titles: Titles) -> RuleLine:
    before = base.rule(rule.code) if base else None
    return RuleLine(
        code=rule.code,
        title=spoken(rule.title) or rule.code,
        sentence=rule_sentence(rule, book, titles),
        amount=short_amount(rule, book, titles),
        mark="" if base is None or before == rule else "changed" if before else "new",
        problems=sum(problem.item == f"rule {rule.code}" for problem in draft.problems),
        unserving=not rule.clauses,
    )


def _parts(book: Book) -> list[tuple[str, str, int]]:
    """The other parts of a book: address, title, how many."""
    return [
        ("budgets", _("Envelopes"), len(book.budgets)),
        ("caps", _("Shared limits"), len(book.shared_caps)),
        ("tables", _("Tables"), len(book.tables)),
        ("guidelines", _("Guidelines"), len(book.guidelines)),
        ("values", _("Values"), len(book.values)),
    ]


def _version_choices() -> list[tuple[int, str]]:
    """Versions to begin with. First the one that rules last: a draft of an earlier one would undo what is announced."""
    ruling = (each for each in versions(clock.now()) if each.effective_from is not None)
    last = max(ruling, key=lambda each: (each.effective_from, each.number), default=None)
    known = sorted(versions(clock.now()), key=lambda each: (each != last, each.state != "in_force", -each.number))
    states = {
        "proposed": _("proposed"), "announced": _("announced"), "in_force": _("in force"), "replaced": _("replaced"),
    }  # fmt: skip
    return [
        (each.number, _("Rule book %(number)s (%(state)s)") % {"number": each.number, "state": states[each.state]})
        for each in known
    ]
