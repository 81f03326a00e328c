"""Desk: what members of the staff do for a resident with a reason of their own."""

from __future__ import annotations

from typing import Annotated

from .declare import Number, Reversal, Word, kind


@kind(700, "Surprise granted", "惊喜关怀", rows=("B-34",))
class SurpriseGranted:
    """``grant`` is the desk's record, which holds the human reason in words; here stands only its class."""

    grant: Annotated[str, Word("The desk's record with the reason", "含原因的工作台记录")]
    reason: Annotated[
        str, Word("Class of the reason", "原因类别", "thanks", "apology", "celebration", "comfort", "other")
    ]
    points: Annotated[int, Number("Points", "积分", 1_000_000, minimum=1, unit="points")]
    granted_by: Annotated[str, Word("Who granted it", "发放人")]


@kind(701, "Surprise withdrawn", "惊喜关怀撤销", rows=("B-34",), reverses=SurpriseGranted)
class SurpriseWithdrawn(Reversal):
    pass
