"""Letting go what a review keeps apart: all of one review, or only what a reversal is about to walk back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from denizen.ground.ledger.commands import holds, journal
from denizen.ground.ledger.constants import GRACE_DAYS, PURPOSE_QUARANTINE
from denizen.ground.ledger.models import ContributionHold
from denizen.kit import db

State = ContributionHold.State


def let_go_of_review(*, key: str, state: State, moment: datetime, grace_days: int = GRACE_DAYS) -> None:
    """Let go everything that is kept apart under ``key``; ``state``: how it ended for the contribution."""
    rows = db.fetch("SELECT id FROM ledger_hold WHERE state = 'pending' AND key LIKE %s ORDER BY id", (f"{key}:%",))
    if rows:
        holds.void_many(holds=[row[0] for row in rows], moment=moment, grace_days=grace_days)
    _unmark("key = %s", [key], state, moment)


def let_go_of_postings(*, postings: Iterable[int], moment: datetime, grace_days: int = GRACE_DAYS) -> None:
    """Let go what is kept apart of ``postings``, which are about to be walked back. Their wallets must be locked."""
    wanted = sorted(set(postings))
    rows = db.fetch(
        "SELECT DISTINCT hold.id FROM ledger_lot AS lot JOIN ledger_holdlot AS part ON part.lot_id = lot.id"
        " JOIN ledger_hold AS hold ON hold.id = part.hold_id AND hold.state = 'pending'"
        " JOIN ledger_purpose AS purpose ON purpose.id = hold.purpose_id AND purpose.code = %s"
        " WHERE lot.posting_id = ANY(%s) AND lot.reserved > 0 ORDER BY hold.id",
        (PURPOSE_QUARANTINE, wanted),
    )
    if rows:
        holds.void_many(holds=[row[0] for row in rows], moment=moment, grace_days=grace_days)
    _unmark("posting_id = ANY(%s)", [wanted], State.VOIDED, moment)


def _unmark(where: str, parameters: Sequence[object], state: State, moment: datetime) -> None:
    freed = db.fetch(
        f"UPDATE ledger_contributionhold SET state = %s, resolved_at = %s WHERE state = 'pending' AND {where}"
        " RETURNING account_id, amount",
        (state.value, moment, *parameters),
    )
    if freed:
        less: Counter[int] = Counter()
        for account, amount in freed:
            less[account] -= amount
        journal.reserve(less)
