"""Activities and contests."""

from __future__ import annotations

from typing import Annotated

from .declare import Number, Reversal, Word, kind

Activity = Annotated[str, Word("The activity", "活动")]
Direction = Annotated[str, Word("Output outward or inward", "对外或对内输出", "outward", "inward")]


@kind(500, "Activity signed up", "活动报名", rows=("B-53",))
class ActivitySignedUp:
    """Kept beside attendance, because contribution is for attending and never for signing up."""

    activity: Activity


@kind(501, "Sign-up cancelled", "取消报名", rows=("B-53",), reverses=ActivitySignedUp)
class SignUpCancelled(Reversal):
    pass


@kind(502, "Activity attended", "参与活动", rows=("B-53", "B-71"))
class ActivityAttended:
    activity: Activity
    direction: Direction


@kind(503, "Attendance withdrawn", "参与活动撤销", rows=("B-53",), reverses=ActivityAttended)
class AttendanceWithdrawn(Reversal):
    pass


@kind(504, "Activity organised", "组织活动", rows=("B-54",))
class ActivityOrganised:
    """One per organiser, recorded once the activity was held."""

    activity: Activity
    direction: Direction
    attendees: Annotated[int, Number("Attendees", "参与人数", 1_000_000)]


@kind(505, "Organising withdrawn", "组织活动撤销", rows=("B-54",), reverses=ActivityOrganised)
class OrganisingWithdrawn(Reversal):
    pass


@kind(506, "Contest week won", "每周冠军", rows=("B-35",))
class ContestWeekWon:
    contest: Annotated[str, Word("The contest", "比赛")]
    week: Annotated[int, Number("Week of the contest", "第几周", 520, minimum=1)]
    score: Annotated[int | None, Number("Recorded score", "记录成绩", 1_000_000_000_000)] = None


@kind(507, "Contest week annulled", "每周冠军撤销", rows=("B-35",), reverses=ContestWeekWon)
class ContestWeekAnnulled(Reversal):
    pass
