"""Looking at unusual grants afterwards: intention first, then practice, then the lesson (A-31, P-09)."""

from __future__ import annotations

from datetime import datetime

from denizen.ground.identity.commands import note_act
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.ground.identity.queries import is_own_matter
from denizen.ground.ledger.queries import reasons_of
from denizen.insight.central_bank.commands.acting import acting_for
from denizen.insight.central_bank.models import GrantReview
from denizen.insight.central_bank.queries.grants import granted_to
from denizen.kit import db
from denizen.kit.explained import Explained

LESSON_LENGTH_MIN = 10


class UnableToReview(Explained):
    """No such grant, looked at already, one's own, or no lesson."""

    sentences = {
        "unknown": {"en": "There is no such grant.", "zh": "没有这笔发放。"},
        "reviewed": {
            "en": "This grant has been looked at already; what was found stands.",
            "zh": "这笔发放已经复盘过，结论保留。",
        },
        "own": {
            "en": "Nobody judges what he gave or was given himself: ask a colleague.",
            "zh": "不能评判自己发放或收到的积分：请同事复盘。",
        },
        "lesson": {
            "en": "Say what others can learn from it, in a sentence.",
            "zh": "请用一句话写下别人能从中学到什么。",
        },
    }


def review_grant(
    *, actor: Staff, posting: int, meant_well: bool, fitting: bool, lesson: str, moment: datetime
) -> GrantReview:
    """Record what was found about a grant; nothing is blocked or taken back by it.

    Needs the permit ``bank.read`` and an open transaction. Raises ``UnableToReview``, ``UnableToAct``.
    """
    db.required()
    department = acting_for(actor, Permission.BANK_READ, moment)
    resident = granted_to(posting)
    if resident is None:
        raise UnableToReview("unknown")
    reason = reasons_of([posting]).get(posting)
    if is_own_matter(actor, [resident]) or (reason is not None and reason.staff == actor.pk):
        raise UnableToReview("own")
    if len(lesson.strip()) < LESSON_LENGTH_MIN:
        raise UnableToReview("lesson")
    made, fresh = GrantReview.objects.get_or_create(
        posting_id=posting,
        defaults={
            "meant_well": meant_well, "fitting": fitting, "lesson": lesson.strip(), "staff": actor,
            "department": department, "reviewed_at": moment,
        },
    )  # fmt: skip
    if not fresh:
        raise UnableToReview("reviewed")
    note_act(
        actor=actor, act="grant.reviewed", subject_kind="posting", subject_id=str(posting),
        details={"meant_well": meant_well, "fitting": fitting}, moment=moment,
    )  # fmt: skip
    return made
