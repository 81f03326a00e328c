"""Words and numbers of identity."""

from denizen.ground.identity.constants.facts import (
    DEPOSIT_PLAN,
    ENDING_FACTS,
    FACT_BY_KIND,
    REASON_BY_KIND,
    SINCE_EVER,
    FactKind,
    Grade,
)
from denizen.ground.identity.constants.rights import (
    MARK_TITLES,
    NOTICE_TITLES,
    RIGHT_TITLES,
    Mark,
    Notice,
    Right,
    Title,
)
from denizen.ground.identity.constants.staff import HOUSE, ActCode, House, Permission

__all__ = [
    "DEPOSIT_PLAN",
    "ENDING_FACTS",
    "FACT_BY_KIND",
    "HOUSE",
    "MARK_TITLES",
    "NOTICE_TITLES",
    "REASON_BY_KIND",
    "RIGHT_TITLES",
    "SINCE_EVER",
    "ActCode",
    "FactKind",
    "Grade",
    "House",
    "Mark",
    "Notice",
    "Permission",
    "Right",
    "Title",
]
