"""Purchase and invitation: the way from the first test drive to the car, the next car and its resale."""

from __future__ import annotations

from typing import Annotated

from .declare import Device, Flag, Money, Payment, Person, Reversal, Word, kind

Order = Annotated[str, Word("The order", "订单")]
Model = Annotated[str, Word("The model", "车型")]
Vehicle = Annotated[str, Word("The vehicle", "车辆")]
Plan = Annotated[str, Word("The plan", "计划", "energy", "service")]


@kind(300, "Invitation accepted", "接受邀请", rows=("B-19", "B-20", "K-11"), fact=True)
class InvitationAccepted:
    """The resident is the invited. One inviter per buyer, never oneself, before the order: identity decides."""

    inviter: Annotated[int, Person("The inviter", "邀请人")]
    code: Annotated[str | None, Word("The invitation code", "邀请码")] = None
    device: Device = None


@kind(301, "Invitation withdrawn", "邀请撤销", rows=("B-20",), reverses=InvitationAccepted, fact=True)
class InvitationWithdrawn(Reversal):
    pass


@kind(302, "Test drive taken", "完成试驾", rows=("B-21", "B-56", "K-11"))
class TestDriveTaken:
    """The resident is who drove. Who invited him stands in identity; ``invited_by`` is for sources that know it."""

    __test__ = False

    drive: Annotated[str, Word("The test drive", "试驾单")]
    model: Annotated[str | None, Word("The model", "车型")] = None
    invited_by: Annotated[int | None, Person("Who invited", "邀请人")] = None


@kind(303, "Test drive withdrawn", "试驾撤销", rows=("B-21", "B-56"), reverses=TestDriveTaken)
class TestDriveWithdrawn(Reversal):
    __test__ = False


@kind(304, "Deposit paid", "支付意向金/定金", rows=("D-02",), fact=True)
class DepositPaid:
    order: Order
    stage: Annotated[str, Word("Intention money or deposit", "意向金或定金", "intention", "deposit")]
    amount: Annotated[int | None, Money("Amount", "金额")] = None
    currency: Annotated[str | None, Word("Currency", "币种")] = None
    payment: Payment = None


@kind(305, "Deposit refunded", "意向金/定金退款", rows=("D-02",), reverses=DepositPaid, fact=True)
class DepositRefunded(Reversal):
    pass


@kind(306, "Order placed", "下单购车", rows=("B-20", "K-11"), fact=True)
class OrderPlaced:
    order: Order
    model: Annotated[str | None, Word("The model", "车型")] = None
    device: Device = None
    payment: Payment = None


@kind(307, "Order cancelled", "取消订单", rows=("B-20",), reverses=OrderPlaced, fact=True)
class OrderCancelled(Reversal):
    pass


@kind(
    308, "Vehicle delivered", "提车", rows=("B-18", "B-19", "B-22", "B-23", "B-24", "B-55", "D-03", "D-15"), fact=True
)
class VehicleDelivered:
    """``channel``: a new car, a used one through the official channel, or a further car of the same owner."""

    model: Model
    vehicle: Vehicle
    founder_edition: Annotated[bool, Flag("Founder edition", "创始版")]
    channel: Annotated[str, Word("How it was bought", "购买方式", "new", "used", "repurchase")]
    order: Annotated[str | None, Word("The order", "订单")] = None


@kind(309, "Delivery cancelled", "退车", rows=("B-18", "B-19", "D-03"), reverses=VehicleDelivered, fact=True)
class DeliveryCancelled(Reversal):
    pass


@kind(310, "Vehicle resold", "转售车辆", rows=("D-03", "B-24"), fact=True)
class VehicleResold:
    """The resident is the seller; the buyer's side is a delivery with ``channel`` used."""

    vehicle: Vehicle
    official: Annotated[bool, Flag("Through the official channel", "经官方渠道")]


@kind(311, "Resale cancelled", "转售撤销", rows=("D-03",), reverses=VehicleResold, fact=True)
class ResaleCancelled(Reversal):
    pass


@kind(312, "Vehicle bought back", "官方回购", rows=("B-25",), fact=True)
class VehicleBoughtBack:
    vehicle: Vehicle
    amount: Annotated[int | None, Money("Amount", "金额")] = None
    currency: Annotated[str | None, Word("Currency", "币种")] = None


@kind(313, "Buy-back cancelled", "回购撤销", rows=("B-25",), reverses=VehicleBoughtBack, fact=True)
class BuyBackCancelled(Reversal):
    pass


@kind(314, "Plan started", "计划生效", rows=("B-31", "B-32"), fact=True)
class PlanStarted:
    plan: Plan


@kind(315, "Plan start cancelled", "计划生效撤销", rows=("B-31",), reverses=PlanStarted, fact=True)
class PlanStartCancelled(Reversal):
    pass


@kind(316, "Plan ended", "计划结束", rows=("B-31", "B-32"), fact=True)
class PlanEnded:
    plan: Plan


@kind(317, "Plan end cancelled", "计划结束撤销", rows=("B-31",), reverses=PlanEnded, fact=True)
class PlanEndCancelled(Reversal):
    pass


@kind(318, "Referral confirmed", "转介绍确认", rows=("B-57", "B-22", "K-11"))
class ReferralConfirmed:
    """The resident is the referrer."""

    referred: Annotated[int, Person("Who was referred", "被介绍人")]
    stage: Annotated[str, Word("How far it led", "达成阶段", "registration", "test_drive", "order", "delivery")]


@kind(319, "Referral withdrawn", "转介绍撤销", rows=("B-57",), reverses=ReferralConfirmed)
class ReferralWithdrawn(Reversal):
    pass
