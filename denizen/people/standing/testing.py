"""Factories of standing for tests: residents, and contribution moved in the journal without a rule book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from denizen.ground.chronicle.models import Resident
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
