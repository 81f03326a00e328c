"""One change: its path, what was said about it, and the next act (A-36, A-40)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import Permission
from denizen.kit import clock
from denizen.people.growth.queries import results_of
from denizen.people.rulebook.commands import (
    Said,
    UnableToGoOn,
    answer_position,
    check_result,
    report_feedback,
    state_position,
    supervise,
    take_up_feedback,
)
from denizen.people.rulebook.queries import Change, Stage, book_numbers, change_named, changes, differences
from denizen.portal.desk.cycle.cards import card_of, trail
from denizen.portal.desk.cycle.events import events_of
from denizen.portal.desk.cycle.forms import AnswerForm, CheckForm, FeedbackForm, PositionForm, SupervisionForm
from denizen.portal.desk.cycle.sentences import lasting, stage_of_time
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.law_words import ChangeTold, changes_told
from denizen.portal.refusals import refusal
from denizen.portal.words import language, spoken

RULING = (Stage.IN_FORCE, Stage.CHECKED, Stage.SUPERVISED, Stage.REPLACED)


@require_safe
@for_staff()
def change(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """The page of one change."""
    return _page(request, visitor, number, {})


@require_POST
@for_staff(Permission.RULES_SPEAK)
def speak(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """The users' spokesperson states his position (A-40)."""

    def done(told: dict[str, Any]) -> str:
        said = Said(told["words"], language())
        state_position(actor=visitor.actor, number=number, stand=told["stand"], said=said, moment=clock.now())
        return _("Your position stands beside the change now, with your name.")

    return _act(request, visitor, number, "speak", PositionForm(request.POST), done)


