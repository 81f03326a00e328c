"""Pages of backtests: the list with the form, a run on its way, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import names_of, public_ids_of
from denizen.kit import clock
from denizen.people.growth.commands import UnableToBacktest, ask_backtest, cancel_backtest
from denizen.people.growth.queries import BacktestView, backtest_for, backtest_json, backtests, is_genuine
from denizen.people.rulebook.queries import (
    Book,
    TriedBook,
    book_of,
    draft_for,
    drafts,
    tried_text,
    tried_version,
    version_in_force,
    versions,
)
from denizen.portal.desk.backtest.forms import BacktestForm
from denizen.portal.desk.backtest.panels import GRADES, Figures, Words, in_short, panels, percent
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.path import span_title
from denizen.portal.refusals import refusal
from denizen.portal.words import chinese, spoken

MAY = (Permission.RULES_PROPOSE, Permission.RULES_APPROVE)
LOOK_AGAIN_SECONDS = 3


@require_safe
@for_staff(*MAY)
def backtest_list(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """What was tried, and the form to try more; ``?book=draft:7`` chooses it beforehand."""
    return _list(request, BacktestForm(books=_books(), initial={"book": request.GET.get("book", "")}))


@require_POST
@for_staff(*MAY)
def backtest_start(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    form = BacktestForm(request.POST, books=_books())
    if not form.is_valid():
        return _list(request, form, 422)
    begins_at, ends_at = form.span()
    book = _chosen(form.cleaned_data["book"])
    try:
        run = ask_backtest(actor=visitor.actor, book=book, moment=clock.now(), begins_at=begins_at, ends_at=ends_at)
    except UnableToBacktest as refused:
        form.add_error(None, refusal(refused))
        return _list(request, form, 422)
    return redirect("portal:backtest", key=run.key)


@require_safe
@for_staff(*MAY)
def backtest(request: HttpRequest, visitor: Visitor, key: UUID) -> HttpResponse:
    """A run on its way looks again by itself; a finished one shows its figures, or one table as CSV."""
    view, tried = _view(key), _tried_books()
    told = {"run": view, "title": _title(view, tried), "book_address": tried.get(view.digest, ("", ""))[1]}
    if view.figures is None:
        context = {**told, "again": 0 if view.ended else LOOK_AGAIN_SECONDS}
        return render(request, "portal/desk/backtest/run.html", context)
    found = panels(view.figures, _words(view.figures, visitor))
    wanted = request.GET.get("csv")
    if wanted:
        panel = next((each for each in found if each.code == wanted), None)
        if panel is None:
            raise Http404
        return _file("\ufeff" + panel.csv(), "text/csv; charset=utf-8", f"backtest-{wanted}-{view.key}.csv")
    context = {
        **told, "figures": view.figures, "in_short": in_short(view.figures), "panels": found,
        "genuine": is_genuine(view),
        "shares": [(each, percent(each["live_ppm"]), percent(each["tried_ppm"])) for each in view.figures["top_share"]],
    }  # fmt: skip
    return render(request, "portal/desk/backtest/result.html", context)


@require_safe
@for_staff(*MAY)
def backtest_figures(request: HttpRequest, _visitor: Visitor, key: UUID) -> HttpResponse:  # noqa: ARG001
    """The exact figures, byte for byte what their digest was made of."""
    view = _view(key)
    if view.figures is None:
        raise Http404
    return _file(backtest_json(view), "application/json", f"backtest-{view.key}.json")


@require_POST
@for_staff(*MAY)
def backtest_cancel(request: HttpRequest, visitor: Visitor, key: UUID) -> HttpResponse:
    try:
        cancel_backtest(actor=visitor.actor, key=key, moment=clock.now())
    except UnableToBacktest as refused:
        messages.error(request, refusal(refused))
    return redirect("portal:backtest", key=key)


def _list(request: HttpRequest, form: BacktestForm, status: int = 200) -> HttpResponse:
    tried = _tried_books()
    runs = [(run, _title(run, tried)) for run in backtests()]
    return render(request, "portal/desk/backtest/list.html", {"runs": runs, "form": form}, status=status)


def _books() -> list[tuple[str, str]]:
    """Drafts that can be read first, for they are what is usually tried; then the versions."""
    written = [
        (f"draft:{draft.id}", _("Draft: %(title)s") % {"title": draft.title}) for draft in drafts() if draft.sound
    ]
    return written + [
        (f"version:{version.number}", _("Rule book %(number)s") % {"number": version.number})
        for version in versions(clock.now())
    ]


def _chosen(value: str) -> TriedBook:
    """The form allows only what ``_books`` offered."""
    sort, _colon, number = value.partition(":")
    if sort == "version":
        return tried_version(int(number))
    draft = draft_for(int(number))
    if draft is None:
        raise Http404
    return tried_text(draft.text)


def _view(key: UUID) -> BacktestView:
    view = backtest_for(key)
    if view is None:
        raise Http404
    return view


def _title(view: BacktestView, tried: Mapping[str, tuple[str, str]]) -> str:
    """What was tried as the desk calls it; a text that stands nowhere any more keeps the title it had."""
    return tried.get(view.digest, (view.title_zh if chinese() else view.title_en, ""))[0]


def _tried_books() -> dict[str, tuple[str, str]]:
    """By digest: the version, or else the draft, that has this content, and its address."""
    found = {
        draft.digest: (_("Draft: %(title)s") % {"title": draft.title}, reverse("portal:draft", args=[draft.id]))
        for draft in (*drafts(ended=True), *drafts())
    }
    return found | {
        version.digest: (
            _("Rule book %(number)s") % {"number": version.number}, reverse("portal:book", args=[version.number]),
        )
        for version in versions(clock.now())
    }  # fmt: skip


def _words(figures: Figures, visitor: Visitor) -> Words:
    """Names only for who may read residents; others see keys."""
    keys = {
        *(each["resident"] for each in (*figures["gaining"], *figures["losing"])),
        *(each["resident"] for each in (*figures["ranks"]["largest_up"], *figures["ranks"]["largest_down"])),
    }
    allowed = visitor.may(Permission.RESIDENTS_READ)
    public_ids = public_ids_of(keys) if allowed else {}
    book = _book_now()
    return Words(
        rules={rule.code: spoken(rule.title) for rule in book.rules} if book else {},
        shared={cap.code: spoken(cap.title) for cap in book.shared_caps} if book else {},
        budgets={budget.code: spoken(budget.title) for budget in book.budgets} if book else {},
        residents=names_of(keys) if allowed else {},
        links={key: reverse("portal:resident", args=[public_id]) for key, public_id in public_ids.items()},
        grades={grade: span_title(grade) for grade in GRADES},
    )


def _book_now() -> Book | None:
    current = version_in_force(clock.now())
    return book_of(current) if current is not None else None


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
