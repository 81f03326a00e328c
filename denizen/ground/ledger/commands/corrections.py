"""Corrections, and goodwill for many: up to a threshold by one person, above it by two. Both are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from denizen.ground.identity.commands import note_act
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.ground.ledger.commands import journal, stock
from denizen.ground.ledger.commands.budgets import budget_accounts
from denizen.ground.ledger.commands.draft import Draft, Why
from denizen.ground.ledger.commands.grants import UnableToGrant, check_actor, check_reason, envelope_account
from denizen.ground.ledger.commands.pressed import pressed_correction
from denizen.ground.ledger.constants import ALONE_MAX, SLOTS, Asset, Code, Slot, debt, wallet
from denizen.ground.ledger.models import Correction, CorrectionLine, PostingReason
from denizen.ground.ledger.rules import Portion, choose
from denizen.kit.clock import to_micros


class UnableToCorrect(ValueError):
    """Nothing to correct, a line that may not be, a correction decided already, or decided by its own author."""


class CorrectedLine(NamedTuple):
    """What one resident gets (positive) or loses (negative): points by default, or a class of contribution.

    Contribution is never taken by correction: the posting that brought it is reversed instead.
    """

    resident: int
    amount: int
    slot: Slot = Slot.WALLET


CorrectionKind = Correction.Kind
"""What is proposed: a correction, or goodwill for many."""

PROPOSING = {
    Correction.Kind.CORRECTION: Permission.CORRECTIONS_PROPOSE,
    Correction.Kind.BULK: Permission.GRANTS_GOODWILL,
}


def correct(
    *,
    actor: Staff,
    lines: Sequence[CorrectedLine],
    reason: str,
    envelope: str,
    moment: datetime,
    kind: Correction.Kind = Correction.Kind.CORRECTION,
    alone_max: int = ALONE_MAX,
) -> Correction:
    """Correct accounts, or with ``Kind.BULK`` give goodwill to many, out of (or back to) the budget ``envelope``.

    Applied at once while the amounts come to ``alone_max`` or less in all; else it waits for another person
    (``approve``). The same by the same person within half a minute is one. Raises ``UnableToCorrect`` and
    ``grants.UnableToGrant``. Row A-27.
    """
    residents = [line.resident for line in lines]
    department = check_actor(actor=actor, permission=PROPOSING[kind], residents=residents, moment=moment)
    words = check_reason(reason)
    _check_lines(lines, kind)
    account = envelope_account(envelope)
    told = [(line.resident, int(line.slot), line.amount) for line in lines]
    known = pressed_correction(actor=actor, kind=kind, envelope=account, reason=words, lines=told, moment=moment)
    if known is not None:
        return known
    correction = Correction.objects.create(
        kind=kind,
        staff=actor,
        department=department,
        envelope_id=account,
        reason=words,
        needs_second=sum(abs(line.amount) for line in lines) > alone_max,
        proposed_at=moment,
    )
    CorrectionLine.objects.bulk_create(
        CorrectionLine(correction=correction, ord=i, resident_id=line.resident, slot=line.slot, amount=line.amount)
        for i, line in enumerate(lines)
    )
    _note(actor, "proposed", correction, moment)
    if not correction.needs_second:
        _decide(correction, Correction.State.APPLIED, None, moment)
        _apply(correction, moment)
    return correction


def approve(*, actor: Staff, correction: int, moment: datetime) -> Correction:
    """Apply a proposed correction. Raises ``UnableToCorrect`` for its own author, or when it is decided already."""
    waiting = _waiting(actor, correction, moment)
    _decide(waiting, Correction.State.APPLIED, actor, moment)
    _note(actor, "approved", waiting, moment)
    _apply(waiting, moment)
    return waiting


def refuse(*, actor: Staff, correction: int, moment: datetime) -> Correction:
    """Turn a proposed correction down: nothing moves."""
    waiting = _waiting(actor, correction, moment)
    _decide(waiting, Correction.State.REFUSED, actor, moment)
    _note(actor, "refused", waiting, moment)
    return waiting


def _check_lines(lines: Sequence[CorrectedLine], kind: Correction.Kind) -> None:
    if not lines:
        raise UnableToCorrect(_("There is nothing to correct."))
    if len({(line.resident, line.slot) for line in lines}) < len(lines):
        raise UnableToCorrect(_("A resident's account stands in one line only."))
    for line in lines:
        may_be_taken = kind == Correction.Kind.CORRECTION and line.slot == Slot.WALLET
        if line.amount == 0 or line.slot == Slot.DEBT or (line.amount < 0 and not may_be_taken):
            raise UnableToCorrect(_("A line of %(amount)d is not possible there.") % {"amount": line.amount})
        if kind == Correction.Kind.BULK and line.slot != Slot.WALLET:
            raise UnableToCorrect(_("Goodwill is given in points."))


def _waiting(actor: Staff, correction: int, moment: datetime) -> Correction:
    found = Correction.objects.select_for_update(no_key=True).filter(pk=correction).first()
    if found is None or found.state != Correction.State.PROPOSED:
        raise UnableToCorrect(_("This is not waiting for a decision."))
    if found.staff_id == actor.pk:
        raise UnableToCorrect(_("Another person decides."))
    residents = list(CorrectionLine.objects.filter(correction=found).values_list("resident_id", flat=True))
    try:
        check_actor(actor=actor, permission=Permission.CORRECTIONS_APPROVE, residents=residents, moment=moment)
    except UnableToGrant as refusal:
        raise UnableToCorrect(str(refusal)) from refusal
    return found


def _decide(correction: Correction, state: Correction.State, decider: Staff | None, moment: datetime) -> None:
    correction.state, correction.decider, correction.decided_at = state, decider, moment
    correction.save(update_fields=["state", "decider", "decided_at"])


@dataclass(slots=True)
class _Applying:
    draft: Draft
    why: Why
    code: Code
    points_account: int
    contribution_account: int
    gained: dict[int, list[Portion]] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)


def _apply(correction: Correction, moment: datetime) -> None:
    lines = list(CorrectionLine.objects.filter(correction=correction).order_by("ord"))
    residents = {line.resident_id for line in lines}
    journal.lock(residents)
    free = stock.free_lots(residents, moment)
    work = _work(correction, moment)
    for line in lines:
        if line.amount > 0:
            _give(work, line)
        else:
            _take(work, line, free.get(line.resident_id, []))
    stock.settle_debts(work.draft, work.gained, moment)
    ids = work.draft.write()
    PostingReason.objects.bulk_create(
        PostingReason(
            posting_id=ids[place],
            staff_id=correction.staff_id,
            approver_id=correction.decider_id,
            department_id=correction.department_id,
            reason=correction.reason,
        )
        for place in work.places
    )


def _work(correction: Correction, moment: datetime) -> _Applying:
    envelope = (correction.envelope.code or "").partition(":")[2]
    contribution = budget_accounts([envelope])[envelope, Asset.CONTRIBUTION.name.lower()]
    bulk = correction.kind == Correction.Kind.BULK
    purpose = "goodwill" if bulk else "correction"
    at = to_micros(moment)
    why = Why(journal.purpose_ids([purpose])[purpose], at, at)
    code = Code.GOODWILL if bulk else Code.CORRECTION
    return _Applying(Draft(), why, code, correction.envelope_id, contribution)


def _give(work: _Applying, line: CorrectionLine) -> None:
    account = line.resident_id * SLOTS + line.slot
    source = work.points_account if line.slot == Slot.WALLET else work.contribution_account
    place = work.draft.post(work.code, source, account, line.amount, work.why)
    work.places.append(place)
    if line.slot == Slot.WALLET:
        work.gained[line.resident_id] = [work.draft.open_lot(place, line.amount, expires_at=None)]


def _take(work: _Applying, line: CorrectionLine, free: list[Portion]) -> None:
    """Take points from what is free, in consumption order; the rest stands as debt."""
    parts = choose(free, -line.amount)
    there = sum(part for _, part in parts)
    if there:
        place = work.draft.post(work.code, wallet(line.resident_id), work.points_account, there, work.why)
        work.places.append(place)
        for portion, part in parts:
            work.draft.take(place, portion, part)
    if there < -line.amount:
        missing = -line.amount - there
        work.places.append(work.draft.post(work.code, debt(line.resident_id), work.points_account, missing, work.why))


def _note(actor: Staff, what: str, correction: Correction, moment: datetime) -> None:
    note_act(
        actor=actor,
        act=f"correction.{what}",
        subject_kind="correction",
        subject_id=str(correction.pk),
        details={"kind": str(correction.kind), "needs_second": correction.needs_second},
        moment=moment,
    )