@require_POST
@for_staff(Permission.RULES_APPROVE)
def answer(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """What is decided about the spokesperson's objection; the reason where he is overruled (A-40)."""
    voice = _found(number).position
    if voice is None:
        raise Http404

    def done(told: dict[str, Any]) -> str:
        said = Said(told["words"], language()) if told["words"] else None
        answer_position(
            actor=visitor.actor, position=voice.id, decision=told["decision"], said=said, moment=clock.now()
        )
        return _("The decision stands beside the position now.")

    return _act(request, visitor, number, "answer", AnswerForm(request.POST), done)


@require_POST
@for_staff(Permission.RULES_CHECK)
def check(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """Was the feedback good? The figures are measured as it is recorded (A-36)."""
    found = _found(number)

    def done(told: dict[str, Any]) -> str:
        figures = {**results_of(number), "feedback": len(found.feedback)}
        said = Said(told["words"], language())
        check_result(
            actor=visitor.actor, number=number, verdict=told["verdict"], said=said, figures=figures,
            moment=clock.now(),
        )  # fmt: skip
        return _("The result is on record. A next version may be proposed now.")

    return _act(request, visitor, number, "check", CheckForm(request.POST), done)


@require_POST
@for_staff(Permission.RULES_CHECK)
def watch(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """What was seen, and fed back (A-36)."""

    def done(told: dict[str, Any]) -> str:
        fed_back = Said(told["fed_back"], language()) if told["fed_back"] else None
        seen = Said(told["seen"], language())
        supervise(actor=visitor.actor, number=number, seen=seen, fed_back=fed_back, moment=clock.now())
        return _("What you saw is on record.")

    return _act(request, visitor, number, "supervise", SupervisionForm(request.POST), done)


@require_POST
@for_staff()
def report(request: HttpRequest, visitor: Visitor, number: int) -> HttpResponse:
    """What residents or the front line say about a rule (A-34)."""

    def done(told: dict[str, Any]) -> str:
        said = Said(told["words"], language())
        report_feedback(
            actor=visitor.actor, number=number, origin=told["origin"], rule=told["rule"], said=said,
            moment=clock.now(),
        )  # fmt: skip
        return _("Thank you: it stands beside the rules now, until a version takes it up.")

    return _act(request, visitor, number, "report", FeedbackForm(request.POST, rules=_rules(number)), done)


@require_POST
@for_staff(Permission.RULES_PROPOSE)
def take_up(request: HttpRequest, visitor: Visitor, number: int, feedback: int) -> HttpResponse:
    """This version takes up a feedback (P-14)."""
    try:
        take_up_feedback(actor=visitor.actor, feedback=feedback, number=number, moment=clock.now())
    except (UnableToGoOn, UnableToAct) as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, _("This version says now that it takes that up."))
    return redirect("portal:change", number=number)


def _act(
    request: HttpRequest,
    visitor: Visitor,
    number: int,
    name: str,
    form: Form,
    done: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """Do what the form asks, or show the page again with what is wrong."""
    if form.is_valid():
        try:
            messages.success(request, done(form.cleaned_data))
        except (UnableToGoOn, UnableToAct) as refused:
            form.add_error(None, refusal(refused))
        else:
            return redirect("portal:change", number=number)
    return _page(request, visitor, number, {name: form})


def _page(request: HttpRequest, visitor: Visitor, number: int, wrong: dict[str, Form]) -> HttpResponse:
    now = clock.now()
    known = changes(now)
    found = next((each for each in known if each.number == number and not each.draft), None)
    if found is None:
        raise Http404
    context = {
        "card": card_of(found, visitor, now, settings.APPROVALS_MAX),
        "change": found,
        "trail": trail(found),
        "events": events_of(found, now),
        "differs": _differs(found, known),
        "times": [(stage_of_time(span.stage), span.seconds(now), lasting(span.seconds(now))) for span in found.spans],
        "whole": max((span.seconds(now) for span in found.spans), default=0),
        "to_force": lasting(found.seconds),
        "approvals_max": settings.APPROVALS_MAX,
        "figures": results_of(number) if found.stage in RULING and visitor.may(Permission.RULES_CHECK) else {},
        "forms": _forms(found, visitor) | wrong,
        "untaken": _untaken(found, known) if visitor.may(Permission.RULES_PROPOSE) else [],
    }
    return render(request, "portal/desk/cycle/change.html", context, status=422 if wrong else 200)


def _forms(found: Change, visitor: Visitor) -> dict[str, Form]:
    """The forms this person may use on this change, by name."""
    me, forms = visitor.actor.pk, dict[str, Form]()
    if visitor.may(Permission.RULES_SPEAK) and found.proposed.staff != me:
        forms["speak"] = PositionForm()
    voice = found.position
    may_answer = visitor.may(Permission.RULES_APPROVE) and voice is not None and voice.open
    if may_answer and voice is not None and me not in (voice.office.staff, found.proposed.staff):
        forms["answer"] = AnswerForm()
    if found.stage in RULING and visitor.may(Permission.RULES_CHECK):
        forms["supervise"] = SupervisionForm()
        if found.proposed.staff != me:
            forms["check"] = CheckForm()
    if visitor.permits or found.stage in RULING:
        forms["report"] = FeedbackForm(rules=_rules(found.number))
    return forms


def _differs(found: Change, known: list[Change]) -> tuple[ChangeTold, ...]:
    """What changes, in sentences, against the version this one follows or would follow."""
    ruling = [(each.effective_from, each.number) for each in known if each.effective_from is not None]
    mine = (found.effective_from, found.number) if found.effective_from is not None else None
    before = max((each for each in ruling if mine is None or each < mine), default=None)
    if before is None:
        return ()
    books = book_numbers([before[1], found.number])
    return changes_told(differences(books[before[1]], books[found.number]), books[found.number])


def _untaken(found: Change, known: list[Change]) -> list[Any]:
    """Feedback about earlier versions that no version has taken up, while this one is not signed."""
    if found.approved is not None:
        return []
    return [
        heard
        for each in known
        if not each.draft and each.number < found.number
        for heard in each.feedback
        if not heard.taken_by
    ]


def _found(number: int) -> Change:
    found = change_named(number, clock.now())
    if found is None:
        raise Http404
    return found


def _rules(number: int) -> list[tuple[str, str]]:
    book = book_numbers([number]).get(number)
    return [(rule.code, spoken(rule.title)) for rule in book.rules] if book else []
