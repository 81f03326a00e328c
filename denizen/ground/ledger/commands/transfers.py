"""Giving points to one another: the lots move with their end, priority and first day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.ledger.commands import spending, stock
from denizen.ground.ledger.commands.draft import Draft
from denizen.ground.ledger.constants import Code, wallet
from denizen.ground.ledger.rules import Portion


class UnableToTransfer(ValueError):
    """Nobody gives points to himself."""


def transfer(
    *, giver: int, taker: int, amount: int, purpose: str, entry: int, moment: datetime, effect_no: int = 0
) -> int:
    """Move ``amount`` points from ``giver`` to ``taker``; what arrives repays the taker's debt first.

    Returns the posting's id. Raises ``UnableToTransfer`` for a gift to oneself and ``spending.UnableToSpend``.
    Undone by ``reversal.reverse_postings``. Rows B-44, B-45.
    """
    if giver == taker:
        raise UnableToTransfer(_("Nobody gives points to himself."))
    portions = spending.consumable(residents=[giver, taker], moment=moment)[giver]
    chosen = spending.choose_all(portions, amount)
    draft = Draft()
    why = spending.reason_of(draft, purpose=purpose, entry=entry, moment=moment, effect_no=effect_no)
    place = draft.post(Code.TRANSFER, wallet(giver), wallet(taker), amount, why)
    arrived = move(draft, place, chosen)
    stock.settle_debts(draft, {taker: arrived}, moment)
    return draft.write()[place]


def move(draft: Draft, place: int, chosen: Sequence[tuple[Portion, int]]) -> list[Portion]:
    """Take the chosen parts and open a lot of the same terms for each, by the posting at ``place``."""
    arrived = []
    for portion, part in chosen:
        draft.take(place, portion, part)
        arrived.append(
            draft.open_lot(
                place, part, expires_at=portion.expires_at, priority=portion.priority,
                spendable_from=portion.spendable_from,
            )
        )  # fmt: skip
    return arrived
