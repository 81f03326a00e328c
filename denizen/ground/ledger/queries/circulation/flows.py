"""What a posting of points does to circulation. Every route has one word; one that nobody named shows as *other*."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from denizen.ground.ledger.constants import CONTRIBUTION_SYSTEM_MIN, POINTS_EXPIRED, POINTS_MINT, POINTS_REDEEMED, Code


class Flow(StrEnum):
    """Words for the routes of points, in the order of a statement."""

    AWARD = "award"  # a rule gave
    GOODWILL = "goodwill"  # a colleague gave
    CORRECTION_UP = "correction_up"  # a correction gave, or one that took was undone
    SPEND = "spend"
    REFUND = "refund"  # a spend came back
    EXPIRE = "expire"
    UNEXPIRE = "unexpire"  # expired at the taker of a gift, which was undone: back to the giver
    REVERSE = "reverse"  # an issue was undone out of the wallet
    REVERSE_EXPIRED = "reverse_expired"  # an issue was undone that had already expired
    CLAW_BACK = "claw_back"  # an issue was undone that had already been spent: it stands as debt
    CORRECTION_DOWN = "correction_down"
    CORRECTION_OWED = "correction_owed"  # a correction took what was not there: it stands as debt
    GIFT = "gift"
    GIFT_UNDONE = "gift_undone"
    GIFT_OWED = "gift_owed"  # a gift was undone that the taker had spent: the giver has it, the taker owes it
    REPAY = "repay"  # points settle debt
    FUND = "fund"  # into an envelope
    UNFUND = "unfund"
    OTHER = "other"


WALLET_SIDE = "({0} >= 8000 AND {0} %% 8 = 0)"
DEBT_SIDE = "({0} >= 8000 AND {0} %% 8 = 1)"
SYSTEM_SIDE = f"({{0}} < {CONTRIBUTION_SYSTEM_MIN})"

DEBIT, CREDIT = "posting.debit_id", "posting.credit_id"
POINTS_ONLY = (
    f"({SYSTEM_SIDE.format(DEBIT)} OR ({DEBIT} >= 8000 AND {DEBIT} %% 8 <= 1))"
    f" AND ({SYSTEM_SIDE.format(CREDIT)} OR ({CREDIT} >= 8000 AND {CREDIT} %% 8 <= 1))"
)
"""Of a posting's two sides both are points, or neither is: the database holds that."""

INWARD = f"{SYSTEM_SIDE.format(DEBIT)} AND {WALLET_SIDE.format(CREDIT)}"
OUTWARD = f"{WALLET_SIDE.format(DEBIT)} AND {SYSTEM_SIDE.format(CREDIT)}"
OWED = f"{DEBT_SIDE.format(DEBIT)} AND {SYSTEM_SIDE.format(CREDIT)}"
BETWEEN = f"{WALLET_SIDE.format(DEBIT)} AND {WALLET_SIDE.format(CREDIT)}"


def _when(condition: str, flow: Flow) -> str:
    return f"WHEN {condition} THEN '{flow}'"


FLOW_SQL = "CASE {} ELSE '{}' END".format(
    " ".join(
        (
            _when(f"posting.code = {Code.AWARD.value} AND {INWARD}", Flow.AWARD),
            _when(f"posting.code = {Code.SPEND.value} AND {OUTWARD}", Flow.SPEND),
            _when(f"posting.code = {Code.EXPIRE.value} AND {OUTWARD}", Flow.EXPIRE),
            _when(f"posting.code = {Code.GOODWILL.value} AND {INWARD}", Flow.GOODWILL),
            _when(f"posting.code = {Code.CORRECTION.value} AND {INWARD}", Flow.CORRECTION_UP),
            _when(f"posting.code = {Code.CORRECTION.value} AND {OUTWARD}", Flow.CORRECTION_DOWN),
            _when(f"posting.code = {Code.CORRECTION.value} AND {OWED}", Flow.CORRECTION_OWED),
            _when(f"posting.code = {Code.REFUND.value} AND {INWARD} AND {DEBIT} = {POINTS_REDEEMED}", Flow.REFUND),
            _when(f"posting.code = {Code.REFUND.value} AND {INWARD}", Flow.CORRECTION_UP),
            _when(f"posting.code = {Code.REVERSE.value} AND {INWARD} AND {DEBIT} = {POINTS_EXPIRED}", Flow.UNEXPIRE),
            _when(f"posting.code = {Code.REVERSE.value} AND {OUTWARD}", Flow.REVERSE),
            _when(f"posting.code = {Code.REVERSE.value} AND {DEBIT} = {POINTS_EXPIRED}", Flow.REVERSE_EXPIRED),
            _when(f"posting.code = {Code.CLAW_BACK.value} AND {OWED}", Flow.CLAW_BACK),
            _when(f"posting.code = {Code.TRANSFER.value} AND {BETWEEN}", Flow.GIFT),
            _when(f"posting.code = {Code.REVERSE.value} AND {BETWEEN}", Flow.GIFT_UNDONE),
            _when(f"posting.code = {Code.CLAW_BACK.value} AND {WALLET_SIDE.format(CREDIT)}", Flow.GIFT_OWED),
            _when(f"posting.code = {Code.REPAY.value}", Flow.REPAY),
            _when(f"posting.code = {Code.FUND.value}", Flow.FUND),
            _when(f"posting.code = {Code.REVERSE.value} AND {CREDIT} = {POINTS_MINT}", Flow.UNFUND),
        )
    ),
    Flow.OTHER,
)

ACCOUNT_SQL = (
    f"CASE WHEN {CREDIT} = {POINTS_MINT} THEN {DEBIT} WHEN {CREDIT} < {CONTRIBUTION_SYSTEM_MIN} THEN {CREDIT}"
    f" WHEN {DEBIT} < {CONTRIBUTION_SYSTEM_MIN} THEN {DEBIT} ELSE 0 END"
)
"""The system's side of a posting (an envelope, *redeemed*, *expired*); 0 between residents."""

RESIDENT_SQL = f"CASE WHEN {CREDIT} >= 8000 THEN {CREDIT} / 8 WHEN {DEBIT} >= 8000 THEN {DEBIT} / 8 END"

ISSUES = (Flow.AWARD, Flow.GOODWILL, Flow.CORRECTION_UP)

WALLET: Mapping[Flow, int] = {
    **dict.fromkeys((*ISSUES, Flow.REFUND, Flow.UNEXPIRE, Flow.GIFT_OWED), 1),
    **dict.fromkeys((Flow.SPEND, Flow.EXPIRE, Flow.REVERSE, Flow.CORRECTION_DOWN, Flow.REPAY), -1),
}
"""What a flow adds to the points residents hold."""

DEBT: Mapping[Flow, int] = {
    **dict.fromkeys((Flow.CLAW_BACK, Flow.CORRECTION_OWED, Flow.GIFT_OWED), 1),
    Flow.REPAY: -1,
}
"""What a flow adds to the points residents owe."""

WORTH: Mapping[Flow, int] = {
    flow: WALLET.get(flow, 0) - DEBT.get(flow, 0) for flow in Flow if WALLET.get(flow, 0) != DEBT.get(flow, 0)
}
"""What a flow adds to what residents hold less what they owe."""
