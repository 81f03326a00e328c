"""What the board says: stages, tasks and times in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denizen.people.rulebook.queries import Change, Office, Stage, Task
from denizen.portal.words import of
from denizen.shell.figures import day

HOUR, DAY = 3_600, 86_400
SENTENCE_LENGTH_MAX = 120


def stage_title(stage: Stage) -> str:
    """The stage as a word on the path."""
    return {
        Stage.DRAFT: _("Draft"),
        Stage.TRYING: _("Trial"),
        Stage.APPROVING: _("Signature"),
        Stage.ANNOUNCED: _("Announced"),
        Stage.IN_FORCE: _("In force"),
        Stage.CHECKED: _("Result checked"),
        Stage.SUPERVISED: _("Supervised"),
        Stage.REPLACED: _("Replaced"),
        Stage.SET_ASIDE: _("Put aside"),
    }[stage]


def stage_of_time(stage: Stage) -> str:
    """What a time spent in the stage was spent on."""
    return {
        Stage.DRAFT: _("Being written"),
        Stage.TRYING: _("Until the trial"),
        Stage.APPROVING: _("Until the second signature"),
        Stage.ANNOUNCED: _("Announced beforehand"),
        Stage.IN_FORCE: _("In force until its result was checked"),
        Stage.CHECKED: _("Until somebody looked after it"),
        Stage.SUPERVISED: _("In force since"),
    }[stage]


def waiting(change: Change) -> str:
    """Who waits for whom."""
    who = change.proposed.name or _("The house")
    voice = change.position
    return {
        Task.HAND_OVER: _("%(name)s is still writing") % {"name": who},
        Task.TRY: _("%(name)s waits for a trial") % {"name": who},
        Task.SPEAK: _("%(name)s waits for the users' spokesperson") % {"name": who},
        Task.ANSWER: _("%(name)s waits for a decision about the objection")
        % {"name": voice.office.name if voice else who},
        Task.APPROVE: _("%(name)s waits for the second person") % {"name": who},
        Task.WAIT: _("Everybody can read it; it rules from %(day)s")
        % {"day": day(change.effective_from) if change.effective_from else ""},
        Task.CHECK: _("Its review is overdue: look at its result again")
        if change.review_overdue
        else _("Waits for a check of its result"),
        Task.SUPERVISE: _("Waits for somebody to look after it"),
        Task.RENEW: _("Checked and looked after: ready for a next version"),
        Task.NOTHING: stage_title(change.stage),
    }[change.task]


def act_title(task: Task) -> str:
    """The next act as a button; empty where there is none."""
    return {
        Task.HAND_OVER: _("Go on writing"),
        Task.TRY: _("Try it"),
        Task.SPEAK: _("Say what users think"),
        Task.ANSWER: _("Decide about the objection"),
        Task.APPROVE: _("Look and sign"),
        Task.CHECK: _("Check the result"),
        Task.SUPERVISE: _("Note what you saw"),
        Task.RENEW: _("Prepare a next version"),
    }.get(task, "")


def summary(change: Change) -> str:
    """What changes, in the proposer's one sentence."""
    told = change.note.strip().partition("\n")[0]
    if len(told) > SENTENCE_LENGTH_MAX:
        told = told[:SENTENCE_LENGTH_MAX].rsplit(" ", 1)[0].rstrip(" ,;.，；。") + "…"
    return told or (_("The first rule book of the city") if not change.proposed.name else change.title)


def stand_title(stand: str) -> str:
    return {"for": _("for it"), "against": _("against it"), "conditions": _("for it, on conditions")}[stand]


def decision_title(decision: str) -> str:
    return {"followed": _("followed"), "overruled": _("overruled")}[decision]


def verdict_title(verdict: str) -> str:
    return {"good": _("good"), "mixed": _("good and bad"), "bad": _("bad")}[verdict]


def origin_title(origin: str) -> str:
    return {"residents": _("Residents"), "front_line": _("Front line")}[origin]


def signature(office: Office) -> str:
    """``Xu · User relations``; the house where nobody was hired yet."""
    return f"{office.name} · {of(office, 'department')}" if office.name else _("the house")


def signatures(count: int) -> str:
    return ngettext("%(count)d signature", "%(count)d signatures", count) % {"count": count}


def lasting(seconds: int) -> str:
    """A length of time in its largest unit: ``3 days``, ``5 hours``, ``under an hour``."""
    if seconds >= DAY:
        days = seconds // DAY
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if seconds >= HOUR:
        hours = seconds // HOUR
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return _("under an hour")
