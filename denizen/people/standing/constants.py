"""Numbers, titles and label rules of standing."""

from __future__ import annotations

from dataclasses import dataclass

from denizen.ground.chronicle.kinds import cocreation
from denizen.ground.chronicle.kinds.declare import kind_of

CONTRIBUTION_CLASSES = ("interaction", "development", "efficiency", "special")
"""The four classes in the order of every profile and of every column (B-49)."""

CLASS_TITLES = {
    "interaction": ("Community interaction", "社区互动"),
    "development": ("Community development", "社区发展"),
    "efficiency": ("Efficiency gain", "效率提升"),
    "special": ("Special contribution", "特殊贡献"),
}
"""Title of each class in English and Chinese."""

SHARES_WHOLE = 1_000
"""Shares of a profile are permille and sum to this whenever there is any contribution."""

RANKING_PAGE_MAX = 200
"""The most lines one page of the ranking gives."""

YEARLY_PLACES = 120
"""How many the yearly list admits (C-05), where the caller names no other number."""

YEARLY_PLACES_MAX = 10_000
YEARS = range(2000, 2200)

FINDINGS_MAX = 100
"""A proof names this many differences of a kind and then stops: one is already too many."""


@dataclass(frozen=True, slots=True)
class LabelRule:
    """A label earned by standing deeds of one kind about ``threshold`` different subjects.

    ``subject``: the field of the payload that says what the deed was about. ``undone_by``: the kind that undoes a deed.
    """

    code: str
    kind: str
    undone_by: str
    subject: str
    threshold: int
    title_en: str
    title_zh: str
    ground_en: str
    ground_zh: str


LABEL_RULES = (
    LabelRule(
        code="volunteer",
        kind=kind_of(cocreation.VolunteerServiceConfirmed).code,
        undone_by=kind_of(cocreation.VolunteerServiceWithdrawn).code,
        subject="service",
        threshold=3,
        title_en="Volunteer",
        title_zh="志愿者",
        ground_en="Third confirmed volunteer service",
        ground_zh="第三次经确认的志愿服务",
    ),
)
"""Labels earned by deeds (D-17). Grades and their crowns are identity's."""

LABEL_RULE_BY_CODE = {rule.code: rule for rule in LABEL_RULES}

HONOUR_TITLE_LENGTH_MAX = 120
HONOUR_REASON_LENGTH_MAX = 1_000
