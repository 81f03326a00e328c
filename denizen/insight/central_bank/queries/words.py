"""Words a figure carries with it, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from denizen.ground.ledger.queries.circulation import Flow


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and simplified Chinese."""

    en: str
    zh: str


FLOW_TITLES: Mapping[Flow, Text] = {
    Flow.AWARD: Text("Award", "奖励"),
    Flow.GOODWILL: Text("Given by a colleague", "同事发放"),
    Flow.CORRECTION_UP: Text("Correction, more", "更正增加"),
    Flow.SPEND: Text("Spent", "消费"),
    Flow.REFUND: Text("Refunded", "退款"),
    Flow.EXPIRE: Text("Expired", "过期"),
    Flow.UNEXPIRE: Text("Expiry undone", "撤销过期"),
    Flow.REVERSE: Text("Taken back", "收回"),
    Flow.REVERSE_EXPIRED: Text("Taken back after it expired", "过期后收回"),
    Flow.CLAW_BACK: Text("Taken back as debt", "收回记为欠分"),
    Flow.CORRECTION_DOWN: Text("Correction, less", "更正扣减"),
    Flow.CORRECTION_OWED: Text("Correction, as debt", "更正记为欠分"),
    Flow.GIFT: Text("Gift", "赠送"),
    Flow.GIFT_UNDONE: Text("Gift undone", "撤销赠送"),
    Flow.GIFT_OWED: Text("Gift undone, as debt", "撤销赠送记为欠分"),
    Flow.REPAY: Text("Debt repaid", "偿还欠分"),
    Flow.FUND: Text("Put into an envelope", "拨入额度"),
    Flow.UNFUND: Text("Taken out of an envelope", "从额度收回"),
    Flow.OTHER: Text("Unnamed", "未命名"),
}
