"""Opening a case, letting it grow, and closing it once.

Wallets are locked first, in ascending order, then the case: whoever advances entries of these residents holds their
wallets too, so either he sees that their entries wait, or his effects are there to be kept apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from denizen.ground.chronicle.kinds import BY_NUMBER
from denizen.ground.identity import commands as identity
from denizen.ground.identity import queries as identity_queries
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.ground.ledger import commands as ledger
from denizen.kit import db
from denizen.people.risk.constants import CASE_DAYS, REASON_LENGTH_MIN
from denizen.people.risk.models import (
    Case,
    CaseKind,
    CaseParty,
    CaseSignal,
    Quarantine,
    SignalEntry,
    SignalParty,
    Verdict,
    WaitingEntry,
)
from denizen.people.standing import commands as standing

Outcome = Literal["released", "voided"]


class UnableToDecide(Exception):
    """The case is decided already, this person may not decide it, or no reason was given."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A case that was just closed: what had waited because of it, in order of arrival."""

    case: int
    outcome: Outcome
    waiting: tuple[int, ...]
    residents: tuple[int, ...]


def pursue(*, signal: int, moment: datetime) -> Case | None:
    """Let ``signal`` open a case, or join the open case of one of its residents; None where nothing is to be kept.

    Again, it adds only what is new. A signal whose case is decided stays with it. Needs an open transaction.
    """
    db.required()
    parties = sorted(SignalParty.objects.filter(signal=signal).values_list("resident_id", flat=True))
    entries = sorted(SignalEntry.objects.filter(signal=signal).values_list("entry_id", flat=True))
    ledger.lock(parties)
    case = _case_of(signal, parties)
    if case is None and _decided(signal):
        return None
    if case is None:
        if not _brings(entries, parties):
            return None
        case = Case.objects.create(opened_at=moment, lapses_at=moment + timedelta(days=CASE_DAYS))
    CaseSignal.objects.get_or_create(signal_id=signal, defaults={"case": case})
    CaseParty.objects.bulk_create([CaseParty(case=case, resident_id=one) for one in parties], ignore_conflicts=True)
    _add_kinds(case, entries)
    _keep_apart(case, entries, parties, moment)
    ledger.watch(parties, watched=True)
    standing.recount(residents=parties)
    return case


def note_waiting(*, entries: Mapping[int, int]) -> None:
    """Note which entries wait because of which case (entry: case). Needs an open transaction."""
    db.required()
    rows = [WaitingEntry(case_id=case, entry_id=entry) for entry, case in sorted(entries.items())]
    WaitingEntry.objects.bulk_create(rows, ignore_conflicts=True)


def close_case(*, actor: Staff, case: int, outcome: Outcome, reason: str, moment: datetime) -> Closed:
    """A reviewer's decision, in his own words, which the residents read. The caller decides what had waited.

    Released: as if nothing had been. Voided: what the evidence brought is walked back. Raises ``UnableToDecide``;
    ``identity.commands.UnableToAct`` for who holds no post. Needs an open transaction.
    """
    db.required()
    if not identity_queries.may_staff(actor, Permission.RISK_REVIEW, moment):
        raise UnableToDecide(_("You need the permission to review cases."))
    if len(reason.strip()) < REASON_LENGTH_MIN:
        raise UnableToDecide(_("Say why, in a sentence the resident may read."))
    found, parties = _open_case(case)
    if identity_queries.is_own_matter(actor, parties):
        raise UnableToDecide(_("This case is about yourself: another person decides."))
    closed = _close(found, parties, outcome, moment)
    Verdict.objects.create(case=found, outcome=outcome, staff=actor, reason=reason.strip(), decided_at=moment)
    identity.note_act(
        actor=actor, act=f"risk.{outcome}", subject_kind="case", subject_id=str(found.pk), details={}, moment=moment
    )
    return closed


