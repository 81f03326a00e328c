"""The board of changes: every version with its stage, people, moments and elapsed time (A-36, A-38, A-40, A-52)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, pairwise
from typing import Protocol

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff, StaffAct
from denizen.people.rulebook.models import Approval, BookVersion, Draft, DraftEnd, Force, Position
from denizen.people.rulebook.queries.spoken import (
    Check,
    Heard,
    Office,
    Reason,
    Tried,
    Voice,
    Watch,
    checks_for,
    feedback_for,
    feedback_taken_by,
    positions_for,
    supervision_for,
    trials_of,
    waivers_for,
)
from denizen.people.rulebook.rules.stages import (
    Milestones,
    Span,
    Stage,
    Task,
    seconds_to_force,
    spans_of,
    stage_of,
    task_of,
)

APPROVALS_MAX = 2
"""How many signatures a change takes at most, unless the city says otherwise; more is reported (A-52)."""

PERMITS = {
    Task.TRY: (Permission.RULES_PROPOSE, Permission.RULES_APPROVE, Permission.RULES_CHECK, Permission.RULES_SPEAK),
    Task.SPEAK: (Permission.RULES_SPEAK,),
    Task.ANSWER: (Permission.RULES_APPROVE,),
    Task.APPROVE: (Permission.RULES_APPROVE,),
    Task.CHECK: (Permission.RULES_CHECK,),
    Task.SUPERVISE: (Permission.RULES_CHECK,),
    Task.RENEW: (Permission.RULES_PROPOSE,),
    Task.HAND_OVER: (Permission.RULES_PROPOSE,),
}


class Signed(Protocol):
    """Anything that somebody did in his office."""

    @property
    def office(self) -> Office: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A version on its way, or the draft of one (``number`` 0, ``draft`` its key), with all that is on record about it.

    ``note`` is the proposer's sentence; ``task`` what is to be done next, ``since`` when that began; ``approvals`` how
    many signatures it took: decisions about objections and the approval itself. An overdue review comes first.
    """

    number: int
    draft: int = 0
    title: str
    digest: str
    note: str
    stage: Stage
    task: Task
    since: datetime
    milestones: Milestones
    spans: tuple[Span, ...]
    seconds: int
    proposed: Office
    approved: Office | None
    effective_from: datetime | None
    review_on: date | None
    review_overdue: bool
    approvals: int
    trials: tuple[Tried, ...] = ()
    positions: tuple[Voice, ...] = ()
    waivers: tuple[Reason, ...] = ()
    checks: tuple[Check, ...] = ()
    supervision: tuple[Watch, ...] = ()
    feedback: tuple[Heard, ...] = ()
    takes_up: tuple[Heard, ...] = ()

    @property
    def position(self) -> Voice | None:
        """What the users' spokesperson says now."""
        return self.positions[-1] if self.positions else None

    def waits_for(self, staff: int, permits: frozenset[Permission]) -> bool:
        """Whether the next act is one this member of the staff may do: by his permits, and as another person."""
        if permits.isdisjoint(PERMITS.get(self.task, ())):
            return False
        barred = {self.proposed.staff} if self.task in (Task.SPEAK, Task.ANSWER, Task.APPROVE, Task.CHECK) else set()
        if self.task is Task.ANSWER and self.position is not None:
            barred.add(self.position.office.staff)
        return staff not in barred

    def touched_by(self, staff: int) -> bool:
        """Whether this member of the staff had a hand in it."""
        return staff in {office.staff for office in self.offices()}

    def offices(self) -> Iterator[Office]:
        """Every act on record about it, by whom and when."""
        yield self.proposed
        if self.approved is not None:
            yield self.approved
        rows: Iterable[Signed] = chain(self.trials, self.waivers, self.checks, self.supervision, self.feedback)
        yield from (row.office for row in rows)
        for voice in self.positions:
            yield voice.office
            if voice.answer is not None:
                yield voice.answer.office


def changes(moment: datetime) -> list[Change]:
    """Open drafts, then every version with its stage at ``moment``, newest first.

    Seventeen queries, however many changes there are.
    """
    return [*_drafts(moment), *_versions(moment)]


def _drafts(moment: datetime) -> list[Change]:
    """Drafts that are written on, last saved first. Two queries."""
    ended = DraftEnd.objects.values("draft")
    drafts = list(Draft.objects.select_related("author").exclude(pk__in=ended).order_by("-saved_at", "-pk"))
    trials = trials_of(draft.digest for draft in drafts if draft.digest)
    return [_drafted(draft, trials.get(draft.digest, ()), moment) for draft in drafts]


def _drafted(draft: Draft, trials: tuple[Tried, ...], moment: datetime) -> Change:
    known = Milestones(drafted_at=draft.started_at, tried_at=trials[0].office.at if trials else None)
    author = Office(draft.author_id, draft.author.name, "", "", draft.started_at)
    return Change(
        number=0, draft=draft.pk, title=draft.title, digest=draft.digest, note=draft.title, stage=Stage.DRAFT,
        task=Task.HAND_OVER, since=draft.started_at, milestones=known, spans=spans_of(known, moment),
        seconds=seconds_to_force(known, moment), proposed=author, approved=None, effective_from=None, review_on=None,
        review_overdue=False, approvals=0, trials=trials,
    )  # fmt: skip


