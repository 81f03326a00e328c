"""Car use: what owners do with the car and with the services around it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from .declare import Day, Flag, Number, Reversal, Word, kind

Repair = Annotated[str, Word("The repair", "维修单")]
Days = Annotated[int, Number("Full days", "整天数", 366, unit="days")]
Pile = Annotated[str, Word("The pile", "充电桩")]
Energy = Annotated[int, Number("Energy", "电量", 1_000_000, unit="watt hours")]
Proof = Annotated[str, Word("The proof", "凭证")]


@kind(100, "In-car task completed", "完成车机任务", rows=("B-15",))
class InCarTaskCompleted:
    task: Annotated[str, Word("The task", "任务")]
    function: Annotated[str, Word("The function it introduces", "任务引导的功能")]
    proof: Proof


@kind(101, "In-car task withdrawn", "车机任务撤销", rows=("B-15",), reverses=InCarTaskCompleted)
class InCarTaskWithdrawn(Reversal):
    pass


@kind(102, "Loaner declined", "不使用代步车", rows=("B-16", "G-08"))
class LoanerDeclined:
    """One per repair, when it ends: the full days on which the loaner was declined. Days of use are not among them."""

    repair: Repair
    full_days: Days
    entitled: Annotated[bool, Flag("Entitled to a loaner", "有权使用代步车")]


@kind(103, "Declined loaner withdrawn", "不使用代步车撤销", rows=("B-16",), reverses=LoanerDeclined)
class LoanerDeclineWithdrawn(Reversal):
    pass


@kind(104, "Loaner used", "使用代步车", rows=("B-16", "G-08"))
class LoanerUsed:
    repair: Repair
    full_days: Days


@kind(105, "Loaner use withdrawn", "使用代步车撤销", rows=("B-16",), reverses=LoanerUsed)
class LoanerUseWithdrawn(Reversal):
    pass


@kind(106, "Loaner not available", "代步车不足", rows=("B-17", "G-08"))
class LoanerUnavailable:
    repair: Repair
    full_days: Days
    entitled: Annotated[bool, Flag("Entitled to a loaner", "有权使用代步车")]


@kind(107, "Loaner shortage withdrawn", "代步车不足撤销", rows=("B-17",), reverses=LoanerUnavailable)
class LoanerShortageWithdrawn(Reversal):
    pass


@kind(108, "Recommendation shown", "展示补能推荐", rows=("B-26",))
class RecommendationShown:
    recommendation: Annotated[str, Word("The recommendation", "推荐")]
    station: Annotated[str, Word("The recommended station", "推荐站点")]


@kind(109, "Recommendation accepted", "接受补能推荐", rows=("B-26",))
class RecommendationAccepted:
    """Recorded when the recommended station was really used: ``session`` is that use."""

    recommendation: Annotated[str, Word("The recommendation", "推荐")]
    station: Annotated[str, Word("The recommended station", "推荐站点")]
    session: Annotated[str, Word("The charging or swap session", "充电或换电记录")]


@kind(110, "Accepted recommendation withdrawn", "接受推荐撤销", rows=("B-26",), reverses=RecommendationAccepted)
class RecommendationWithdrawn(Reversal):
    pass


@kind(111, "Map correction verified", "充电地图修正核实", rows=("B-27", "B-58", "B-59"))
class MapCorrectionVerified:
    place: Annotated[str, Word("The place on the map", "地图条目")]
    correction: Annotated[
        str, Word("What was corrected", "修正内容", "new_pile", "broken_pile", "price", "opening_hours", "position")
    ]
    verified_by: Annotated[str, Word("Who verified it", "核实人")]


@kind(112, "Map correction withdrawn", "充电地图修正撤销", rows=("B-27",), reverses=MapCorrectionVerified)
class MapCorrectionWithdrawn(Reversal):
    pass


@kind(113, "Meter installed", "自行报装电表", rows=("B-28",))
class MeterInstalled:
    """``address`` is a salted hash: once per address, without the address."""

    address: Annotated[str, Word("Salted hash of the address", "地址的加盐哈希")]
    verified_by: Annotated[str, Word("Who verified it", "核实人")]


@kind(114, "Meter installation withdrawn", "报装电表撤销", rows=("B-28",), reverses=MeterInstalled)
class MeterInstallationWithdrawn(Reversal):
    pass


@kind(115, "Own pile used", "使用专属充电桩", rows=("B-29",))
class OwnPileUsed:
    pile: Pile
    energy: Energy


@kind(116, "Own pile session withdrawn", "专属桩充电撤销", rows=("B-29",), reverses=OwnPileUsed)
class OwnPileSessionWithdrawn(Reversal):
    pass


@kind(117, "Unconnected public pile used", "使用未接入的公共桩", rows=("B-30", "N-11"))
class UnconnectedPileUsed:
    """A proven session at a public pile the city is not connected to; ``pile`` becomes a candidate for the map."""

    pile: Pile
    energy: Energy
    proof: Proof


@kind(118, "Unconnected pile session withdrawn", "未接入桩充电撤销", rows=("B-30",), reverses=UnconnectedPileUsed)
class UnconnectedPileSessionWithdrawn(Reversal):
    pass


@kind(119, "Energy service used", "使用加电服务", rows=("B-31", "G-11", "G-16"))
class EnergyServiceUsed:
    """What the energy plan's own points are for. Whether the plan was held at that moment is the rule's question."""

    service: Annotated[str, Word("The service", "服务", "swap", "charging", "valet_charging", "mobile_charging")]
    order: Annotated[str, Word("The order", "订单")]
    energy: Energy


@kind(120, "Energy service cancelled", "加电服务取消", rows=("B-31",), reverses=EnergyServiceUsed)
class EnergyServiceCancelled(Reversal):
    pass


@kind(121, "Service plan renewed", "续购服务无忧", rows=("B-32",))
class ServicePlanRenewed:
    """``claims_last_year``: claims in the policy year before the renewal; nobody guesses a missing one."""

    plan: Annotated[str, Word("The plan", "计划", "service")]
    policy: Annotated[str, Word("The policy", "保单")]
    claims_last_year: Annotated[int, Number("Claims in the year before", "上一年出险次数", 1_000, unit="claims")]
    begins_on: Annotated[date | None, Day("First day of the new term", "新一期首日")] = None


@kind(122, "Service plan renewal cancelled", "续购服务无忧取消", rows=("B-32",), reverses=ServicePlanRenewed)
class ServicePlanRenewalCancelled(Reversal):
    pass