def lapse_case(*, case: int, moment: datetime) -> Closed:
    """Release a case that nobody decided in time: innocent until shown. Raises ``UnableToDecide``."""
    db.required()
    found, parties = _open_case(case)
    if moment < found.lapses_at:
        raise UnableToDecide(_("This case may still be decided."))
    closed = _close(found, parties, "released", moment)
    Verdict.objects.create(case=found, outcome="released", staff=None, reason="", decided_at=moment)
    return closed


def _case_of(signal: int, parties: Sequence[int]) -> Case | None:
    """The open case the signal belongs to or may join, locked: its own, else the oldest of its residents."""
    own = CaseSignal.objects.filter(signal=signal).values_list("case_id", flat=True).first()
    joined = CaseParty.objects.filter(resident_id__in=parties, case__state=Case.State.OPEN)
    candidates = [own] if own else sorted(set(joined.values_list("case_id", flat=True)))
    locked = Case.objects.select_for_update().filter(pk__in=candidates[:1], state=Case.State.OPEN)
    return locked.first()


def _decided(signal: int) -> bool:
    return CaseSignal.objects.filter(signal=signal).exists()


def _brings(entries: Collection[int], parties: Collection[int]) -> bool:
    """Whether the evidence brought one of the parties anything that is not walked back yet."""
    return bool(ledger.brought(entries=entries, residents=parties))


def _add_kinds(case: Case, entries: Sequence[int]) -> None:
    """Further entries of the evidence's kinds wait. Facts never do: they are true whatever they earn."""
    numbers = db.fetch("SELECT DISTINCT kind_id FROM chronicle_entry WHERE id = ANY(%s)", (list(entries),))
    kinds = [BY_NUMBER[number] for (number,) in numbers if number in BY_NUMBER]
    CaseKind.objects.bulk_create(
        [CaseKind(case=case, kind_id=kind.number) for kind in kinds if not kind.fact and kind.reverses is None],
        ignore_conflicts=True,
    )


def _keep_apart(case: Case, entries: Sequence[int], parties: Sequence[int], moment: datetime) -> None:
    kept = ledger.set_apart(entries=entries, residents=parties, key=case.key, moment=moment)
    Quarantine.objects.bulk_create(
        [
            Quarantine(
                case=case,
                posting_id=one.posting,
                entry_id=one.entry,
                resident_id=one.resident,
                slot=one.slot,
                amount=one.amount,
                apart=one.apart,
                placed_at=moment,
            )
            for one in kept
        ],
        ignore_conflicts=True,
    )


def _open_case(case: int) -> tuple[Case, list[int]]:
    """The case, locked with the wallets of everybody it names. Raises ``UnableToDecide`` when it is not open."""
    ledger.lock(_parties(case))
    found = Case.objects.select_for_update().filter(pk=case, state=Case.State.OPEN).first()
    if found is None:
        raise UnableToDecide(_("This case is decided already."))
    parties = _parties(case)  # It may have grown before it was locked.
    ledger.lock(parties)
    return found, parties


def _parties(case: int) -> list[int]:
    return sorted(CaseParty.objects.filter(case=case).values_list("resident_id", flat=True))


def _close(case: Case, parties: list[int], outcome: Outcome, moment: datetime) -> Closed:
    if outcome == "voided":
        entries = list(Quarantine.objects.filter(case=case).values_list("entry_id", flat=True))
        ledger.void_apart(key=case.key, entries=entries, residents=parties, moment=moment)
    else:
        ledger.free_apart(key=case.key, moment=moment)
    Case.objects.filter(pk=case.pk).update(state=outcome)
    others = CaseParty.objects.filter(resident_id__in=parties, case__state=Case.State.OPEN)
    still = set(others.values_list("resident_id", flat=True))
    ledger.watch([one for one in parties if one not in still], watched=False)
    standing.recount(residents=parties)
    waiting = WaitingEntry.objects.filter(case=case).order_by("entry_id").values_list("entry_id", flat=True)
    return Closed(case.pk, outcome, tuple(waiting), tuple(parties))
