"""The path of one change as a timeline: what happened, by whom, for which department, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from denizen.people.rulebook.queries import Change, Office, Tried, Wording
from denizen.portal.desk.cycle.sentences import (
    decision_title,
    origin_title,
    signature,
    stand_title,
    verdict_title,
)
from denizen.shell.figures import grouped, signed

BACKTEST = "backtest"
"""How a backtest names its runs: ``backtest:`` and its key."""


@dataclass(frozen=True, slots=True)
class Event:
    """One act. ``tone``: ``done``, ``over``, ``future`` or empty; ``words`` are somebody's own, with their language.

    ``figures``: what was measured, as title and number; ``address``: where all of it can be read.
    """

    at: datetime
    what: str
    who: str
    words: tuple[Wording, ...] = ()
    tone: str = "done"
    figures: tuple[tuple[str, str], ...] = ()
    address: str = ""


def events_of(change: Change, now: datetime) -> list[Event]:
    """Everything on record about a change in the order it happened, and what is known to come."""
    return sorted(_events(change, now), key=lambda event: event.at)


def _events(change: Change, now: datetime) -> Iterator[Event]:
    proposed = _("Proposed") if change.proposed.name else _("Published in one step, as the first of the city")
    yield _by(change.proposed, proposed)
    yield from map(_trial, change.trials)
    for reason in change.waivers:
        what = _("Signed without a trial") if reason.missing == "trial" else _("Signed without a position")
        yield _by(reason.office, what, reason.words)
    for voice in change.positions:
        tone = "done" if voice.stand == "for" else "over"
        said = _("The users' spokesperson is %(stand)s") % {"stand": stand_title(voice.stand)}
        yield _by(voice.office, said, voice.words, tone=tone)
        if voice.answer is not None:
            decided = _("Decided: the spokesperson is %(decision)s") % {
                "decision": decision_title(voice.answer.decision)
            }
            tone = "over" if voice.overruled else "done"
            yield _by(voice.answer.office, decided, voice.answer.words, tone=tone)
    if change.approved is not None and change.approved.name:
        yield _by(change.approved, _("Approved by a second person"))
    yield from _after(change, now)


def _trial(trial: Tried) -> Event:
    """A trial with the figures a reader asks for first, and the way to the backtest it was."""
    told = (
        (_("Entries"), "entries", grouped),
        (_("Acts it touches"), "acts", grouped),
        (_("Points"), "points.difference", signed),
        (_("Contribution"), "contribution.difference", signed),
    )
    figures = tuple((title, shown(trial.summary[name])) for title, name, shown in told if name in trial.summary)
    kind, _colon, key = trial.run.partition(":")
    address = reverse("portal:backtest", args=[key]) if kind == BACKTEST else ""
    return replace(_by(trial.office, _("Tried")), figures=figures, address=address)


def _after(change: Change, now: datetime) -> Iterator[Event]:
    """From the first day in force on."""
    if change.effective_from is not None:
        coming = change.effective_from > now
        what = _("Takes force") if coming else _("In force")
        yield Event(change.effective_from, what, "", tone="future" if coming else "done")
    for check in change.checks:
        what = _("Result checked: %(verdict)s") % {"verdict": verdict_title(check.verdict)}
        yield _by(check.office, what, check.words, tone="done" if check.verdict == "good" else "")
    for watch in change.supervision:
        yield _by(watch.office, _("Looked after"), watch.seen, watch.fed_back)
    for heard in change.feedback:
        yield _by(
            heard.office, _("Feedback: %(origin)s") % {"origin": origin_title(heard.origin)}, heard.words, tone=""
        )
    ends_at = change.milestones.ends_at
    if ends_at is not None:
        yield Event(ends_at, _("Replaced by the next version"), "", tone="future" if ends_at > now else "done")


def _by(office: Office, what: str, *words: Wording | None, tone: str = "done") -> Event:
    return Event(office.at, what, signature(office), tuple(each for each in words if each is not None), tone)
