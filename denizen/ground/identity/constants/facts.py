"""What happened to a person's standing as a customer, and the grades folded from it."""

from __future__ import annotations

from enum import StrEnum

from denizen.ground.identity.constants.rights import Title


class Grade(StrEnum):
    """What a resident is to the brand. Who is nothing else is a fan (D-01)."""

    FAN = "fan"
    DEPOSITOR = "depositor"
    OWNER = "owner"
    FOUNDER_OWNER = "founder_owner"
    FORMER_OWNER = "former_owner"


class FactKind(StrEnum):
    """The facts that grades, plans and invitations are folded from."""

    INVITED = "invited"
    DEPOSIT = "deposit"
    ORDER = "order"
    DELIVERY = "delivery"
    RESALE = "resale"
    BUY_BACK = "buy_back"
    PLAN_START = "plan_start"
    PLAN_END = "plan_end"
    UNDONE = "undone"


FACT_BY_KIND: dict[str, FactKind] = {
    "invitation_accepted": FactKind.INVITED,
    "invitation_withdrawn": FactKind.UNDONE,
    "deposit_paid": FactKind.DEPOSIT,
    "deposit_refunded": FactKind.UNDONE,
    "order_placed": FactKind.ORDER,
    "order_cancelled": FactKind.UNDONE,
    "vehicle_delivered": FactKind.DELIVERY,
    "delivery_cancelled": FactKind.UNDONE,
    "vehicle_resold": FactKind.RESALE,
    "resale_cancelled": FactKind.UNDONE,
    "vehicle_bought_back": FactKind.BUY_BACK,
    "buy_back_cancelled": FactKind.UNDONE,
    "plan_started": FactKind.PLAN_START,
    "plan_start_cancelled": FactKind.UNDONE,
    "plan_ended": FactKind.PLAN_END,
    "plan_end_cancelled": FactKind.UNDONE,
}
"""Which kinds of the chronicle are facts, and which fact. Identity's only table of the chronicle's vocabulary."""

ENDING_FACTS = frozenset({FactKind.RESALE, FactKind.BUY_BACK, FactKind.PLAN_END})
"""At one and the same moment what begins is folded before what ends."""

DEPOSIT_PLAN = "deposit"
"""The plan under which an open deposit is kept."""

REASON_BY_KIND: dict[str, Title] = {
    "deposit_paid": Title("You paid a deposit.", "你支付了意向金或定金。"),
    "deposit_refunded": Title("Your deposit was refunded.", "你的意向金或定金已退款。"),
    "vehicle_delivered": Title("You took delivery of a vehicle.", "你已提车。"),
    "delivery_cancelled": Title("A delivery was cancelled.", "一次交付已取消。"),
    "vehicle_resold": Title("You resold your vehicle.", "你转售了车辆。"),
    "resale_cancelled": Title("A resale was cancelled.", "一次转售已撤销。"),
    "vehicle_bought_back": Title("Your vehicle was bought back.", "你的车辆已由官方回购。"),
    "buy_back_cancelled": Title("A buy-back was cancelled.", "一次回购已撤销。"),
    "plan_started": Title("Your plan started.", "你的计划已生效。"),
    "plan_start_cancelled": Title("The start of a plan was cancelled.", "一项计划的生效已撤销。"),
    "plan_end_cancelled": Title("The end of a plan was cancelled.", "一项计划的结束已撤销。"),
}
"""Why a range of grade or plan began, said to the resident himself."""

SINCE_EVER = Title("You belong to the community.", "你是社区的一员。")
