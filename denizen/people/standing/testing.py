"""Factories of standing for tests: residents, and contribution moved in the journal without a rule book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.chronicle.models import Entry, EntryKey, KindCode, Resident, Source
from denizen.ground.identity import commands as identity
from denizen.ground.identity.constants import HOUSE, Permission
from denizen.ground.identity.models import Staff
from denizen.ground.ledger import constants as ledger
from denizen.ground.ledger.commands import journal
from denizen.kit import db
from denizen.kit.clock import EPOCH, to_micros
from denizen.people.standing import commands


class Move(NamedTuple):
    """Contribution of a resident: awarded, or with ``reverses`` (a posting's id) taken back. ``amount`` in n, > 0."""

    resident: int
    contribution_class: str
    amount: int
    effective_at: datetime
    reverses: int | None = None


def a_resident(*, created_at: datetime = EPOCH) -> Resident:
    return Resident.objects.create(created_at=created_at)


def a_staff_member(name: str, *permissions: Permission, moment: datetime, resident_id: int | None = None) -> Staff:
    """A staff member with a post in the department of user relations and ``permissions``, from ``moment`` on."""
    with transaction.atomic():
        relations = identity.found_department(
            actor=HOUSE, code="relations", title_en="User relations", title_zh="用户关系部", moment=moment
        )
        staff = identity.hire(actor=HOUSE, name=name, moment=moment, resident_id=resident_id)
        terms = identity.PostTerms(
            department=relations, region="east", position="Operator", field="community", begins_at=moment
        )
        identity.assign(actor=HOUSE, staff=staff, terms=terms, moment=moment)
        for permission in permissions:
            identity.permit(
                actor=HOUSE, staff=staff, permission=permission, begins_at=moment, ends_at=None, moment=moment
            )
    return staff


def post(moves: Sequence[Move], *, recorded_at: datetime) -> list[int]:
    """Write ``moves`` into the journal and the balances, as granting would; ids of the postings, in order."""
    db.required()
    journal.lock(move.resident for move in moves)
    purpose = journal.purpose_ids(["award:test"])["award:test"]
    ids = journal.posting_ids(len(moves))
    given: dict[int, int] = {}
    taken: dict[int, int] = {}
    postings = []
    for number, move in zip(ids, moves, strict=True):
        account = ledger.standing(move.resident, move.contribution_class)
        back = move.reverses is not None
        sides = (account, ledger.CONTRIBUTION_MINT) if back else (ledger.CONTRIBUTION_MINT, account)
        code = ledger.Code.REVERSE if back else ledger.Code.AWARD
        change = taken if back else given
        change[account] = change.get(account, 0) + (-move.amount if back else move.amount)
        postings.append(
            journal.NewPosting(
                number, *sides, move.amount, code, purpose, None, 0,
                to_micros(move.effective_at), to_micros(recorded_at), move.reverses,
            )
        )  # fmt: skip
    journal.settle(given)
    journal.write(postings)
    journal.settle(taken)
    return ids


def earn(moves: Sequence[Move], *, recorded_at: datetime) -> list[int]:
    """``post`` and bring standing up to date, in one transaction as the pipeline does."""
    ids = post(moves, recorded_at=recorded_at)
    changes: dict[int, int] = {}
    for move in moves:
        changes[move.resident] = max(changes.get(move.resident, 0), to_micros(move.effective_at))
    commands.recompute(changes=changes, moment=recorded_at)
    return ids


def decided(kind: str, resident: Resident, occurred_at: datetime, payload: dict[str, Any]) -> Fresh:
    """A recorded entry as the pipeline hands it on. Its outside id is its own number."""
    source, _ = Source.objects.get_or_create(code="test")
    code, _ = KindCode.objects.get_or_create(id=KINDS[kind].number, defaults={"code": kind})
    entry = Entry.objects.create(
        kind=code, kind_version=1, resident=resident, source=source, occurred_at=occurred_at, recorded_at=occurred_at,
        payload=payload,
    )  # fmt: skip
    EntryKey.objects.create(source=source, external_id=str(entry.pk), entry=entry, payload_hash=bytes(16))
    return Fresh(entry.pk, kind, resident.pk, source.pk, to_micros(occurred_at), payload, str(entry.pk))


def service_confirmed(resident: Resident, service: str, occurred_at: datetime) -> Fresh:
    payload = {"service": service, "event": "e-1", "place": "p-1", "days": 1, "confirmed_by": "city"}
    return decided("volunteer_service_confirmed", resident, occurred_at, payload)


def service_withdrawn(confirmed: Fresh, occurred_at: datetime) -> Fresh:
    resident = Resident.objects.get(pk=confirmed.resident)
    return decided("volunteer_service_withdrawn", resident, occurred_at, {"original": confirmed.external_id})
