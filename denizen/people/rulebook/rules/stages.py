"""Where a change of the rules stands, how long each stage took, and what is to be done next (A-36, A-52). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """The stages of the cycle, in order; the last two are outside of it."""

    DRAFT = "draft"
    TRYING = "trying"
    APPROVING = "approving"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    CHECKED = "checked"
    SUPERVISED = "supervised"
    REPLACED = "replaced"
    SET_ASIDE = "set_aside"


PATH = (
    Stage.DRAFT, Stage.TRYING, Stage.APPROVING, Stage.ANNOUNCED, Stage.IN_FORCE, Stage.CHECKED, Stage.SUPERVISED,
)  # fmt: skip


class Task(StrEnum):
    """What is to be done next about a change."""

    HAND_OVER = "hand_over"
    TRY = "try"
    SPEAK = "speak"
    ANSWER = "answer"
    APPROVE = "approve"
    WAIT = "wait"
    CHECK = "check"
    SUPERVISE = "supervise"
    RENEW = "renew"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    """When things happened to a change; None where they have not. ``ends_at``: replaced by the next version.

    ``objection_open``: the spokesperson objects and nobody has decided; ``against_followed``: it was decided to follow
    him; ``outrun``: a later version was approved while this one still waited.
    """

    drafted_at: datetime | None = None
    proposed_at: datetime | None = None
    tried_at: datetime | None = None
    heard_at: datetime | None = None
    approved_at: datetime | None = None
    effective_from: datetime | None = None
    checked_at: datetime | None = None
    supervised_at: datetime | None = None
    ends_at: datetime | None = None
    objection_open: bool = False
    against_followed: bool = False
    outrun: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stage and the time spent in it, in whole seconds; ``ends_at`` None while it lasts."""

    stage: Stage
    begins_at: datetime
    ends_at: datetime | None

    def seconds(self, now: datetime) -> int:
        return max(0, int(((self.ends_at or now) - self.begins_at).total_seconds()))


def stage_of(known: Milestones, now: datetime) -> Stage:
    """The stage at ``now``."""
    if known.proposed_at is None:
        return Stage.DRAFT
    if known.approved_at is None or known.effective_from is None:
        return _undecided_stage(known)
    if known.effective_from > now:
        return Stage.ANNOUNCED
    if known.ends_at is not None and known.ends_at <= now:
        return Stage.REPLACED
    if known.checked_at is None:
        return Stage.IN_FORCE
    return Stage.CHECKED if known.supervised_at is None else Stage.SUPERVISED


def _undecided_stage(known: Milestones) -> Stage:
    if known.outrun or known.against_followed:
        return Stage.SET_ASIDE
    return Stage.TRYING if known.tried_at is None else Stage.APPROVING


def task_of(known: Milestones, stage: Stage) -> Task:
    """What is to be done next. A trial comes before the voice, the voice before the signature."""
    if stage is Stage.APPROVING:
        if known.heard_at is None:
            return Task.SPEAK
        return Task.ANSWER if known.objection_open else Task.APPROVE
    return {
        Stage.DRAFT: Task.HAND_OVER,
        Stage.TRYING: Task.TRY,
        Stage.ANNOUNCED: Task.WAIT,
        Stage.IN_FORCE: Task.CHECK,
        Stage.CHECKED: Task.SUPERVISE,
        Stage.SUPERVISED: Task.RENEW,
    }.get(stage, Task.NOTHING)


def spans_of(known: Milestones, now: datetime) -> tuple[Span, ...]:
    """The stages passed through, in order, each with its time (A-52). Stages of no time are left out."""
    ends = {
        Stage.DRAFT: known.proposed_at,
        Stage.TRYING: known.tried_at or known.approved_at,
        Stage.APPROVING: known.approved_at,
        Stage.ANNOUNCED: known.effective_from,
        Stage.IN_FORCE: known.checked_at,
        Stage.CHECKED: known.supervised_at,
        Stage.SUPERVISED: known.ends_at,
    }
    last = stage_of(known, now)
    begins_at = known.drafted_at or known.proposed_at
    found = []
    for stage in PATH:
        if begins_at is None:
            break
        ends_at = min(filter(None, (ends[stage], known.ends_at)), default=None)
        if ends_at is None or ends_at > now:
            found.append(Span(stage, begins_at, None))
            break
        if ends_at > begins_at:
            found.append(Span(stage, begins_at, ends_at))
            begins_at = ends_at
    return tuple(found) if last is not Stage.SET_ASIDE else tuple(span for span in found if span.ends_at is not None)


def seconds_to_force(known: Milestones, now: datetime) -> int:
    """From the first line of the draft to the moment it rules, or to ``now`` while it does not (A-52)."""
    begins_at = known.drafted_at or known.proposed_at or now
    ends_at = min(known.effective_from, now) if known.effective_from is not None else now
    return max(0, int((ends_at - begins_at).total_seconds()))
