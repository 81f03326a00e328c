"""Spending and refunding points. A refund walks back the recorded uses; it is never computed anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.ledger.commands import journal, stock
from denizen.ground.ledger.commands.draft import Draft, Why
from denizen.ground.ledger.commands.expiry import expire_locked
from denizen.ground.ledger.constants import GRACE_DAYS, POINTS_REDEEMED, Code, owner, wallet
from denizen.ground.ledger.models import Posting
from denizen.ground.ledger.rules import Portion, choose, walk_back
from denizen.kit.clock import to_micros


class UnableToSpend(ValueError):
    """Fewer points are available (unexpired, spendable, unreserved) than wanted."""

    def __init__(self, available: int, wanted: int) -> None:
        super().__init__(
            _("%(available)d points are available, %(wanted)d are wanted.") % {"available": available, "wanted": wanted}
        )
        self.available = available
        self.wanted = wanted


class UnableToRefund(ValueError):
    """The posting is not a spend, or less of it is left to refund than asked."""


def spend(
    *,
    resident: int,
    amount: int,
    purpose: str,
    entry: int,
    moment: datetime,
    lots: Collection[int] | None = None,
    effect_no: int = 0,
) -> int:
    """Spend exactly ``amount`` points of ``resident``; how many is the caller's choice. Returns the posting's id.

    Consumes by priority, then what expires first, then age; ``lots`` narrows the choice to these lots. Debt does not
    stop a resident from spending what he has. Raises ``UnableToSpend``. Rows B-36, B-41.
    """
    portions = consumable(residents=[resident], moment=moment)[resident]
    if lots is not None:
        portions = [portion for portion in portions if portion.id in lots]
    chosen = choose_all(portions, amount)
    draft = Draft()
    why = reason_of(draft, purpose=purpose, entry=entry, moment=moment, effect_no=effect_no)
    place = draft.post(Code.SPEND, wallet(resident), POINTS_REDEEMED, amount, why)
    for portion, part in chosen:
        draft.take(place, portion, part)
    return draft.write()[place]


def refund(
    *,
    posting: int,
    moment: datetime,
    purpose: str,
    entry: int,
    amount: int | None = None,
    grace_days: int = GRACE_DAYS,
) -> int:
    """Give back ``amount`` points (by default all that is left) of a spend to the lots they came from, last used first.

    Points whose day has passed come back for ``grace_days`` and expire then. What comes back repays debt first. Never
    gives back more than was spent. Returns the posting's id; raises ``UnableToRefund``. Row B-36.
    """
    original = Posting.objects.filter(pk=posting, code=Code.SPEND).first()
    if original is None:
        raise UnableToRefund(_("This is not a payment in points."))
    resident = owner(original.debit_id)
    journal.lock([resident])
    expire_locked(residents=[resident], moment=moment)
    undone = stock.undone_of([posting]).get(posting, 0)
    left = original.amount - undone
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise UnableToRefund(
            _("%(left)d points are left to refund, %(wanted)d are asked for.") % {"left": left, "wanted": wanted}
        )
    draft = Draft()
    why = reason_of(draft, purpose=purpose, entry=entry, moment=moment)
    place = draft.post(Code.REFUND, original.credit_id, original.debit_id, wanted, why, reverses=posting)
    steps = walk_back(stock.uses_of([posting])[posting], undone, wanted)
    known = stock.lots_by_id(lot for lot, _ in steps)
    returned = stock.give_back(draft, place, steps, known, why.effective_at, grace_days)
    stock.settle_debts(draft, {resident: returned}, moment)
    return draft.write()[place]


def consumable(*, residents: Sequence[int], moment: datetime) -> dict[int, list[Portion]]:
    """Lock the wallets and read what can be spent of them at ``moment``, in consumption order."""
    journal.lock(residents)
    at = to_micros(moment)
    free = stock.free_lots(residents, moment)
    return {resident: [p for p in free.get(resident, []) if p.spendable(at)] for resident in residents}


def choose_all(portions: list[Portion], amount: int) -> list[tuple[Portion, int]]:
    """Portions that come to exactly ``amount``. Raises ``UnableToSpend``."""
    if amount <= 0:
        raise ValueError("an amount of points is at least 1")
    chosen = choose(portions, amount)
    available = sum(portion.free for portion in portions)
    if available < amount:
        raise UnableToSpend(available, amount)
    return chosen


def reason_of(draft: Draft, *, purpose: str, entry: int | None, moment: datetime, effect_no: int = 0) -> Why:
    """Why a command posts: effective when it is recorded. Numbering of its effects starts at ``effect_no``."""
    number = journal.purpose_ids([purpose])[purpose]
    if entry is not None:
        draft.effects[entry, number] = effect_no
    at = to_micros(moment)
    return Why(number, at, at, entry)