def _versions(moment: datetime) -> list[Change]:
    versions = list(BookVersion.objects.select_related("proposed_by").order_by("-number"))
    numbers = [version.number for version in versions]
    approvals = {each.book_id: each for each in Approval.objects.select_related("approved_by")}
    ends = _ends()
    signed = _signatures()
    positions, waivers = positions_for(numbers), waivers_for(numbers)
    checks, supervision = checks_for(numbers), supervision_for(numbers)
    feedback, taken = feedback_for(numbers), feedback_taken_by(numbers)
    trials = trials_of(version.digest for version in versions)
    latest_approved = max(approvals, default=0)
    drafted = dict(DraftEnd.objects.filter(version__isnull=False).values_list("version_id", "draft__started_at"))
    found = []
    for version in versions:
        number = version.number
        told = replace(
            _bare(version, approvals.get(number), signed), trials=trials.get(version.digest, ()),
            positions=positions.get(number, ()), waivers=waivers.get(number, ()), checks=checks.get(number, ()),
            supervision=supervision.get(number, ()), feedback=feedback.get(number, ()),
            takes_up=taken.get(number, ()),
        )  # fmt: skip
        dated = replace(told.milestones, drafted_at=drafted.get(number), ends_at=ends.get(number))
        found.append(_placed(replace(told, milestones=dated), latest_approved > number, moment))
    return found


def change_named(number: int, moment: datetime) -> Change | None:
    """One version with everything on record about it."""
    return next((change for change in _versions(moment) if change.number == number), None)


def tasks_for(staff: int, permits: frozenset[Permission], known: list[Change]) -> list[Change]:
    """The changes whose next act is this person's to do. A next version is nobody's duty, and left out."""
    return [change for change in known if change.task is not Task.RENEW and change.waits_for(staff, permits)]


def _bare(version: BookVersion, approval: Approval | None, signed: dict[tuple[str, int], StaffAct]) -> Change:
    """What the version and its approval alone tell."""
    known = Milestones(
        proposed_at=version.proposed_at,
        approved_at=approval.approved_at if approval else None,
        effective_from=approval.effective_from if approval else None,
    )
    proposed = _office(version.proposed_by, version.proposed_at, signed.get(("rules.propose", version.number)))
    approved = (
        _office(approval.approved_by, approval.approved_at, signed.get(("rules.approve", version.number)))
        if approval
        else None
    )
    return Change(
        number=version.number, title=version.title, digest=version.digest, note=version.note, stage=Stage.TRYING,
        task=Task.NOTHING, since=version.proposed_at, milestones=known, spans=(), seconds=0, proposed=proposed,
        approved=approved, effective_from=known.effective_from, review_on=approval.review_on if approval else None,
        review_overdue=False, approvals=0,
    )  # fmt: skip


def _placed(change: Change, outrun: bool, moment: datetime) -> Change:
    """The change with its stage, the next act and the times, from all that is on record about it."""
    voice, check = change.position, change.checks[-1] if change.checks else None
    decided = voice.answer.decision if voice and voice.answer else ""
    known = replace(
        change.milestones,
        tried_at=change.trials[0].office.at if change.trials else None,
        heard_at=change.positions[0].office.at if change.positions else None,
        checked_at=change.checks[0].office.at if change.checks else None,
        supervised_at=change.supervision[0].office.at if change.supervision else None,
        objection_open=bool(voice and voice.open),
        against_followed=bool(voice and voice.stand == Position.Stand.AGAINST and decided == "followed"),
        outrun=outrun,
    )
    stage, spans = stage_of(known, moment), spans_of(known, moment)
    review_on = max(filter(None, (change.review_on, check.review_on if check else None)), default=None)
    ruling = stage in (Stage.IN_FORCE, Stage.CHECKED, Stage.SUPERVISED)
    overdue = bool(ruling and review_on and review_on <= moment.date())
    answered = sum(each.answer is not None for each in change.positions)
    signed = int(bool(change.approved and change.approved.staff))
    return replace(
        change, milestones=known, stage=stage, task=Task.CHECK if overdue else task_of(known, stage),
        since=spans[-1].begins_at if spans else change.proposed.at, spans=spans,
        seconds=seconds_to_force(known, moment), review_on=review_on, review_overdue=overdue,
        approvals=answered + signed,
    )  # fmt: skip


def _ends() -> dict[int, datetime]:
    """When each version was replaced: by the next one in time that rules everybody. One query."""
    rows = list(
        Force.objects.filter(source__isnull=True).order_by("effective_from", "book_id").values_list(
            "book_id", "effective_from"
        )
    )  # fmt: skip
    return {number: following for (number, _), (_, following) in pairwise(rows)}


def _signatures() -> dict[tuple[str, int], StaffAct]:
    """Who proposed and approved, with the department he did it for. One query."""
    acts = StaffAct.objects.filter(subject_kind="rule_book", act__in=("rules.propose", "rules.approve"))
    return {(act.act, int(act.subject_id)): act for act in acts.select_related("department").order_by("-id")}


def _office(staff: Staff | None, at: datetime, act: StaffAct | None) -> Office:
    department = act.department if act else None
    return Office(
        staff.pk if staff else 0, staff.name if staff else "", department.title_en if department else "",
        department.title_zh if department else "", at,
    )  # fmt: skip
