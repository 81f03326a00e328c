"""Co-creation and contribution: special contribution and gains of efficiency."""

from __future__ import annotations

from typing import Annotated

from .declare import Number, Reversal, Word, kind

Saving = Annotated[int, Number("Measured saving", "可计量的节约", 1_000_000_000)]
Unit = Annotated[
    str, Word("Unit of the saving", "节约的单位", "seconds", "minor_units", "metres", "watt_hours", "contacts", "uses")
]
ConfirmedBy = Annotated[str, Word("Who confirmed it", "确认人")]


@kind(400, "Volunteer service confirmed", "志愿服务确认", rows=("B-60", "D-17", "C-11"))
class VolunteerServiceConfirmed:
    service: Annotated[str, Word("The service", "服务")]
    event: Annotated[str, Word("The event", "活动")]
    place: Annotated[str, Word("The place", "地点")]
    days: Annotated[int, Number("Days of service", "服务天数", 366, minimum=1, unit="days")]
    confirmed_by: ConfirmedBy


@kind(401, "Volunteer service withdrawn", "志愿服务撤销", rows=("B-60", "D-17"), reverses=VolunteerServiceConfirmed)
class VolunteerServiceWithdrawn(Reversal):
    pass


@kind(402, "Co-creation act confirmed", "共创行为确认", rows=("B-61", "L-10", "L-16"))
class CocreationActConfirmed:
    """``act`` is a key of the rule book's table of acts (idea, trial, feedback, adopted …): no list in the code."""

    act: Annotated[str, Word("Type of act", "共创行为类型")]
    project: Annotated[str, Word("The project", "共创项目")]
    confirmed_by: ConfirmedBy


@kind(403, "Co-creation act withdrawn", "共创行为撤销", rows=("B-61",), reverses=CocreationActConfirmed)
class CocreationActWithdrawn(Reversal):
    pass


@kind(404, "Service made more efficient", "提升服务效率", rows=("B-58",))
class ServiceEfficiencyGained:
    """``act`` is a key of the rule book's list (off-peak booking, self-service …)."""

    act: Annotated[str, Word("Type of act", "行为类型")]
    saving: Saving
    unit: Unit


@kind(405, "Service efficiency withdrawn", "服务效率撤销", rows=("B-58",), reverses=ServiceEfficiencyGained)
class ServiceEfficiencyWithdrawn(Reversal):
    pass


@kind(406, "Public travel made more efficient", "提升社会出行效率", rows=("B-59", "N-10"))
class TravelEfficiencyGained:
    """``act`` is a key of the rule book's list (shared private pile, map entry …)."""

    act: Annotated[str, Word("Type of act", "行为类型")]
    saving: Saving
    unit: Unit


@kind(407, "Travel efficiency withdrawn", "社会出行效率撤销", rows=("B-59",), reverses=TravelEfficiencyGained)
class TravelEfficiencyWithdrawn(Reversal):
    pass
